import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, IncompleteError, NetworkError, asError } from '../../../core/error.ts'
import { parsePath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { memoryNetwork } from '../../../net/memory.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { fileBytes } from '../../../testing/misbehaving/files.ts'
import { say, usual, type FtpScript, type Step } from '../../../testing/misbehaving/script.ts'
import { misbehavingServer } from '../../../testing/misbehaving/server.ts'
import { connectFtp } from '../connect.ts'

/* Replies that nobody asked for, that come twice, or that are of the wrong kind. */

const file = parsePath('/file.bin')
const send: readonly Step[] = [{ kind: 'send' }, { kind: 'end-data' }, say('226 Sent')]

async function fetched(remote: RemoteStore): Promise<string> {
  const opened = await remote.open(file, { read: true })
  const bytes = new Uint8Array(fileBytes.length + 1)
  const count = await opened.read(bytes, 0)
  await opened.close()
  assert.deepEqual(bytes.subarray(0, count), fileBytes)
  return opened.completeness
}

test('150 said twice is no end of a transfer, and what comes next has its own answer', async () => {
  const script: FtpScript = { answers: { RETR: [[say('150 Here'), say('150 it comes'), ...send]] } }
  await atMisbehaving(script, async (remote) => {
    assert.equal(await fetched(remote), 'proven')
    assert.equal(await fetched(remote), 'proven')
    assert.equal((await remote.stat(file)).size, fileBytes.length)
  })
})

test('a reply that comes twice is not taken for the answer to the next question', async () => {
  const twice: readonly Step[] = [{ kind: 'bytes', bytes: '200 Type set\r\n200 Type set\r\n' }]
  const heard = await atMisbehaving({ answers: { TYPE: [twice] } }, async (remote, { heard }) => {
    assert.equal(await fetched(remote), 'proven')
    return heard
  })
  assert.ok(!heard.includes('PASV'), heard.join('\n'))
})

test('words about what goes on are no answer', async () => {
  const script: FtpScript = { answers: { DELE: [[say('150 Looking'), say('550 No such file')]] } }
  await atMisbehaving(script, async (remote) => {
    await assert.rejects(remote.remove(file), { name: 'FileError', fault: 'not-found' })
  })
})

test('who wants to know more has done nothing yet', async () => {
  await atMisbehaving(
    { answers: { DELE: [[say('350 Sure?')]], STOR: [[say('332 Account')]] } },
    async (remote) => {
      await assert.rejects(remote.remove(file), (error) => error instanceof FileError)
      const opening = remote.open(parsePath('/new'), { write: true, create: 'allow', truncate: true })
      await assert.rejects(opening, (error) => error instanceof FileError && error.facts.code === 332)
    },
  )
})

test('who wants to know more of a file sends none of it, also where RETR went with the question for a port', async () => {
  await atMisbehaving({ answers: { RETR: [[usual], [say('350 More?')]] } }, async (remote, { heard }) => {
    assert.equal(await fetched(remote), 'proven')
    const before = heard.length
    await assert.rejects(remote.open(file, { read: true }), (error) => error instanceof FileError)
    assert.deepEqual(
      heard.slice(before).filter((line) => line.startsWith('RETR')),
      ['RETR /file.bin'],
    )
  })
})

test('a success that was said before a byte was sent is none', async () => {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const SIZE = [[say('550 Not told')]]
  await using server = await misbehavingServer(
    { answers: { STOR: [[say('226 Stored')]], SIZE } },
    { network, clock },
  )
  const { host, port } = server
  const ask = { secret: async () => 'secret', trust: async () => 'no' as const }
  const remote = await connectFtp({ network, clock, host, port, user: 'test', ask })
  const opened = await remote.open(parsePath('/new'), { write: true, create: 'allow', truncate: true })
  await opened.write([new Uint8Array(5)], 0)
  const closing = opened.close().catch(asError)
  for (let waited = 0; waited < 10_000; waited += 1000) await clock.advance(1000)
  const ended = await Promise.race([closing, Promise.resolve('it still waits')])
  assert.ok(ended instanceof IncompleteError)
})

test('empty lines between replies are nothing', async () => {
  const greeting: readonly Step[] = [{ kind: 'bytes', bytes: '\r\n\r\n220 Ready\r\n\r\n' }]
  await atMisbehaving(
    { greeting, answers: { TYPE: [[{ kind: 'bytes', bytes: '200 Set\r\n\r\n' }]] } },
    async (remote) => {
      assert.equal(await fetched(remote), 'proven')
    },
  )
})

test('a size that is written for people is not believed', async () => {
  await atMisbehaving({ answers: { SIZE: [[say('213 100,000')]] } }, async (remote) => {
    assert.equal(await fetched(remote), 'unproven')
  })
  await atMisbehaving({ answers: { SIZE: [[say('213  100000 bytes')]] } }, async (remote) => {
    assert.equal(await fetched(remote), 'proven')
  })
})

test('a time is read where its year counts from 1900, and with a word behind it', async () => {
  for (const told of ['213 191260102030405', '213 20260102030405.000 UTC']) {
    await atMisbehaving({ answers: { MDTM: [[say(told)]] } }, async (remote) => {
      assert.equal((await remote.stat(file)).modified.toISOString(), '2026-01-02T03:04:05.000Z')
    })
  }
})

test('the facts are found where the words around them name a file with an equals sign', async () => {
  const facts = '250-a=b.txt:\r\n type=file;size=5;modify=20260102030405; a=b.txt\r\n250 End'
  await atMisbehaving({ facts: '', answers: { MLST: [[say(facts)]] } }, async (remote) => {
    assert.equal((await remote.stat(parsePath('/a=b.txt'))).size, 5)
  })
})

test('a reply of which a byte comes now and then is waited for only so long', async () => {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const drop: readonly Step[] = [
    { kind: 'bytes', bytes: 'x' },
    { kind: 'wait', ms: 3000 },
  ]
  const PWD = [
    [{ kind: 'bytes', bytes: '257-' } as const, ...Array.from({ length: 100 }, () => drop).flat(), usual],
  ]
  await using server = await misbehavingServer({ answers: { PWD } }, { network, clock })
  const { host, port } = server
  const ask = { secret: async () => 'secret', trust: async () => 'no' as const }
  const connecting = connectFtp({ network, clock, host, port, user: 'test', ask, silenceMs: 4000 }).catch(
    asError,
  )
  for (let waited = 0; waited < 60_000; waited += 1000) await clock.advance(1000)
  const ended = await Promise.race([connecting, Promise.resolve('it still waits')])
  assert.ok(ended instanceof NetworkError && ended.fault === 'timeout')
})
