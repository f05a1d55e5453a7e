import { canonicalAddress, familyOf } from './address.ts'

/** Whether an address lies in a network: `10.0.0.0/8`, `fd00::/8`, or one address. False for what is no network. */
export function isInNetwork(address: string, network: string): boolean {
  const [base = '', length] = network.split('/')
  const wanted = octetsOf(base)
  const given = octetsOf(address)
  if (wanted === undefined || given === undefined || wanted.length !== given.length) return false
  const bits = length === undefined ? wanted.length * 8 : prefixLength(length, wanted.length * 8)
  return bits !== undefined && sameBits(wanted, given, bits)
}

/** Whether a text can stand for a network. */
export function isNetwork(network: string): boolean {
  const [base = ''] = network.split('/')
  return isInNetwork(base, network)
}

/** A network as it is written by everybody alike: without bits behind its length, which one address does not say. */
export function canonicalNetwork(network: string): string {
  const [base = '', length] = network.split('/')
  const octets = octetsOf(base) ?? []
  const most = octets.length * 8
  const bits = length === undefined ? most : (prefixLength(length, most) ?? most)
  const address = addressOf(octets.map((octet, index) => octet & maskAt(index, bits)))
  return bits === most ? address : `${address}/${bits}`
}

function addressOf(octets: readonly number[]): string {
  if (octets.length === 4) return octets.join('.')
  const pairs = octets.flatMap((octet, at) => (at % 2 === 0 ? [(octet << 8) | (octets[at + 1] ?? 0)] : []))
  return canonicalAddress(pairs.map((pair) => pair.toString(16)).join(':'))
}

function prefixLength(text: string, most: number): number | undefined {
  const bits = Number(text)
  return /^\d{1,3}$/u.test(text) && bits <= most ? bits : undefined
}

function sameBits(a: readonly number[], b: readonly number[], bits: number): boolean {
  return a.every((octet, index) => {
    const mask = maskAt(index, bits)
    return (octet & mask) === ((b[index] ?? 0) & mask)
  })
}

/** Which bits of an octet are among the first so many of an address. */
function maskAt(index: number, bits: number): number {
  const counted = Math.max(0, Math.min(8, bits - index * 8))
  return (0xff00 >> counted) & 0xff
}

/** The bytes of an address; undefined: it is none. */
export function octetsOf(address: string): number[] | undefined {
  const [plain = ''] = canonicalAddress(address).split('%')
  switch (familyOf(plain)) {
    case 4:
      return plain.split('.').map(Number)
    case 6:
      return groupsOf(plain).flatMap((group) => [group >> 8, group & 0xff])
    case undefined:
      return undefined
  }
}

/** The eight groups of an IPv6 address in canonical form. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16))
}
