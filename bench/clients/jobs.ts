import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { keepInodes, makeFile, type Ground } from '../ground.ts'
import type { Deed } from './client.ts'

/** How much is moved. */
export interface Amounts {
  readonly mebibytes: number
  readonly files: number
  readonly same: number
}

/** One thing that every client is asked to do, again and again. */
export interface Job {
  readonly name: string
  /** How it is told of in the table. */
  readonly words: string
  /** Makes what is moved. */
  prepare(ground: Ground): void
  /** What the client is asked, and what it finds. */
  deed(client: string, ground: Ground): Deed
  /** Makes sure that it was done, and undoes it. */
  finish(deed: Deed, ground: Ground): void
}

export type JobName = 'big' | 'small' | 'same'

/** All jobs of these names, each down and up. */
export function jobsOf(names: readonly JobName[], amounts: Amounts): readonly Job[] {
  const made: Readonly<Record<JobName, (way: Deed['way']) => Job>> = {
    big: (way) => big(way, amounts.mebibytes),
    small: (way) => small(way, amounts.files),
    same: (way) => same(way, amounts.same),
  }
  return names.flatMap((name) => [made[name]('down'), made[name]('up')])
}

/** So many files a folder. */
const perFolder = 100

/** Where the tree is that goes up, and where trees arrive. */
const near = (ground: Ground, name: string): string => join(ground.folder, 'near', name)
const far = (ground: Ground, path: string): string => join(ground.files, path)

function big(way: Deed['way'], mebibytes: number): Job {
  const bytes = mebibytes * 1024 * 1024
  return {
    name: 'big',
    words: `one file of ${mebibytes} MiB ${way}`,
    prepare(ground) {
      mkdirSync(near(ground, ''), { recursive: true })
      if (!existsSync(far(ground, 'big.bin'))) makeFile(ground, 'big.bin', bytes)
    },
    deed: (client, ground) =>
      way === 'down'
        ? { way, what: 'file', far: 'big.bin', near: near(ground, `${client}.bin`) }
        : { way, what: 'file', far: `open/${client}.bin`, near: far(ground, 'big.bin') },
    finish(deed, ground) {
      const arrived = way === 'down' ? deed.near : far(ground, deed.far)
      if (statSync(arrived).size !== bytes) throw new Error(`${arrived} is not whole`)
      rmSync(arrived)
    },
  }
}

function small(way: Deed['way'], files: number): Job {
  return {
    name: 'small',
    words: `${files} files of 1 KiB ${way}`,
    prepare: (ground) => makeTree(way === 'down' ? far(ground, 'small') : near(ground, 'small'), files),
    deed: (client, ground) =>
      way === 'down'
        ? { way, what: 'tree', far: 'small', near: near(ground, client) }
        : { way, what: 'tree', far: `open/${client}`, near: near(ground, 'small') },
    finish(deed, ground) {
      const arrived = way === 'down' ? deed.near : far(ground, deed.far)
      const sizes = stats(arrived).map(({ size }) => size)
      if (sizes.length !== files || sizes.some((size) => size !== 1024))
        throw new Error(`${arrived} is not whole`)
      for (const folder of readdirSync(arrived))
        keepInodes(ground, relative(ground.files, join(arrived, folder)))
      rmSync(arrived, { recursive: true })
    },
  }
}

/** Both sides are alike: what takes time is finding that out. */
function same(way: Deed['way'], files: number): Job {
  let begun = Date.now()
  return {
    name: 'same',
    words: `${files} files that are ${way === 'down' ? 'here' : 'there'} already`,
    prepare(ground) {
      makeTree(far(ground, 'open/same'), files)
      if (existsSync(near(ground, 'same'))) return
      mkdirSync(near(ground, ''), { recursive: true })
      cpSync(far(ground, 'open/same'), near(ground, 'same'), { recursive: true, preserveTimestamps: true })
    },
    deed(_client, ground) {
      // Times of files have fractions of a millisecond: what was made in this very one is older.
      begun = Date.now() + 1
      return { way, what: 'tree', far: 'open/same', near: near(ground, 'same') }
    },
    finish(deed, ground) {
      const target = way === 'down' ? deed.near : far(ground, deed.far)
      const changed = stats(target).filter(({ ctimeMs }) => ctimeMs >= begun).length
      if (changed > 0) throw new Error(`${changed} files of ${target} were touched, and all were alike`)
    },
  }
}

/** A time that listings of every kind tell alike: a midnight, and long ago. */
const midnight = new Date('2020-01-02T00:00:00Z')
const content = Buffer.alloc(1024, 'ferry')

function makeTree(root: string, files: number): void {
  if (existsSync(root)) return
  for (let index = 0; index < files; index += 1) {
    const folder = join(root, `folder-${String(Math.floor(index / perFolder)).padStart(4, '0')}`)
    if (index % perFolder === 0) mkdirSync(folder, { recursive: true })
    const path = join(folder, `file-${String(index).padStart(6, '0')}.txt`)
    writeFileSync(path, content)
    utimesSync(path, midnight, midnight)
  }
}

function stats(root: string): readonly { readonly size: number; readonly ctimeMs: number }[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)))
}
