import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rootPath } from '../../../core/path.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { say, type FtpScript } from '../../../testing/misbehaving/script.ts'

/** What a client sees in a listing, and how often it asked for names alone. */
function seen(script: FtpScript): Promise<{ files: string[]; asked: number; listed: number }> {
  return atMisbehaving(script, async (remote, { heard }) => {
    const files: string[] = []
    for await (const batch of remote.list(rootPath))
      files.push(...batch.map(({ name, size, rounded }) => `${name} ${rounded ? '?' : size}`))
    return {
      files: files.toSorted(),
      asked: heard.filter((line) => line === 'NLST').length,
      listed: heard.filter((line) => line.startsWith('LIST')).length,
    }
  })
}

const sure = '-rw-r--r-- 1 u g 3 Jan  2  2026 sure\r\n'
/** A date in a form that nobody has seen stands before the name, and may be of it. */
const guessed = '-rw-r--r-- 1 u g 5 12 Nones MMXXVI b\r\n'

test('a name that is guessed from a line is held against those that NLST tells', async () => {
  const files = { '/sure': 'abc', '/b': 'bytes' }
  assert.deepEqual(await seen({ listing: sure + guessed, files }), {
    files: ['b 5', 'sure 3'],
    asked: 1,
    listed: 1,
  })
})

test('a guess that NLST confirms stays as the line told it, and nothing more is asked about it', async () => {
  const files = { '/sure': 'abc', '/12 Nones MMXXVI b': 'others' }
  assert.deepEqual(await seen({ listing: guessed + sure, files }), {
    files: ['12 Nones MMXXVI b 5', 'sure 3'],
    asked: 1,
    listed: 1,
  })
})

test('guesses stay where NLST is refused, and where it tells of nothing that the line could be', async () => {
  const answers = { NLST: [[say('502 No NLST here')]] }
  const { files, listed } = await seen({ listing: guessed, answers })
  assert.deepEqual([files, listed], [['12 Nones MMXXVI b 5'], 1])
  // Many servers name no directories.
  assert.deepEqual((await seen({ listing: sure + guessed, files: { '/sure': 'abc' } })).files, [
    '12 Nones MMXXVI b 5',
    'sure 3',
  ])
})

test('where no name is guessed NLST is not asked', async () => {
  assert.deepEqual(await seen({ listing: sure }), { files: ['sure 3'], asked: 0, listed: 1 })
})
