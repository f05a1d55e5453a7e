import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rootPath } from '../../../core/path.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import type { FtpScript } from '../../../testing/misbehaving/script.ts'

/** The times that a client sees in two listings, and what it said for them. */
function times(script: FtpScript): Promise<{ first: string[]; second: string[]; heard: readonly string[] }> {
  return atMisbehaving(script, async (remote, { heard }) => {
    const look = async (): Promise<string[]> => {
      const seen: string[] = []
      for await (const batch of remote.list(rootPath)) {
        seen.push(...batch.map(({ name, modified }) => `${name} ${modified.toISOString().slice(0, 16)}`))
      }
      return seen
    }
    return { first: await look(), second: await look(), heard }
  })
}

const listing =
  '-rw-r--r-- 1 u g 5 Nov 20 14:30 file.bin\r\n-rw-r--r-- 1 u g 5 Jul  1  2026 old\r\ndrwxr-xr-x 1 u g 5 Nov 20 01:00 d\r\n'

test('times of LIST are in the zone that MDTM of one file shows, which is asked once', async () => {
  const { first, second, heard } = await times({
    listing,
    answers: { MDTM: [[{ kind: 'say', text: '213 20261120123011' }]] },
  })
  assert.deepEqual(first, ['file.bin 2026-11-20T12:30', 'old 2026-07-01T00:00', 'd 2026-11-19T23:00'])
  assert.deepEqual(second, first)
  assert.equal(heard.filter((line) => line.startsWith('MDTM')).length, 1)
})

test('where MDTM is not known, or tells nonsense, times stay as they are written', async () => {
  const asWritten = ['file.bin 2026-11-20T14:30', 'old 2026-07-01T00:00', 'd 2026-11-20T01:00']
  assert.deepEqual((await times({ listing, unknown: ['MDTM'] })).second, asWritten)
  const nonsense = { answers: { MDTM: [[{ kind: 'say', text: '213 20200101000700' }]] } } as const
  assert.deepEqual((await times({ listing, ...nonsense })).first, asWritten)
})

test('lines that nobody can read make no empty directory: the names are asked about one by one', async () => {
  const { first, heard } = await times({ listing: 'what is this?\r\nnobody knows\r\n' })
  assert.deepEqual(first, ['file.bin 2026-01-02T03:04'])
  assert.ok(heard.includes('NLST'))
})

function names(seen: readonly string[]): string[] {
  return seen.map((text) => text.slice(0, -17))
}

test('blanks before all names are of the names where the server knows a file by them, and else a margin', async () => {
  const lines = ['a', 'b', 'c'].map((name) => `-rw-r--r-- 1 u g 5 Nov 20 14:30  ${name}\r\n`).join('')
  const theirs = await times({ listing: lines, files: { '/ a': 'bytes', '/ b': 'bytes', '/ c': 'bytes' } })
  assert.deepEqual(names(theirs.first), [' a', ' b', ' c'])
  assert.deepEqual(names(theirs.second), [' a', ' b', ' c'])
  assert.equal(theirs.heard.filter((line) => line.startsWith('SIZE')).length, 1)
  assert.ok(theirs.heard.includes('MDTM / a'))
  const margin = await times({ listing: lines, files: { '/a': 'bytes', '/b': 'bytes', '/c': 'bytes' } })
  assert.deepEqual(names(margin.first), ['a', 'b', 'c'])
  assert.equal(margin.heard.filter((line) => line.startsWith('SIZE')).length, 1)
})
