import assert from 'node:assert/strict'
import { test } from 'node:test'
import { padToWidth, textWidth } from './text-width.ts'

test('a text takes as many columns as a terminal gives it', () => {
  const widths = ['plain', 'ünï', '日本語', 'とても、', 'ａ', '한글', '📷.jpg', 'e\u0301', 'ﾊﾝ', '…']
  assert.deepEqual(widths.map(textWidth), [5, 3, 6, 8, 2, 4, 6, 1, 2, 1])
  assert.equal(padToWidth('日本', 6), '日本  ')
  assert.equal(padToWidth('too long', 3), 'too long')
})
