import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalNetwork, isInNetwork, isNetwork } from './cidr.ts'

test('an address belongs to the networks that share its first bits', () => {
  assert.ok(isInNetwork('10.20.30.40', '10.0.0.0/8'))
  assert.ok(!isInNetwork('11.20.30.40', '10.0.0.0/8'))
  assert.ok(isInNetwork('192.168.5.129', '192.168.5.128/25'))
  assert.ok(!isInNetwork('192.168.5.127', '192.168.5.128/25'))
  assert.ok(isInNetwork('fd12::1', 'fd00::/8'))
  assert.ok(!isInNetwork('fe80::1', 'fd00::/8'))
  assert.ok(isInNetwork('1.2.3.4', '0.0.0.0/0'))
})

test('a network without a length is one address', () => {
  assert.ok(isInNetwork('127.0.0.1', '127.0.0.1'))
  assert.ok(!isInNetwork('127.0.0.2', '127.0.0.1'))
  assert.ok(isInNetwork('::1', '0:0:0:0:0:0:0:1'))
})

test('IPv4 in IPv6 counts as IPv4, other families never match', () => {
  assert.ok(isInNetwork('::ffff:10.1.2.3', '10.0.0.0/8'))
  assert.ok(!isInNetwork('::1', '0.0.0.0/0'))
})

test('a network is written one way, whatever address in it was said', () => {
  const written = {
    '192.0.2.7/24': '192.0.2.0/24',
    '192.0.2.7': '192.0.2.7',
    '192.0.2.7/32': '192.0.2.7',
    '10.1.2.3/0': '0.0.0.0/0',
    '2001:DB8:0:0::5': '2001:db8::5',
    '2001:db8:1:2:3::5/64': '2001:db8:1:2::/64',
    '::ffff:10.1.2.3': '10.1.2.3',
    '2001:db8::ffff/126': '2001:db8::fffc/126',
  }
  for (const [said, wanted] of Object.entries(written)) assert.equal(canonicalNetwork(said), wanted)
})

test('what is no network holds nothing', () => {
  for (const wrong of [
    '',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/x',
    '10.0.0/8',
    'fd00::/129',
    'localhost',
  ]) {
    assert.ok(!isNetwork(wrong), wrong)
    assert.ok(!isInNetwork('10.0.0.1', wrong), wrong)
  }
  for (const right of ['10.0.0.0/8', '::/0', '192.0.2.1', '2001:db8::/32']) assert.ok(isNetwork(right), right)
})
