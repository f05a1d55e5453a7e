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
