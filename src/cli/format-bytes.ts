const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** A number of bytes as people read it: `1 byte`, `1.5 kB`, `20 MB`. Units are powers of 1000, as disks are sold. */
export function formatBytes(bytes: number): string {
  if (Math.round(bytes) === 1) return '1 byte'
  let unit = 0
  let value = bytes
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const text = unit === 0 || value >= 99.95 ? String(Math.round(value)) : value.toFixed(1)
  return `${text} ${units[unit] ?? 'bytes'}`
}
