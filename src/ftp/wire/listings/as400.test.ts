import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseListing } from './parse-listing.ts'

const now = Date.parse('2026-03-10T12:00:00Z')

/** The time that a listing of IBM i tells with such a date, to the second. */
function timesOf(...dates: readonly string[]): readonly (string | undefined)[] {
  const lines = dates.map((date, at) => `QPGMR           4096 ${date} *STMF      file ${at}.txt\n`)
  const { entries, unparsed } = parseListing(lines.join(''), now)
  assert.deepEqual(unparsed, [])
  assert.deepEqual(
    entries.map(({ name, size }) => `${name} ${size}`),
    dates.map((_, at) => `file ${at}.txt 4096`),
  )
  return entries.map(({ modified }) => modified && new Date(modified.ms).toISOString().slice(0, 19))
}

test('dates of IBM i stand as the job has them: DATFMT is the order, DATSEP the sign between', () => {
  const time = '2005-12-23T10:11:12'
  const dates = ['12/23/05', '23.12.05', '12,23,05', '23-12-05', '12 23 05', '05/357', '05.357', '2005-357']
  for (const date of dates) assert.deepEqual(timesOf(`${date} 10:11:12`), [time], date)
  assert.deepEqual(timesOf('12,23,05 10,11,12', '05/12/99 10.11.12'), [time, '1999-05-12T10:11:12'])
})

test('one date that can be read in one order alone tells that of the others', () => {
  const told = timesOf('05-10-11 10:11:12', '99-12-23 10:11:12')
  assert.deepEqual(told, ['2005-10-11T10:11:12', '1999-12-23T10:11:12'])
})

test('the last day of a leap year is its 366th, and other years have none', () => {
  assert.deepEqual(timesOf('04/366 10:11:12'), ['2004-12-31T10:11:12'])
  assert.deepEqual(timesOf('05/366 10:11:12'), [undefined])
})
