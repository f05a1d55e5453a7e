import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalAddress, familyOf, isPrivate, isUnspecified, sameAddress } from './address.ts'

test('only an address in strict syntax has a family', () => {
  for (const address of ['0.0.0.0', '1.2.3.4', '255.255.255.255']) assert.equal(familyOf(address), 4, address)
  const six = [
    '::',
    '::1',
    '1::',
    '1:2:3:4:5:6:7:8',
    '1::3:4:5:6:7:8',
    'FE80::1%eth0',
    '::1.2.3.4',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4',
  ]
  for (const address of six) assert.equal(familyOf(address), 6, address)
  const none = [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.4%a',
    '0x1.2.3.4',
    '1.2.3.-4',
    'localhost',
  ]
  none.push(
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::12345',
    '::g',
    '::1%',
    '::1%a b',
    '[::1]',
  )
  none.push(
    '1.2.3.4::',
    '::1.2.3.4:1',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1.2.3',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '１.2.3.4',
  )
  for (const address of none) assert.equal(familyOf(address), undefined, address)
})

test('IPv4 in IPv6 is written as IPv4, a zone is kept, what is no address stays', () => {
  assert.equal(canonicalAddress('::ffff:1.2.3.4'), '1.2.3.4')
  assert.equal(canonicalAddress('0:0:0:0:0:FFFF:0102:0304'), '1.2.3.4')
  assert.equal(canonicalAddress('::fffe:1.2.3.4'), '::fffe:102:304')
  assert.equal(canonicalAddress('FE80:0::0:1%eth0'), 'fe80::1%eth0')
  assert.equal(canonicalAddress('Host.example'), 'Host.example')
})

/** Writes eight groups in some of the ways that are allowed. */
const written = fc
  .tuple(
    fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 }),
    fc.boolean(),
    fc.nat(7),
    fc.integer({ min: 1, max: 8 }),
  )
  .map(([groups, upper, start, length]) => {
    const end = Math.min(8, start + length)
    const hex = groups.map((group) => group.toString(16).padStart(upper ? 4 : 1, '0'))
    const text = groups.slice(start, end).every((group) => group === 0)
      ? `${hex.slice(0, start).join(':')}::${hex.slice(end).join(':')}`
      : hex.join(':')
    return upper ? text.toUpperCase() : text
  })

test('an IPv6 address is written as a URL writes it', () => {
  fc.assert(
    fc.property(written, (text) => {
      const asUrl = new URL(`http://[${text}]/`).hostname.slice(1, -1)
      const canonical = canonicalAddress(text)
      // The one difference is meant: IPv4 in IPv6.
      assert.equal(
        canonical.includes('.') ? new URL(`http://[::ffff:${canonical}]/`).hostname.slice(1, -1) : canonical,
        asUrl,
      )
      assert.equal(canonicalAddress(canonical), canonical)
      assert.ok(sameAddress(text, asUrl))
    }),
    { numRuns: 1000 },
  )
})

test('what a URL refuses as IPv6 is refused here', () => {
  const piece = fc.constantFrom(':', '::', '0', '1', 'ffff', 'abcde', '1.2.3.4', '256.1.1.1', 'g', '.')
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const good = URL.canParse(`http://[${text}]/`)
      assert.equal(familyOf(text) === 6, good, text)
    }),
    { numRuns: 2000 },
  )
})

test('addresses are the same whatever way they are written; zones count where both have one', () => {
  assert.ok(sameAddress('::1', '0:0:0:0:0:0:0:1'))
  assert.ok(sameAddress('::ffff:10.0.0.1', '10.0.0.1'))
  assert.ok(sameAddress('fe80::1%eth0', 'FE80::1'))
  assert.ok(!sameAddress('fe80::1%eth0', 'fe80::1%eth1'))
  assert.ok(!sameAddress('10.0.0.1', '10.0.0.2'))
  assert.ok(!sameAddress('::10.0.0.1', '10.0.0.1'))
})

test('private is what has no meaning on the public internet, to the last address of each range', () => {
  const inside = [
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.1',
    '127.0.0.1',
    '169.254.1.1',
  ]
  inside.push(
    '100.64.0.0',
    '100.127.255.255',
    '0.0.0.0',
    '::',
    '::1',
    'fc00::',
    'fdff::1',
    'fe80::1%eth0',
    'febf::1',
    'fec0::1',
    'feff::1',
    '::ffff:10.0.0.1',
  )
  for (const address of inside) assert.ok(isPrivate(address), address)
  const outside = [
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.1.1',
    '192.169.1.1',
    '169.253.1.1',
    '126.1.1.1',
  ]
  outside.push(
    '100.63.255.255',
    '100.128.0.0',
    '8.8.8.8',
    '::2',
    '2001:db8::1',
    'fbff::1',
    'fe00::1',
    'ff02::1',
    '::ffff:8.8.8.8',
    'localhost',
    '',
  )
  for (const address of outside) assert.ok(!isPrivate(address), address)
})

test('what is no address is neither private nor unspecified', () => {
  for (const text of ['::%eth0\r\n', '::%', '127.0.0.1%lo', '127.0.0.1\n', 'fe80::1%a b']) {
    assert.ok(!isPrivate(text), text)
    assert.ok(!isUnspecified(text), text)
  }
})

test('unspecified is 0.0.0.0 and ::, however they are written', () => {
  for (const address of ['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0'])
    assert.ok(isUnspecified(address), address)
  for (const address of ['0.0.0.1', '::1', '', '127.0.0.1']) assert.ok(!isUnspecified(address), address)
})

test('an IPv4 peer of a listener at :: is written as IPv4, and only where it is one', () => {
  assert.equal(canonicalAddress('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(canonicalAddress('::FFFF:192.0.2.1'), '192.0.2.1')
  assert.equal(canonicalAddress('::ffff:c000:201'), '192.0.2.1')
  assert.equal(canonicalAddress('::ffff:192.0.2.01'), '::ffff:192.0.2.01')
  assert.equal(canonicalAddress('::ffff:192.0.2.256'), '::ffff:192.0.2.256')
})
