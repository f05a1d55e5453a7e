import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../core/store.ts'
import { longLine } from './entry-line.ts'

const entry: Entry = {
  name: 'a',
  kind: 'file',
  size: 1024,
  modified: new Date(0),
  mode: 0o4750,
  owner: 'anna',
}

void test('a line has modes, owners, size, time and name, and marks what the other side did not tell', () => {
  assert.equal(longLine(entry, 'a'), '-rwsr-x---  1 anna     -                1024 -                a')
  assert.match(longLine({ ...entry, rounded: true }, 'a'), / {8}~1024 -/u)
  assert.match(longLine({ ...entry, size: 0, rounded: true }, 'a'), / {12}\? -/u)
  assert.match(longLine({ ...entry, size: 2_500_000 }, 'a', true), /- {10,}2\.5 MB - /u)
  const { mode: _mode, ...unknown } = entry
  assert.match(longLine({ ...unknown, kind: 'link', target: 'b' }, 'a'), /^l\?{9} .* a -> b$/u)
})
