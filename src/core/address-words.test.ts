import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, constantFrom, ipV4, ipV6, oneof, property } from 'fast-check'
import { addressWords } from './address-words.ts'
import { canonicalAddress, familyOf } from './address.ts'

test('addresses of both families, with every place of ::', () => {
  const golden: readonly [string, readonly number[] | undefined][] = [
    ['10.1.2.3', [0x0a010203]],
    ['::ffff:10.1.2.3', [0x0a010203]],
    ['::ffff:0a01:0203', [0x0a010203]],
    ['::', [0, 0, 0, 0]],
    ['::1', [0, 0, 0, 1]],
    ['1::', [0x10000, 0, 0, 0]],
    ['2001:DB8::7:0:1', [0x20010db8, 0, 7, 1]],
    ['1:2:3:4:5:6:7:8', [0x10002, 0x30004, 0x50006, 0x70008]],
    ['1:2:3:4:5:6:7::', [0x10002, 0x30004, 0x50006, 0x70000]],
    ['fe80::1%eth0', [0xfe800000, 0, 0, 1]],
    ['64:ff9b::192.0.2.1', [0x0064ff9b, 0, 0, 0xc0000201]],
  ]
  for (const [address, words] of golden) assert.deepEqual(addressWords(address), words, address)
})

test('what is no address is none', () => {
  for (const wrong of [
    '',
    ':',
    ':::',
    '1:',
    ':1',
    '1::2::3',
    '12345::',
    'g::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '01.2.3.4',
    '1.2.3',
  ])
    assert.equal(addressWords(wrong), undefined, wrong)
})

test('it is an address just when the slow way says so, and of the same family', () => {
  const piece = constantFrom('0', '1', 'ab', 'ffff', ':', '::', '.', '10', '255', '%', 'e')
  const text = oneof(
    array(piece, { maxLength: 17 }).map((pieces) => pieces.join('')),
    ipV6(),
    ipV4(),
  )
  check(
    property(text, (address) => {
      const words = addressWords(address)
      const family = familyOf(canonicalAddress(address).split('%')[0] ?? '')
      const known = familyOf(address) === undefined ? undefined : family
      assert.equal(words === undefined ? undefined : words.length === 1 ? 4 : 6, known, address)
    }),
    { numRuns: 3000 },
  )
})
