import assert from 'node:assert/strict'
import { test } from 'node:test'
import { helpLine } from './help-line.ts'
import { verbs } from './verbs.ts'

void test('the help of no verb is wider than a terminal', () => {
  for (const { usage, does } of verbs.values()) {
    const lines = helpLine(usage, does).split('\n')
    for (const line of lines) assert.ok(line.length < 80, line)
    assert.equal(lines.join(' ').replaceAll(/\s+/gu, ' ').trim(), `${usage} ${does}`)
  }
})
