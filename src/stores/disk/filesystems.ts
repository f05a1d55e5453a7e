import { statfs, type HostPath } from './calls.ts'

/** What is known of a file system that makes listings quicker. */
export interface Filesystem {
  /** Its directories tell the kind of each name, so Node can read them piece by piece without looking at each. */
  readonly tellsKinds: boolean
  /** It lives on this machine alone: its times of change tell at once and truly what was changed. */
  readonly isLocal: boolean
}

/** The file system behind a directory, remembered by device. */
export async function filesystemOf(at: HostPath, device: number): Promise<Filesystem> {
  const seen = known.get(device)
  if (seen) return seen
  const { type } = await statfs(at)
  const found = process.platform === 'linux' ? (byType[type] ?? unknown) : unknown
  if (known.size >= mostKnown) known.clear()
  known.set(device, found)
  return found
}

const unknown: Filesystem = { tellsKinds: false, isLocal: false }
const mostKnown = 64
const known = new Map<number, Filesystem>()

/** By the numbers of statfs(2). */
const byType: Readonly<Record<number, Filesystem>> = {
  0xef53: { tellsKinds: true, isLocal: true }, // ext2, ext3, ext4
  0x9123683e: { tellsKinds: true, isLocal: true }, // btrfs
  0x01021994: { tellsKinds: true, isLocal: true }, // tmpfs
  0x2fc12fc1: { tellsKinds: true, isLocal: true }, // zfs
  0xf2f52010: { tellsKinds: true, isLocal: true }, // f2fs
  0x58465342: { tellsKinds: false, isLocal: true }, // xfs: those made before 2014 do not tell
  0x794c7630: { tellsKinds: true, isLocal: false }, // overlayfs: what lies below may be changed from elsewhere
}
