import { canonicalAddress, familyOf } from './address.ts'

/** An address as words of 32 bits: one for IPv4, four for IPv6. undefined: it is none. This is done for every connection. */
export function addressWords(address: string): readonly number[] | undefined {
  const quick = ipv4Word(address)
  if (quick !== undefined) return [quick]
  return ipv6Words(address) ?? slowWords(address)
}

/** With a zone, or with IPv4 at its end: who comes is rarely written so. */
function slowWords(address: string): readonly number[] | undefined {
  if (familyOf(address) === undefined) return undefined
  const [plain = ''] = canonicalAddress(address).split('%')
  const mapped = ipv4Word(plain)
  if (mapped !== undefined) return [mapped]
  return ipv6Words(plain)
}

/** Reads eight groups of hexadecimal digits, or fewer around `::`. Not what stands for IPv4, which is to be one word. */
function ipv6Words(address: string): readonly number[] | undefined {
  const groups = [0, 0, 0, 0, 0, 0, 0, 0]
  const end = address.length
  let count = 0
  let gap = -1
  let at = 0
  if (address.startsWith('::')) {
    gap = 0
    at = 2
  }
  while (at < end) {
    let group = 0
    const start = at
    for (let digit = hexDigit(address, at); digit >= 0 && at - start < 4; digit = hexDigit(address, at)) {
      group = group * 16 + digit
      at += 1
    }
    if (at === start || count === 8) return undefined
    groups[count] = group
    count += 1
    if (at === end) break
    if (address.charCodeAt(at) !== colon) return undefined
    at += 1
    if (address.charCodeAt(at) === colon) {
      if (gap >= 0) return undefined
      gap = count
      at += 1
    } else if (at === end) return undefined
  }
  if (gap < 0 ? count < 8 : count > 7) return undefined
  if (gap >= 0) {
    const tail = count - gap
    groups.copyWithin(8 - tail, gap, count).fill(0, gap, 8 - tail)
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  if (f === 0xffff && (a | b | c | d | e) === 0) return undefined
  return [a * 65_536 + b, c * 65_536 + d, e * 65_536 + f, g * 65_536 + h]
}

const colon = 58

/** The value of a hexadecimal digit; -1: it is none. */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** Reads dotted decimals digit by digit. */
function ipv4Word(address: string): number | undefined {
  let word = 0
  let octet = -1
  let dots = 0
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at)
    if (code === 46) {
      if (octet < 0) return undefined
      word = word * 256 + octet
      octet = -1
      dots += 1
    } else {
      const digit = code - 48
      // A leading zero may mean octal to somebody: such an address is none.
      if (digit < 0 || digit > 9 || octet === 0) return undefined
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return undefined
    }
  }
  return dots === 3 && octet >= 0 ? word * 256 + octet : undefined
}
