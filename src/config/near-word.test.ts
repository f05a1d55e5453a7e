import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearWord } from './near-word.ts'

test('a word that is nearly a known one is taken for the nearest, and another for none', () => {
  const known = ['ls', 'rm', 'stat', 'status', 'sync', 'recursive']
  assert.equal(nearWord('stauts', known), 'status')
  assert.equal(nearWord('Stat', known), 'stat')
  assert.equal(nearWord('recursiv', known), 'recursive')
  assert.equal(nearWord('snyc', known), 'sync')
  assert.equal(nearWord('sl', known), 'ls')
  // Two letters of two are no slip.
  assert.equal(nearWord('rs', ['ls', 'mv']), 'ls')
  assert.equal(nearWord('xy', known), undefined)
  assert.equal(nearWord('frobnicate', known), undefined)
})

test('two letters may be missing, and the first counts as any other', () => {
  assert.equal(nearWord('limi', ['limits']), 'limits')
  assert.equal(nearWord('limtsx', ['limits']), 'limits')
  assert.equal(nearWord('lim', ['limits']), undefined)
})

test('of three letters one may be wrong, or two change places', () => {
  assert.equal(nearWord('fpt', ['ftp']), 'ftp')
  assert.equal(nearWord('ssl', ['tls']), undefined)
})
