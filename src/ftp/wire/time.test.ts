import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatTime, parseTime } from './time.ts'

test('a time is fourteen digits of UTC', () => {
  assert.equal(formatTime(new Date('2025-01-02T03:04:05.678Z')), '20250102030405')
  assert.equal(formatTime(new Date('2024-12-31T23:59:59.999Z')), '20241231235959')
  assert.equal(formatTime(new Date('0042-02-03T00:00:00Z')), '00420203000000')
})

test('a time that four digits cannot tell becomes the nearest that they can', () => {
  assert.equal(formatTime(new Date(Date.UTC(10_000, 0, 1))), '99991231235959')
  assert.equal(formatTime(new Date('-000001-01-01T00:00:00Z')), '00010101000000')
  assert.equal(formatTime(new Date(Number.NaN)), '19700101000000')
})

const iso = (text: string): string | undefined => parseTime(text)?.toISOString()

test('a time is read with the calendar in hand', () => {
  assert.equal(iso('20240229120000'), '2024-02-29T12:00:00.000Z')
  assert.equal(iso('20000229000000'), '2000-02-29T00:00:00.000Z')
  assert.equal(iso('00010101000000'), '0001-01-01T00:00:00.000Z')
  assert.equal(iso('00991231000000'), '0099-12-31T00:00:00.000Z')
  assert.equal(iso('99991231235959.999'), '9999-12-31T23:59:59.999Z')
  assert.equal(iso('20250101000000.5'), '2025-01-01T00:00:00.500Z')
  assert.equal(iso('20250101000000.1239999'), '2025-01-01T00:00:00.123Z')
  assert.equal(iso('20161231235960'), '2016-12-31T23:59:59.000Z')
  const wrong = [
    '',
    '2025010100000',
    '202501010000000',
    '20250229000000',
    '19000229000000',
    '20250431000000',
    '20250001000000',
  ]
  wrong.push(
    '20251301000000',
    '20250100000000',
    '20250132000000',
    '20250101240000',
    '20250101006000',
    '20250101000061',
    '00000101000000',
  )
  wrong.push(
    '20250101000000.',
    '20250101000000,5',
    '20250101 00000',
    '-0250101000000',
    '20250101000000Z',
    ' 20250101000000',
    '20250101000000\n',
  )
  for (const text of wrong) assert.equal(iso(text), undefined, text)
})

test('any second from the year 1 to 9999 survives the wire', () => {
  const date = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(date, (date) => {
      const second = Math.floor(date.getTime() / 1000) * 1000
      assert.equal(formatTime(date), new Date(second).toISOString().replaceAll(/[-:TZ]|\.000/g, ''))
      assert.equal(parseTime(formatTime(date))?.getTime(), second)
    }),
    { numRuns: 2000 },
  )
})

test('the days around every year end and every end of February survive', () => {
  for (let year = 1; year <= 9999; year += 1) {
    const start = new Date(0)
    start.setUTCFullYear(year, 0, 1)
    for (const day of [0, 58, 59, 60, 364, 365]) {
      const time = start.getTime() + day * 86_400_000 + 86_399_000
      if (time > Date.UTC(9999, 11, 31, 23, 59, 59)) continue
      assert.equal(parseTime(formatTime(new Date(time)))?.getTime(), time)
    }
  }
})
