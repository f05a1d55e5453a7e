import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activeWords } from './active-words.ts'
import { UsageError } from '../usage-error.ts'

void test('active mode is told an address and ports, each by itself too', () => {
  assert.deepEqual(activeWords(undefined, undefined), {})
  assert.deepEqual(activeWords('203.0.113.7', '50000-50100'), {
    activeAddress: '203.0.113.7',
    activePorts: { first: 50_000, last: 50_100 },
  })
  assert.deepEqual(activeWords('2001:db8::1', undefined), { activeAddress: '2001:db8::1' })
  assert.deepEqual(activeWords(undefined, '2020'), { activePorts: { first: 2020, last: 2020 } })
})

void test('what is no address, or no range, is wrong words', () => {
  assert.throws(() => activeWords('files.example', undefined), UsageError)
  for (const ports of ['', '0', '9-8', '1-70000', 'a-b', '1-2-3'])
    assert.throws(() => activeWords(undefined, ports), UsageError, ports)
})
