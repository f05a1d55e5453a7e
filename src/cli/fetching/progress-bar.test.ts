import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../testing/fake-clock.ts'
import { textWidth } from '../text-width.ts'
import { durationText, ProgressBar } from './progress-bar.ts'

function world(columns = 80) {
  const clock = new FakeClock()
  const written: string[] = []
  const bar = new ProgressBar({ columns, write: (text) => written.push(text) }, clock)
  // eslint-disable-next-line no-control-regex
  const last = (): string => (written.at(-1) ?? '').replaceAll(/\r|\u001b\[K/gu, '')
  return { clock, written, bar, last }
}

void test('nothing is drawn for what takes less than a second', async () => {
  const { clock, written, bar } = world()
  await clock.advance(900)
  bar.end()
  await clock.advance(5000)
  assert.deepEqual(written, [])
})

void test('the line has the name, the share, the rate, the time left and the files', async () => {
  const { clock, bar, last } = world()
  bar.expect(4, 10_000_000)
  bar.start('a.iso')
  bar.moved(2_000_000)
  bar.fileDone()
  await clock.advance(1000)
  assert.match(last(), /^a\.iso +20% {2}2\.0 MB\/s {2}ETA 0:04 {2}1\/4 files$/u)
  bar.end()
  assert.equal(clock.pending, 0)
})

void test('the line fits a narrow terminal, and no name says anything to it', async () => {
  const { clock, bar, last } = world(40)
  bar.expect(1, 1000)
  bar.start(`${'long'.repeat(40)}\u001b[2J`)
  bar.moved(500)
  await clock.advance(1000)
  assert.ok(last().length < 40)
  assert.ok(!last().includes('\u001b'))
})

void test('letters that take two columns are counted as two', async () => {
  for (const name of ['日本語フォルダ/とても長いファイル名です、本当に長い.bin', '日本.bin']) {
    const { clock, bar, last } = world()
    bar.expect(1, 1000)
    bar.start(name)
    bar.moved(500)
    await clock.advance(1000)
    assert.ok(textWidth(last()) < 80, last())
    assert.match(last(), /\.bin +50%/u)
  }
})

void test('durations', () => {
  assert.deepEqual([5, 750, 10_860, 1e9].map(durationText), ['0:05', '12:30', '3:01:00', 'days'])
})
