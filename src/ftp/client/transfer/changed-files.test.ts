import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IncompleteError } from '../../../core/error.ts'
import { parsePath } from '../../../core/path.ts'
import type { RemoteFile, RemoteStore } from '../../../core/remote.ts'
import type { Entry } from '../../../core/store.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { fileBytes, fileLength } from '../../../testing/misbehaving/files.ts'
import { say, usual, type FtpScript, type Step } from '../../../testing/misbehaving/script.ts'
import { whileTurning } from '../../../testing/while-turning.ts'

const path = parsePath('/file.bin')
const first = say('213 20260101120000')
const later = say('213 20260101120005')
const half: Step = { kind: 'send', to: 0.5 }
const end: Step = { kind: 'end-data' }
const broken: readonly Step[] = [say('150 It comes'), half, { kind: 'cut-data' }, say('426 Cut')]

const known: Entry = {
  name: 'file.bin',
  kind: 'file',
  size: fileLength,
  modified: new Date('2026-01-01T12:00:00Z'),
}

/** Reads on from a place to the end. */
async function readFrom(file: RemoteFile, from: number): Promise<number> {
  const into = new Uint8Array(30_000)
  for (let at = from; ;) {
    const count = await file.read(into, at)
    if (count === 0) return at
    at += count
  }
}

function isChanged(thrown: unknown): boolean {
  assert.ok(thrown instanceof IncompleteError)
  assert.match(thrown.message, /changed while it was fetched/u)
  assert.equal(thrown.facts.anew, true)
  return true
}

/** Opens the file at such a server and reads it; the clock goes on while it waits. */
async function fetch(
  script: FtpScript,
  how: { readonly from?: number; readonly known?: Entry; readonly expected?: number },
) {
  const clock = new FakeClock()
  const reading = async (remote: RemoteStore): Promise<RemoteFile> => {
    const file = await remote.open(path, { read: true, ...how })
    try {
      await readFrom(file, how.from ?? 0)
      await file.close()
      return file
    } catch (thrown) {
      await file.abort(new Error('no file'))
      throw thrown
    }
  }
  const done = atMisbehaving(script, async (remote, { heard }) => ({ file: await reading(remote), heard }), {
    clock,
  })
  return whileTurning(clock, done)
}

test('a transfer that broke does not go on in another file of the same size', async () => {
  const script: FtpScript = { answers: { RETR: [broken, [usual]], MDTM: [[first], [later]] } }
  await assert.rejects(fetch(script, {}), isChanged)
  await assert.rejects(
    fetch(script, { known, expected: fileLength }).then(() =>
      fetch({ answers: { RETR: [broken, [usual]], MDTM: [[later]] } }, { known, expected: fileLength }),
    ),
    isChanged,
  )
})

test('it goes on in the same one, whatever its time means', async () => {
  const script: FtpScript = { answers: { RETR: [broken, [usual]], MDTM: [[later]] } }
  const { file, heard } = await fetch(script, {})
  assert.equal(file.completeness, 'proven')
  assert.ok(heard.includes(`REST ${fileLength / 2}`))
  assert.equal((await fetch({ ...script, unknown: ['MDTM'] }, { known })).file.completeness, 'proven')
})

const openBehind = (answer: Step, entry: Entry) =>
  fetch({ answers: { MDTM: [[answer]] } }, { from: 1000, known: entry })

test('what came before of a file that is another one by now is not gone on with', async () => {
  await assert.rejects(openBehind(later, known), isChanged)
  await assert.rejects(openBehind(first, { ...known, size: fileLength - 1 }), isChanged)
  assert.equal((await openBehind(first, known)).file.completeness, 'proven')
  assert.equal((await openBehind(say('550 Nobody knows'), known)).file.completeness, 'proven')
})

const listed = (modified: string) =>
  fetch(
    { answers: { MDTM: [[say('213 20260101120042')]] } },
    { from: 1000, known: { ...known, modified: new Date(modified), isVague: true } },
  )

test('a time that a listing told to the minute, or of another zone, is compared as far as it goes', async () => {
  for (const same of [
    '2026-01-01T12:00:00Z',
    '2026-01-01T10:00:00Z',
    '2026-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
  ])
    assert.equal((await listed(same)).file.completeness, 'proven')
  for (const other of ['2026-01-01T12:03:00Z', '2025-12-01T00:00:00Z'])
    await assert.rejects(listed(other), isChanged)
})

