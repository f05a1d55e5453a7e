import { dos } from './dos.ts'
import { eplf } from './eplf.ts'
import { facts } from './facts.ts'
import type { ReadLine } from './listed.ts'
import { unix, unixNumeric } from './unix.ts'

/** All readers of lines, in the order in which they are asked: whose lines look like no other's come first. */
export const families: readonly ReadLine[] = [unix, eplf, facts, dos, unixNumeric]
