/** The family of an address in strict syntax; undefined: it is none. An IPv6 address may bear a zone (`%eth0`). */
export function familyOf(address: string): 4 | 6 | undefined {
  if (bytesOf(address) !== undefined) return 4
  return groupsOf(address) === undefined ? undefined : 6
}

/**
 * The one way an address is written here: IPv4 in IPv6 as IPv4, IPv6 as RFC 5952 has it. A zone is kept, because
 * a link-local address cannot be reached without. What is no address comes back as it is.
 */
export function canonicalAddress(text: string): string {
  // Nearly all that come are one of these two, and every connection asks a few times.
  if (!text.includes(':')) return text
  if (text.startsWith(mappedPrefix) && bytesOf(text.slice(mappedPrefix.length)) !== undefined)
    return text.slice(mappedPrefix.length)
  const groups = groupsOf(text)
  if (!groups) return text
  const mapped = mappedBytes(groups)
  if (mapped) return mapped.join('.')
  return compress(groups) + zoneOf(text)
}

/** How the system writes an IPv4 peer of a listener at `::`. */
const mappedPrefix = '::ffff:'

/** Whether two texts mean one address. A zone counts only where both have one: peers tell theirs without. */
export function sameAddress(a: string, b: string): boolean {
  if (a === b) return true
  const first = canonicalAddress(a)
  const second = canonicalAddress(b)
  if (first === second) return true
  if (zoneOf(first) !== '' && zoneOf(second) !== '') return false
  return withoutZone(first) === withoutZone(second)
}

/** Whether an address has no meaning on the public internet: RFC 1918, RFC 6598, RFC 4193, loopback, link-local, site-local. */
export function isPrivate(address: string): boolean {
  const plain = canonicalAddress(address)
  const bytes = bytesOf(plain)
  if (bytes) return isPrivateIpv4(bytes)
  const groups = groupsOf(plain)
  if (!groups) return false
  const [first = 0] = groups
  if ((first & 0xfe00) === 0xfc00 || (first & 0xff80) === 0xfe80) return true
  return groups.slice(0, 7).every((group) => group === 0) && (groups[7] ?? 0) <= 1
}

/** Whether it is `0.0.0.0` or `::`, which nobody can connect to. */
export function isUnspecified(address: string): boolean {
  const plain = canonicalAddress(address)
  return plain === '0.0.0.0' || (groupsOf(plain)?.every((group) => group === 0) ?? false)
}

function isPrivateIpv4([a = 0, b = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127) return true
  if (a === 100) return (b & 0xc0) === 64
  if (a === 169) return b === 254
  if (a === 172) return (b & 0xf0) === 16
  return a === 192 && b === 168
}

function bytesOf(address: string): number[] | undefined {
  if (address.length > 15 || !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return undefined
  const parts = address.split('.')
  // A leading zero is refused: some readers take such a number for octal, and would mean another host.
  const good = parts.every((part) => Number(part) <= 255 && (part === '0' || !part.startsWith('0')))
  return good ? parts.map(Number) : undefined
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] | undefined {
  const plain = withoutZone(address)
  if (plain.length > 45 || !plain.includes(':') || !/^(?:%[\w.:~-]{1,32})?$/.test(zoneOf(address)))
    return undefined
  const halves = plain.split('::')
  if (halves.length > 2) return undefined
  const [head = '', tail] = halves
  const before = groupsIn(head, tail === undefined)
  const after = groupsIn(tail ?? '', true)
  if (!before || !after) return undefined
  if (tail === undefined) return before.length === 8 ? before : undefined
  const missing = 8 - before.length - after.length
  return missing >= 1 ? [...before, ...Array.from({ length: missing }, () => 0), ...after] : undefined
}

function groupsIn(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [at, part] of parts.entries()) {
    const bytes = atEnd && at === parts.length - 1 ? bytesOf(part) : undefined
    if (bytes) {
      const [a = 0, b = 0, c = 0, d = 0] = bytes
      groups.push(a * 256 + b, c * 256 + d)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}

/** The IPv4 address in `::ffff:0:0/96`. */
function mappedBytes(groups: readonly number[]): number[] | undefined {
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return undefined
  return groups.slice(6).flatMap((group) => [group >> 8, group & 255])
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two zeros or more as `::`. */
function compress(groups: readonly number[]): string {
  const [start, length] = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

function longestZeros(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0]
  let run = 0
  for (const [at, group] of groups.entries()) {
    run = group === 0 ? run + 1 : 0
    if (run > best[1]) best = [at - run + 1, run]
  }
  return best
}

function zoneOf(address: string): string {
  const percent = address.indexOf('%')
  return percent < 0 ? '' : address.slice(percent)
}

function withoutZone(address: string): string {
  const percent = address.indexOf('%')
  return percent < 0 ? address : address.slice(0, percent)
}
