import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isInNetwork } from './cidr.ts'
import { NetworkMap } from './network-map.ts'

test('the longest network that holds an address decides, in both families', () => {
  const map = new NetworkMap<string>()
  for (const network of [
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.1.0.0/16',
    '10.1.2.3',
    '2001:db8::/32',
    '2001:db8:1::/64',
  ])
    assert.equal(map.set(network, network), true)
  const golden: readonly [string, string | undefined][] = [
    ['10.1.2.3', '10.1.2.3'],
    ['10.1.2.4', '10.1.0.0/16'],
    ['10.2.2.4', '10.0.0.0/8'],
    ['192.0.2.1', '0.0.0.0/0'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1::9', '2001:db8:1::/64'],
    ['2001:db8:2::9', '2001:db8::/32'],
    ['2001:db9::1', undefined],
    ['fe80::1%eth0', undefined],
    ['nonsense', undefined],
    ['010.1.2.3', undefined],
  ]
  for (const [address, wanted] of golden) assert.equal(map.find(address), wanted, address)
  assert.equal(map.delete('10.1.2.3'), true)
  assert.equal(map.delete('10.1.2.3'), false)
  assert.equal(map.find('10.1.2.3'), '10.1.0.0/16')
  assert.equal(map.size, 5)
})

test('what is no network is refused', () => {
  const map = new NetworkMap<true>()
  for (const network of [
    '',
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/8/9',
    '::/129',
    '10.0.0.0/',
    'a/8',
    '10.0.0.0/-1',
  ])
    assert.equal(map.set(network, true), false, network)
  assert.equal(map.size, 0)
})

test('it agrees with the plain comparison, whatever the lengths', () => {
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  for (let round = 0; round < 500; round += 1) {
    const address = `10.${random(3)}.${random(3)}.${random(256)}`
    const network = `10.${random(3)}.${random(3)}.${random(256)}/${random(33)}`
    const map = new NetworkMap<true>()
    map.set(network, true)
    assert.equal(map.find(address) === true, isInNetwork(address, network), `${address} in ${network}`)
  }
})

test('ten thousand networks of nine lengths are found, and what is in none is not', () => {
  const map = new NetworkMap<number>()
  for (let at = 0; at < 10_000; at += 1) map.set(`10.${at >> 8}.${at & 255}.0/${24 + (at % 9)}`, at)
  for (let at = 0; at < 20_000; at += 1)
    assert.equal(map.find(`10.${at >> 8}.${at & 255}.0`), at < 10_000 ? at : undefined)
})
