import assert from 'node:assert/strict'
import { test } from 'node:test'
import { negotiate, type Offer } from './options.ts'
import type { Option } from './packet.ts'

const offer: Offer = { largestBlock: 65_464, largestWindow: 65_535, deed: 'read', size: 1234 }

function answers(asked: Readonly<Record<string, string>>, more: Partial<Offer> = {}): string {
  const options: Option[] = Object.entries(asked).map(([name, value]) => ({ name, value }))
  const { accepted } = negotiate(options, { ...offer, ...more })
  return accepted.map(({ name, value }) => `${name}=${value}`).join(' ')
}

test('RFC 2347 options: only what was asked for is answered, once, in any case, as it was written', () => {
  assert.equal(answers({}), '')
  assert.equal(answers({ BlkSize: '1428', multicast: '', utimeout: '5', blksize: '8' }), 'BlkSize=1428')
  assert.equal(answers({ constructor: '1', toString: '1', __proto: '1' }), '')
})

test('RFC 2348 blksize: from 8 to 65464, lowered and never raised', () => {
  assert.equal(answers({ blksize: '7' }), '')
  assert.equal(answers({ blksize: '8' }), 'blksize=8')
  assert.equal(answers({ blksize: '65465' }), 'blksize=65464')
  assert.equal(answers({ blksize: '9000' }, { largestBlock: 1468 }), 'blksize=1468')
})

test('RFC 2349 timeout, tsize: 1 to 255 s are echoed, 0 becomes the size, in netascii nothing', () => {
  assert.equal(answers({ timeout: '255', tsize: '0' }), 'timeout=255 tsize=1234')
  assert.equal(answers({ timeout: '0' }), '')
  assert.equal(answers({ timeout: '256' }), '')
  assert.equal(answers({ tsize: '0' }, { size: undefined }), '')
  assert.equal(answers({ tsize: '77' }, { deed: 'write', size: undefined }), 'tsize=77')
})

test('the size of an empty file is not told, for curl', () => {
  assert.equal(answers({ tsize: '0' }, { size: 0 }), '')
})

test('RFC 7440 windowsize: lowered to what fits into 128 KiB', () => {
  assert.equal(answers({ windowsize: '16', blksize: '1428' }), 'windowsize=16 blksize=1428')
  assert.equal(answers({ windowsize: '16', blksize: '65464' }), 'windowsize=2 blksize=65464')
  assert.equal(answers({ windowsize: '65535' }), 'windowsize=256')
  assert.equal(answers({ windowsize: '0' }), '')
  assert.equal(answers({ windowsize: '65536' }), '')
})

test('rollover to 0 or 1 is agreed to, and what is no number is left out', () => {
  assert.equal(answers({ rollover: '1' }), 'rollover=1')
  assert.equal(answers({ rollover: '2' }), '')
  for (const value of ['', '-1', '1e3', '0x10', ' 8', '99999999999999999'])
    assert.equal(answers({ blksize: value, tsize: value, windowsize: value }), '')
})