const facts = (text: string): readonly Step[] => [
  say(`250-It is\r\n type=file;size=${fileLength};${text} /file.bin\r\n250 So`),
]

const withFacts = (...answers: readonly (readonly Step[])[]): FtpScript => ({
  features: ['MLST type*;size*;modify*;unique*;', 'SIZE', 'MDTM', 'EPSV', 'REST STREAM'],
  answers: { RETR: [broken, [usual]], MLST: answers },
})

test('MLST is asked where there is one, and its unique fact counts', async () => {
  const old = facts('modify=20260101120000;unique=1')
  await assert.rejects(fetch(withFacts(old, facts('modify=20260101120000;unique=2')), {}), isChanged)
  await assert.rejects(fetch(withFacts(old, facts('modify=20260101120000.5;unique=1')), {}), isChanged)
  assert.equal((await fetch(withFacts(old), {})).file.completeness, 'proven')
})

/** It takes long, and meanwhile the file becomes what SIZE and MDTM say then. */
function meanwhile(size: number, time: Step, sent = 1): FtpScript {
  const slow: readonly Step[] = [
    say('150 It comes'),
    { kind: 'wait', ms: 10 },
    half,
    { kind: 'wait', ms: 9000 },
    { kind: 'send', from: 0.5, to: sent },
    end,
    say('226 Sent'),
  ]
  return {
    answers: {
      RETR: [slow],
      SIZE: [[say(`213 ${fileLength}`)], [say(`213 ${size}`)]],
      MDTM: [[first], [time]],
    },
  }
}

test('a file that is written over while it comes is none, of whatever size it is then', async () => {
  for (const [size, sent] of [
    [fileLength, 1],
    [fileLength - 10, 1],
    [10, 0.5],
    [fileLength * 2, 0.7],
  ] as const)
    await assert.rejects(fetch(meanwhile(size, later, sent), {}), isChanged)
  const listed = { known, expected: fileLength }
  const script = meanwhile(fileLength, later)
  await assert.rejects(
    fetch({ answers: { ...script.answers, SIZE: [[say(`213 ${fileLength}`)]], MDTM: [[later]] } }, listed),
    isChanged,
  )
})

test('one that grows, as logs do, is what it was, and that it grew is told', async () => {
  const { file } = await fetch(meanwhile(fileLength + 500, later), {})
  assert.deepEqual([file.completeness, file.grew], ['size-only', true])
})

test('one that stays as it is is proven, also where nobody tells a time', async () => {
  const { file } = await fetch(meanwhile(fileLength, first), {})
  assert.deepEqual([file.completeness, file.grew], ['proven', false])
  assert.equal((await fetch(meanwhile(fileLength, say('502 No MDTM')), {})).file.completeness, 'proven')
})

test('short transfers cost a question now and then, and little files none', async () => {
  const little = parsePath('/little')
  await atMisbehaving(
    { files: { '/file.bin': fileBytes, '/little': 'x' }, answers: { MDTM: [[first]] } },
    async (remote, { heard }) => {
      const get = async (from: typeof path, expected: number): Promise<void> => {
        const file = await remote.open(from, { read: true, expected, known: { ...known, size: expected } })
        await readFrom(file, 0)
        await file.close()
      }
      for (let count = 0; count < 3; count += 1) await get(little, 1)
      assert.equal(heard.filter((line) => line.startsWith('MDTM')).length, 0)
      for (let count = 0; count < 3; count += 1) await get(path, fileLength)
      assert.equal(heard.filter((line) => line.startsWith('MDTM')).length, 1)
    },
  )
})

const lost: readonly Step[] = [say('150 It comes'), { kind: 'send' }, end, { kind: 'cut' }]

const losing = (time: Step): FtpScript => ({ answers: { RETR: [lost], MDTM: [[first], [time]] } })

test('where the last word is lost, another session tells whether the file stayed what it was', async () => {
  assert.equal((await fetch(losing(first), {})).file.completeness, 'size-only')
  await assert.rejects(fetch(losing(later), {}), isChanged)
  const gone: FtpScript = { answers: { ...losing(first).answers, USER: [[usual], [say('421 Too many')]] } }
  assert.equal((await fetch(gone, {})).file.completeness, 'size-only')
})
