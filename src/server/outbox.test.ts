import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { Clock } from '../core/clock.ts'
import { openDatabase } from '../database/database.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { Outbox } from './outbox.ts'

const event = { kind: 'warning', text: 'look' } as const

async function listening(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** Counts what comes to it, and takes it. */
async function taking(t: TestContext) {
  const got: string[] = []
  const url = await listening(t, (request, response) => {
    got.push(String(request.headers['x-ferry-event']))
    response.writeHead(204).end()
  })
  return { url, got }
}

function world(t: TestContext, urls: readonly string[], clock: Clock) {
  const database = openDatabase(':memory:')
  const told: string[] = []
  const hooks = urls.map((url) => ({ url }))
  const outbox = new Outbox(database, clock, hooks, (text) => told.push(text))
  t.after(async () => {
    await outbox.end()
    database.close()
  })
  return { outbox, database, told }
}

/** Turns the clock until it is so; each turn also gives the network time. */
async function until(clock: FakeClock, isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5000 && !isSo(); turn += 1) await clock.advance(10)
  assert.ok(isSo())
}

test('a webhook that never answers keeps no other waiting, nor the end of the server', async (t) => {
  let asked = 0
  const hangs = await listening(t, () => (asked += 1))
  const { url, got } = await taking(t)
  const clock = new FakeClock()
  const { outbox } = world(t, [hangs, url], clock)
  for (let count = 0; count < 3; count += 1) outbox.emit(event)
  await until(clock, () => asked > 0 && got.length === 3 && outbox.waiting === 3)
  await outbox.end()
  assert.equal(asked, 1)
  assert.equal(outbox.waiting, 3)
})

test('that a webhook takes nothing is told once, until it takes something again', async (t) => {
  let status = 404
  const url = await listening(t, (_, response) => response.writeHead(status).end())
  const clock = new FakeClock()
  const { outbox, told } = world(t, [`${url}secret-path`], clock)
  for (let count = 0; count < 3; count += 1) outbox.emit(event)
  await until(clock, () => told.length > 0)
  await clock.advance(20_000)
  const { host } = new URL(url)
  assert.deepEqual(told, [`the webhook at ${host} takes no events, they wait: it answers 404`])
  status = 204
  await until(clock, () => outbox.waiting === 0)
  status = 500
  outbox.emit(event)
  await until(clock, () => told.length === 2)
  assert.match(told[1] ?? '', /it answers 500/u)
})

test('a webhook that cannot be reached is told with the reason', async (t) => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  const clock = new FakeClock()
  const { outbox, told } = world(t, [`http://127.0.0.1:${port}/`], clock)
  outbox.emit(event)
  await until(clock, () => told.length > 0)
  assert.match(told[0] ?? '', /they wait: .*ECONNREFUSED/u)
})

test('what was put there while the clock was wrong is sent when it is right', async (t) => {
  const { url, got } = await taking(t)
  const clock = new FakeClock()
  let wrongBy = 365 * 86_400_000
  const wrong: Clock = {
    now: () => clock.now() + wrongBy,
    ticks: () => clock.ticks(),
    after: (ms, run) => clock.after(ms, run),
  }
  const { outbox } = world(t, [url], wrong)
  outbox.emit(event)
  wrongBy = 0
  await until(clock, () => got.length === 1 && outbox.waiting === 0)
})

test('while the database cannot forget what was taken, it is not sent again and again', async (t) => {
  const { url, got } = await taking(t)
  const clock = new FakeClock()
  const { outbox, database, told } = world(t, [url], clock)
  database.run(`CREATE TRIGGER full BEFORE DELETE ON outbox BEGIN SELECT raise(FAIL, 'disk full'); END`)
  outbox.emit(event)
  await until(clock, () => told.length === 1)
  await clock.advance(9000)
  assert.deepEqual([got.length, told], [1, ['webhooks: disk full']])
  database.run('DROP TRIGGER full')
  await until(clock, () => outbox.waiting === 0)
  assert.deepEqual([got.length, new Set(got).size], [2, 1])
})

test('what waits for a webhook that is not named any more is dropped', async (t) => {
  const refuses = await listening(t, (_request, response) => response.writeHead(500).end())
  const clock = new FakeClock()
  const { outbox } = world(t, [refuses], clock)
  outbox.emit(event)
  assert.equal(outbox.waiting, 1)
  outbox.use([])
  assert.equal(outbox.waiting, 0)
})
