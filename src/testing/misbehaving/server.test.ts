import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Network } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import { FtpTalk, readAll } from '../ftp-talk.ts'
import { fileBytes, fileLength } from './files.ts'
import { ftpScenarios } from './scenarios.ts'
import type { FtpScript } from './script.ts'
import { misbehavingServer, type MisbehavingServer } from './server.ts'

const network = memoryNetwork()

async function talkTo({ host, port }: MisbehavingServer, over: Network = network): Promise<FtpTalk> {
  return new FtpTalk(over, await over.connect({ host, port, timeoutMs: 1000 }))
}

function scriptOf(name: string): FtpScript {
  const scenario = ftpScenarios.find((scenario) => scenario.name === name)
  assert.ok(scenario)
  return scenario.script
}

test('scenarios have names of their own, and all that broke clients are there', () => {
  assert.equal(new Set(ftpScenarios.map(({ name }) => name)).size, ftpScenarios.length)
  assert.ok(ftpScenarios.length >= 37)
})

test('without a script it is a good server, over memory and over TCP', async () => {
  for (const over of [network, tcpNetwork()]) {
    await using server = await misbehavingServer({}, { network: over })
    const talk = await talkTo(server, over)
    assert.equal(await talk.heard(), '220 Ready')
    assert.match(await talk.say('USER x'), /^331/u)
    assert.equal(await talk.say('SIZE /file.bin'), `213 ${fileLength}`)
    const data = await talk.passive()
    assert.match(await talk.say('RETR file.bin'), /^150/u)
    assert.deepEqual(new Uint8Array(await readAll(data)), fileBytes)
    assert.match(await talk.heard(), /^226/u)
    assert.match(await talk.store('STOR new', 'some', 'thing'), /^226/u)
    assert.equal(Buffer.from(server.stored.get('/new') ?? []).toString(), 'something')
    assert.match(await talk.say('XYZ'), /^500/u)
    assert.match(await talk.say('QUIT'), /^221/u)
    assert.ok(await talk.closed())
    assert.equal(server.heard[0], 'USER x')
    assert.equal(server.connections, 1)
    talk.conn.destroy()
  }
})

test('a transfer can end early and be called whole', async () => {
  await using server = await misbehavingServer(scriptOf('40-percent-226'), { network })
  const talk = await talkTo(server)
  await talk.heard()
  const data = await talk.passive()
  assert.match(await talk.say('RETR /file.bin'), /^150/u)
  assert.equal((await readAll(data)).length, fileLength * 0.4)
  assert.match(await talk.heard(), /^226/u)
})

test('the first answer can differ from the later ones, and REST goes on where it says', async () => {
  await using server = await misbehavingServer(scriptOf('40-percent-426'), { network })
  const talk = await talkTo(server)
  await talk.heard()
  const first = await talk.passive()
  await talk.say('RETR /file.bin')
  const begin = await readAll(first)
  assert.match(await talk.heard(), /^426/u)
  const second = await talk.passive()
  assert.match(await talk.say(`REST ${begin.length}`), /^350/u)
  await talk.say('RETR /file.bin')
  assert.deepEqual(new Uint8Array(Buffer.concat([begin, await readAll(second)])), fileBytes)
})

test('a stalled transfer ends by ABOR, and by the end of the server', async () => {
  const server = await misbehavingServer(scriptOf('stall'), { network })
  const talk = await talkTo(server)
  await talk.heard()
  await talk.passive()
  assert.match(await talk.say('RETR /file.bin'), /^150/u)
  assert.match(await talk.say('ABOR'), /^426/u)
  assert.match(await talk.heard(), /^226/u)
  await talk.passive()
  assert.match(await talk.say('RETR /file.bin'), /^150/u)
  await server[Symbol.asyncDispose]()
  assert.ok(await talk.closed())
  assert.equal(network.open.ports, 0)
})

test('replies leave in pieces', async () => {
  await using server = await misbehavingServer({ pieces: 1 }, { network })
  const { host, port } = server
  const conn = await network.connect({ host, port, timeoutMs: 1000 })
  const first = await conn.read()
  assert.equal(
    first?.reduce((sum, { length }) => sum + length, 0),
    1,
  )
  conn.destroy()
})

test('active mode connects where PORT says', async () => {
  await using server = await misbehavingServer(scriptOf('only-active'), { network })
  const talk = await talkTo(server)
  await talk.heard()
  assert.match(await talk.say('EPSV'), /^500/u)
  const { promise, resolve } = Promise.withResolvers<Buffer>()
  const port = await network.listen(
    { host: '127.0.0.1', port: 0 },
    (conn) => void readAll(conn).then(resolve),
  )
  const number = port.local.port
  assert.match(await talk.say(`PORT 127,0,0,1,${number >> 8},${number & 255}`), /^200/u)
  await talk.say('LIST')
  assert.match((await promise).toString(), /100000 Jan {2}2 {2}2026 file\.bin/u)
  await port.close()
})
