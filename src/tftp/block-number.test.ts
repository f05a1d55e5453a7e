import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockNumber, blocksAhead } from './block-number.ts'

test('RFC 1350 blocks: after 65535 comes 0, or 1 where that was agreed', () => {
  assert.deepEqual(
    [65_535, 65_536, 65_537].map((block) => blockNumber(block, 0)),
    [65_535, 0, 1],
  )
  assert.deepEqual(
    [0, 65_535, 65_536, 131_071].map((block) => blockNumber(block, 1)),
    [0, 65_535, 1, 1],
  )
})

test('a number is found again ahead of a block, past any rollover', () => {
  for (const rollover of [0, 1] as const) {
    for (const from of [0, 1, 65_534, 65_535, 65_536, 131_070, 131_071, 1_000_000]) {
      for (const ahead of [0, 1, 2, 500]) {
        assert.equal(blocksAhead(from, blockNumber(from + ahead, rollover), rollover), ahead)
      }
    }
  }
  assert.equal(blocksAhead(5, 0, 1), undefined)
})
