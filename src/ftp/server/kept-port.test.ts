import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FtpTalk } from '../../testing/ftp-talk.ts'
import { readAll } from '../../testing/ftp-talk.ts'
import { ftpWorld, type FtpWorld } from '../../testing/ftp-world.ts'
import { parseEpsvReply } from '../wire/address.ts'

const here = '192.0.2.50'

async function world(): Promise<{ place: FtpWorld; talk: FtpTalk } & AsyncDisposable> {
  const place = await ftpWorld()
  await place.put('/a', 'hello')
  return { place, talk: await place.login(), [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() }
}

/** Fetches a file through a port that was told, and gives the port. */
async function fetch({ network }: FtpWorld, talk: FtpTalk): Promise<number> {
  const port = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  const data = await network.connect({ host: '192.0.2.1', port, localAddress: here, timeoutMs: 1000 })
  assert.match(await talk.say('RETR a'), /^150 /)
  assert.equal((await readAll(data)).toString(), 'hello')
  assert.match(await talk.heard(), /^226 /)
  return port
}

test('RFC 2577 PASV: transfers that follow one another come to the same port, so many at most', async () => {
  await using one = await world()
  const ports: number[] = []
  for (let count = 0; count < 130; count += 1) ports.push(await fetch(one.place, one.talk))
  assert.equal(new Set(ports.slice(0, 64)).size, 1)
  assert.equal(new Set(ports).size, 3)
})

test('after two seconds it is another port, and the old one is closed', async () => {
  await using one = await world()
  const { ports } = one.place.network.open
  const first = await fetch(one.place, one.talk)
  assert.equal(one.place.network.open.ports, ports + 1)
  await one.place.clock.advance(1000)
  assert.equal(await fetch(one.place, one.talk), first)
  await one.place.clock.advance(2000)
  assert.equal(one.place.network.open.ports, ports)
  assert.notEqual(await fetch(one.place, one.talk), first)
})

test('a port where a stranger has knocked is not used again', async () => {
  await using one = await world()
  const first = await fetch(one.place, one.talk)
  const at = { host: '192.0.2.1', port: first, timeoutMs: 1000 }
  // Also one of the client's own address, who may be another behind its router.
  const stranger = await one.place.network.connect({ ...at, localAddress: here })
  await assert.rejects(readAll(stranger))
  assert.notEqual(await fetch(one.place, one.talk), first)
  await assert.rejects(one.place.network.connect({ ...at, localAddress: here }))
})

test('the port goes with the session, and with the agreement on another way', async () => {
  await using one = await world()
  const { ports } = one.place.network.open
  await fetch(one.place, one.talk)
  assert.match(await one.talk.say('PORT 192,0,2,50,19,137'), /^200 /)
  assert.equal(one.place.network.open.ports, ports)
  await fetch(one.place, one.talk)
  assert.match(await one.talk.say('REIN'), /^220 /)
  assert.equal(one.place.network.open.ports, ports)
})

test('an agreement that comes to nothing ends the port, whoever had kept it', async () => {
  await using one = await world()
  const { ports } = one.place.network.open
  await fetch(one.place, one.talk)
  await one.talk.say('EPSV')
  await one.place.clock.advance(31_000)
  assert.equal(one.place.network.open.ports, ports)
})
