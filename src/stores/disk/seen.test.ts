import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { rowsOf, type Rows } from '../../core/rows.ts'
import { allFacts, formatFacts } from '../../ftp/wire/mlsx.ts'
import { formatListing } from '../../wire/ls-line.ts'
import { Entries } from './entries.ts'
import { owners } from './owners.ts'
import { Seen } from './seen.ts'

function factsOf(rows: Rows): string[] {
  const lines: string[] = []
  rows((row) => lines.push(formatFacts(row, new Set(allFacts), { perm: 'r', name: row.name })))
  return lines
}

test('rows and entries are printed as the same bytes', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'ferry-seen-'))
  context.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'file'), 'content', { mode: 0o640 })
  writeFileSync(join(directory, 'Grüße'), '')
  if (process.platform === 'linux') writeFileSync(Buffer.from(join(directory, 'caf\xe9'), 'latin1'), '')
  mkdirSync(join(directory, 'folder'))
  symlinkSync('where it leads', join(directory, 'link'))
  writeFileSync(join(directory, 'old'), '')
  utimesSync(join(directory, 'old'), 0, -86_400.5)
  writeFileSync(join(directory, 'yet to come'), '')
  utimesSync(join(directory, 'yet to come'), 0, 4_102_444_800.9996)
  const names = [...readdirSync(directory, 'latin1'), 'gone', 'x'.repeat(300)]
  const seen = await new Entries(await owners(), systemClock).look(directory, names)
  const entries = seen.entries()
  assert.equal(entries.length, names.length - 1)
  const now = systemClock.now()
  assert.equal(formatListing(seen.rows, now), formatListing(rowsOf(entries), now))
  assert.deepEqual(factsOf(seen.rows), factsOf(rowsOf(entries)))
})

test('a file whose number came rounded has no id, in rows as in entries', async () => {
  const stats = { mode: 0o100_644, nlink: 1, size: 5, mtimeMs: 1000, birthtimeMs: 0, uid: 0, gid: 0, dev: 3 }
  const seen = new Seen(['sure', 'rounded'], await owners())
  seen.note(0, { ...stats, ino: Number.MAX_SAFE_INTEGER }, undefined)
  seen.note(1, { ...stats, ino: Number.MAX_SAFE_INTEGER + 1 }, undefined)
  const ids: (string | undefined)[] = []
  seen.rows((row) => ids.push(row.id))
  assert.deepEqual(ids, ['3-9007199254740991', undefined])
  assert.deepEqual(
    seen.entries().map(({ id, created }) => [id, created]),
    [
      ['3-9007199254740991', undefined],
      [undefined, undefined],
    ],
  )
})
