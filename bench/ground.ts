import {
  linkSync,
  readdirSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  chmodSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { join } from 'node:path'

/** Where uploads go: vsftpd accepts no anonymous user who may write to the root itself. */
const uploads = 'open'

/** Where clients upload to; a server that failed leaves nothing in another's way. */
export function uploadPath(server: string): string {
  return `/${uploads}/${server}`
}

/** The folder where everything happens: one tree that all servers serve, and a folder of its own for each of them. */
export interface Ground {
  readonly folder: string
  readonly files: string
  /** The kind of file system, by name where it is a common one. */
  readonly fileSystem: string
  remove(): void
}

/** Makes the ground below a folder on a real disk. */
export function makeGround(parent: string): Ground {
  const folder = mkdtempSync(join(parent, 'ferry-bench-'))
  const files = join(folder, 'files')
  mkdirSync(join(files, uploads), { recursive: true })
  // The peers serve as users without rights: they have to get in, and to write.
  chmodSync(folder, 0o755)
  chmodSync(join(files, uploads), 0o777)
  // ext4 is slow to reuse the inodes of files just removed: folders in this one shall lie far from one another.
  spawnSync('/usr/bin/chattr', ['+T', join(files, uploads)])
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.on('exit', remove)
  return { folder, files, fileSystem: fileSystemOf(folder), remove }
}

const block = Buffer.alloc(1024 * 1024)

/** Makes a file, waits until it is on the disk so that writing it back disturbs nobody later, and reads it once. */
export function makeFile(ground: Ground, name: string, bytes: number): void {
  randomFillSync(block)
  const file = openSync(join(ground.files, name), 'w+', 0o644)
  for (let at = 0; at < bytes; at += block.length)
    writeSync(file, block, 0, Math.min(block.length, bytes - at), at)
  fsyncSync(file)
  for (let at = 0; readSync(file, block, 0, block.length, at) > 0;) at += block.length
  closeSync(file)
}

/** Makes a folder with so many empty files. */
export function makeEntries(ground: Ground, name: string, entries: number): void {
  const folder = join(ground.files, name)
  mkdirSync(folder)
  for (let index = 0; index < entries; index += 1) {
    closeSync(openSync(join(folder, `entry-${String(index).padStart(6, '0')}.dat`), 'w', 0o644))
  }
}

/**
 * Gives the files of a folder a second name elsewhere, so that removing them frees no inode: for minutes ext4 looks at
 * each that was freed before it makes a new file, and the next server would be measured as the slower one.
 */
export function keepInodes(ground: Ground, path: string): void {
  const kept = mkdtempSync(join(ground.folder, 'kept-'))
  for (const name of readdirSync(join(ground.files, path)))
    linkSync(join(ground.files, path, name), join(kept, name))
}

/** statfs(2) says it with a number. */
function fileSystemOf(folder: string): string {
  const names: Readonly<Record<number, string>> = {
    0xef53: 'ext4',
    0x01021994: 'tmpfs',
    0x58465342: 'xfs',
    0x9123683e: 'btrfs',
    0x794c7630: 'overlay',
  }
  const { type } = statfsSync(folder)
  return names[type] ?? `type 0x${type.toString(16)}`
}
