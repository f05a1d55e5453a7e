import { as400 } from './as400.ts'
import { cms } from './cms.ts'
import { dls } from './dls.ts'
import { dos } from './dos.ts'
import { eplf } from './eplf.ts'
import { gcos } from './gcos.ts'
import { guardian } from './guardian.ts'
import { informationExchange } from './information-exchange.ts'
import { ka9q } from './ka9q.ts'
import type { ReadLine } from './listed.ts'
import { microRtos } from './micro-rtos.ts'
import { music } from './music.ts'
import { mvs } from './mvs.ts'
import { nameFirst } from './name-first.ts'
import { netware } from './netware.ts'
import { nosVe } from './nos-ve.ts'
import { os2 } from './os2.ts'
import { os9 } from './os9.ts'
import { anything, connectEnterprise, connectExpress } from './other.ts'
import { remarks } from './remarks.ts'
import { sizeFirst } from './size-first.ts'
import { stratus } from './stratus.ts'
import { tops20 } from './tops-20.ts'
import { tsxPlus } from './tsx-plus.ts'
import { unix, unixNumeric } from './unix.ts'
import { vms } from './vms.ts'
import { vse } from './vse.ts'

/** All readers of lines that are made of words, in the order in which they are asked: whose lines look like no other's come first. */
export const families: readonly ReadLine[] = [
  unix,
  eplf,
  dos,
  informationExchange,
  tsxPlus,
  remarks,
  netware,
  unixNumeric,
  as400,
  mvs,
  tops20,
  vms,
  os2,
  os9,
  cms,
  guardian,
  stratus,
  gcos,
  vse,
  microRtos,
  music,
  ka9q,
  nosVe,
  sizeFirst,
  nameFirst,
  connectEnterprise,
  connectExpress,
  dls,
  anything,
]
