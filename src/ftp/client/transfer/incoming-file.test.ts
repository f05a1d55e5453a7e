import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, IncompleteError } from '../../../core/error.ts'
import { parsePath } from '../../../core/path.ts'
import type { RemoteFile, RemoteStore } from '../../../core/remote.ts'
import { memoryNetwork } from '../../../net/memory.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import {
  fileBytes,
  ftpScenarios,
  misbehavingServer,
  type FtpScript,
  type MisbehavingServer,
  type Step,
} from '../../../testing/index.ts'
import { connectFtp } from '../connect.ts'

const path = parsePath('/file.bin')

/** A client that tries nothing twice unless it is told to, and the server that it is with. */
async function meet(
  script: FtpScript,
  retries = 0,
): Promise<{ remote: RemoteStore; server: MisbehavingServer }> {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const server = await misbehavingServer(script, { network, clock })
  const remote = await connectFtp({
    network,
    clock,
    host: server.host,
    port: server.port,
    user: 'test',
    ask: { secret: async () => 'secret', trust: async () => 'no' },
    retries,
  })
  return { remote, server }
}

function scriptOf(name: string): FtpScript {
  const scenario = ftpScenarios.find((one) => one.name === name)
  assert.ok(scenario !== undefined)
  return scenario.script
}

/** Reads by hand, as a stream does, with nobody around who would compare sizes. */
async function readAll(file: RemoteFile, from = 0): Promise<Uint8Array> {
  const bytes = new Uint8Array(fileBytes.length + 1)
  let at = from
  for (;;) {
    const count = await file.read(bytes.subarray(at, at + 30_000), at)
    if (count === 0) return bytes.slice(from, at)
    at += count
  }
}

const send: Step = { kind: 'send' }
const usual: Step = { kind: 'usual' }

function say(text: string): Step {
  return { kind: 'say', text }
}

/** How many bytes come, however many there should be. */
async function readLong(file: RemoteFile): Promise<number> {
  const into = new Uint8Array(30_000)
  for (let at = 0; ;) {
    const count = await file.read(into, at)
    if (count === 0) return at
    at += count
  }
}

void test('a file that ends short and is called whole is an error to whoever reads it', async () => {
  const { remote, server } = await meet(scriptOf('40-percent-226'))
  const file = await remote.open(path, { read: true })
  await assert.rejects(readAll(file), (error) => {
    assert.ok(error instanceof IncompleteError)
    assert.deepEqual([error.arrived, error.expected], [40_000, 100_000])
    return true
  })
  await file.abort(new Error('short'))
  await server[Symbol.asyncDispose]()
})

void test('a whole file is proven by its size and the last reply', async () => {
  const { remote, server } = await meet({})
  const file = await remote.open(path, { read: true })
  assert.deepEqual(await readAll(file), fileBytes)
  await file.close()
  assert.equal(file.completeness, 'proven')
  await server[Symbol.asyncDispose]()
})

void test('a server that cannot begin in the middle is not taken at the beginning for it', async () => {
  const { remote, server } = await meet({ unknown: ['REST'] })
  await assert.rejects(
    remote.open(path, { read: true, from: 1000 }),
    (error) =>
      error instanceof FileError &&
      error.fault === 'unsupported' &&
      error.facts.hint === 'Without --resume all of it is moved, from its beginning.',
  )
  await server[Symbol.asyncDispose]()
})

void test('what a listing told is enough: SIZE is not asked where that many bytes come', async () => {
  const { remote, server } = await meet({})
  const before = server.heard.length
  const file = await remote.open(path, { read: true, expected: fileBytes.length })
  assert.deepEqual(await readAll(file), fileBytes)
  await file.close()
  assert.equal(file.completeness, 'proven')
  assert.doesNotMatch(server.heard.slice(before).join('\n'), /SIZE/u)
  await server[Symbol.asyncDispose]()
})

void test('a file that comes short of its listing and is called whole is an error', async () => {
  for (const unknown of [[], ['SIZE']]) {
    const { remote, server } = await meet({ ...scriptOf('40-percent-226'), unknown })
    const file = await remote.open(path, { read: true, expected: fileBytes.length })
    await assert.rejects(readAll(file), IncompleteError)
    await file.abort(new Error('short'))
    await server[Symbol.asyncDispose]()
  }
})

void test('a file that has grown since its listing is whole when SIZE says so, and unproven without it', async () => {
  for (const [unknown, completeness] of [
    [[], 'proven'],
    [['SIZE'], 'unproven'],
  ] as const) {
    const { remote, server } = await meet({ unknown })
    const file = await remote.open(path, { read: true, expected: 30_000 })
    assert.deepEqual(await readAll(file), fileBytes)
    await file.close()
    assert.equal(file.completeness, completeness)
    await server[Symbol.asyncDispose]()
  }
})

void test('where more comes than there is and then breaks, nothing behind the end is fetched and called the file', async () => {
  const more: FtpScript = {
    answers: { RETR: [[say('150 Here'), send, send, { kind: 'cut-data' }], [usual]] },
  }
  const { remote, server } = await meet(more, 1)
  const file = await remote.open(path, { read: true })
  await assert.rejects(readLong(file), (error) => {
    assert.ok(error instanceof IncompleteError)
    assert.match(error.message, /200000 bytes came where it has 100000/u)
    return true
  })
  await file.abort(new Error('too much'))
  await server[Symbol.asyncDispose]()
})

void test('a file that grew while it was fetched is whole when SIZE says so then, and else not proven', async () => {
  for (const [later, completeness] of [
    [200_000, 'proven'],
    [100_000, 'unproven'],
    [250_000, 'unproven'],
  ] as const) {
    const { remote, server } = await meet({
      answers: {
        SIZE: [[say('213 100000')], [say(`213 ${later}`)]],
        RETR: [[say('150 Here'), send, send, { kind: 'end-data' }, say('226 Done')]],
      },
    })
    const file = await remote.open(path, { read: true })
    assert.equal(await readLong(file), 200_000)
    await file.close()
    assert.equal(file.completeness, completeness)
    await server[Symbol.asyncDispose]()
  }
})

test('a server that takes REST and sends the file from its beginning all the same gives no whole file', async () => {
  const tooMuch = [say('150 Here it comes'), send, send, { kind: 'end-data' }, say('226 Done')] as const
  const { remote } = await meet({ answers: { RETR: [tooMuch] } })
  const file = await remote.open(path, { read: true, from: 40_000 })
  const into = new Uint8Array(2 * fileBytes.length)
  await assert.rejects(
    async () => {
      for (let at = 40_000; ;) {
        const count = await file.read(into.subarray(at), at)
        if (count === 0) return
        at += count
      }
    },
    (thrown) => thrown instanceof IncompleteError && thrown.facts.hint?.includes('--resume') === true,
  )
  await remote.end()
})

test('bytes of which the server says that they are not the file are none, however often it may be tried', async () => {
  const torn = say('451 It was written over meanwhile')
  for (const end of ['end-data', 'cut-data'] as const) {
    const answers = { RETR: [[say('150 It comes'), send, { kind: end }, torn], [usual]] }
    const { remote, server } = await meet({ answers }, 3)
    const reading = async (): Promise<Uint8Array> => readAll(await remote.open(path, { read: true }))
    await assert.rejects(reading, (error) => {
      assert.ok(error instanceof IncompleteError)
      assert.equal(error.facts.code, 451)
      assert.equal(error.facts.anew, true)
      return /not the file/u.test(error.message)
    })
    assert.equal(server.heard.filter((line) => line.startsWith('RETR')).length, 1)
    await remote.end()
    await server[Symbol.asyncDispose]()
  }
})
