import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The names that are swapped for links while the store works on paths through them. */
export const swapped = ['spot', 'deep/spot', 'flip'] as const

/** The first byte of everything outside; nothing inside begins with it. */
export const outsideMark = 'X'

/** A root, and beside it a tree with the same names that nobody may see or touch. */
export interface RaceWorld {
  readonly root: string
  /** The `dev-ino` of everything outside, as the disk store writes an entry's id. */
  readonly outsideIds: ReadonlySet<string>
  /** Everything that can be seen of the outside; any deed out there changes it. */
  lookOutside(): string
  remove(): void
}

/** Builds the world on the disk. */
export function raceWorld(): RaceWorld {
  const base = mkdtempSync(join(tmpdir(), 'ferry-race-'))
  const root = join(base, 'root')
  const outside = join(base, 'outside')
  mkdirSync(join(root, 'deep'), { recursive: true })
  fill(outside, `${outsideMark} from outside`, ['secret', 'inner/secret'])
  fill(join(root, 'spot'), 'inside', [])
  fill(join(root, 'deep/spot'), 'inside', [])
  fillMany(join(outside, 'many'))
  fillMany(join(root, 'spot/many'))
  writeFileSync(join(root, 'flip'), 'inside')
  symlinkSync(outside, join(root, 'spot.link'))
  symlinkSync('../../outside', join(root, 'deep/spot.link'))
  symlinkSync(join(outside, 'file'), join(root, 'flip.link'))
  const ids = new Set<string>()
  for (const path of pathsBelow(outside)) {
    const { dev, ino } = lstatSync(path)
    ids.add(`${dev.toString(36)}-${ino.toString(36)}`)
  }
  return {
    root,
    outsideIds: ids,
    lookOutside: () => pathsBelow(outside).map(describe).join('\n'),
    remove: () => rmSync(base, { recursive: true }),
  }
}

function fill(directory: string, text: string, more: readonly string[]): void {
  for (const name of ['inner', 'empty']) mkdirSync(join(directory, name), { recursive: true })
  for (const name of ['file', 'victim', 'inner/file', ...more]) writeFileSync(join(directory, name), text)
}

/** So many that the quick way of listing has its turn. */
function fillMany(directory: string): void {
  mkdirSync(directory)
  const first = join(directory, 'name 0')
  writeFileSync(first, '')
  for (let index = 1; index < 1100; index += 1) linkSync(first, join(directory, `name ${index}`))
}

function pathsBelow(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return [directory, ...names.map((name) => join(directory, name)).toSorted()]
}

function describe(path: string): string {
  const stats = lstatSync(path)
  const text = stats.isFile() && stats.size > 0 ? readFileSync(path, 'latin1') : ''
  return [path, stats.mode, stats.size, stats.nlink, stats.mtimeMs, stats.ctimeMs, text].join(' ')
}
