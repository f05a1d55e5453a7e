/**
 * Whether a directory, and all that is mounted below it, lies on disks of this machine alone. `mounts` is
 * `/proc/self/mountinfo` (proc(5)); that and the path have each byte as one character.
 */
export function areMountsQuick(mounts: string, directory: string): boolean {
  let nearest = ''
  let isNearestQuick = false
  for (const line of mounts.split('\n')) {
    const [before, after] = line.split(' - ', 2)
    const point = before?.split(' ')[4]?.replace(octal, (_, digits: string) => byte(digits))
    const type = after?.split(' ', 1)[0]
    if (point === undefined || type === undefined) continue
    const isQuick = quickTypes.has(type)
    if (isBelow(directory, point)) {
      // Of two on one place the later one covers the other.
      if (point.length >= nearest.length) [nearest, isNearestQuick] = [point, isQuick]
    } else if (!isQuick && isBelow(point, directory)) return false
  }
  return isNearestQuick
}

/** In overlayfs lie the files of containers; what is below them is on this machine with every runtime in use. */
const quickTypes = new Set(['ext2', 'ext3', 'ext4', 'btrfs', 'xfs', 'f2fs', 'zfs', 'tmpfs', 'overlay'])

/** Blanks and the like are written so. */
const octal = /\\([0-7]{3})/gu

function byte(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 8))
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || directory === '/' || path.startsWith(`${directory}/`)
}
