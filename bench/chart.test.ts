import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chart } from './chart.ts'
import type { Outcome } from './rounds.ts'

const sample = (value: number) => ({ value })

const outcome = (better: 'higher' | 'lower', ours: number[], others: Record<string, number[]>): Outcome => ({
  workload: 'some',
  about: 'something',
  parts: [{ name: 'part', unit: 'MB/s', better }],
  columns: Object.entries({ ferry: ours, ...others }).map(([server, values]) => ({
    part: 'part',
    server,
    samples: values.map(sample),
  })),
  failures: [],
})

test('a bar stands beside the fastest other', () => {
  const drawn = chart('here', [
    outcome('higher', [100, 120, 110], { slow: [10, 10, 10], fast: [50, 60, 55] }),
  ])
  assert.match(drawn, />2\.00 × fast \(110 MB\/s\)</u)
  assert.doesNotMatch(drawn, /slow/u)
})

test('where less is better, half the time is twice as fast', () => {
  assert.match(
    chart('here', [outcome('lower', [50], { one: [100], two: [400] })]),
    />2\.00 × one \(50\.0 MB\/s\)</u,
  )
})

test('what was measured alone has no bar, and names are written as XML wants them', () => {
  const drawn = chart('a < b & c', [outcome('higher', [1], {})])
  assert.doesNotMatch(drawn, /×/u)
  assert.match(drawn, /a &lt; b &amp; c/u)
})
