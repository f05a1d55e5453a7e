import { canonicalAddress, familyOf } from './address.ts'

/** Who is counted as one: an IPv4 address, or the /64 of an IPv6 one, because every host there can take any of it. */
export function networkOf(address: string): string {
  const [plain = ''] = canonicalAddress(address).split('%')
  if (familyOf(plain) !== 6) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const zeros = Array.from({ length: missing }, () => '0')
  const all = [...groups, ...zeros, ...(tail ?? '').split(':')]
  return canonicalAddress(`${all.slice(0, 4).join(':')}::`) + '/64'
}
