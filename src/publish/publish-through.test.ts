import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkError, TrustError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import { parsePath } from '../core/path.ts'
import { farAddress, PublishedWorld } from '../testing/published-world.ts'
import { putFile } from '../testing/store-files.ts'

async function all(conn: Conn): Promise<string> {
  let text = ''
  for (let read = await conn.read(); read !== undefined; read = await conn.read())
    text += Buffer.concat(read).toString()
  return text
}

function portOf(reply: string): number {
  const [, high, low] = /\((?:\d+,){4}(\d+),(\d+)\)/u.exec(reply) ?? []
  return Number(high) * 256 + Number(low)
}

test('PASV tells the address of the SSH host and a port that it opened, and closes again', async () => {
  await using world = new PublishedWorld()
  await world.begin()
  await putFile(world.home, '/report', 'all of it')
  const talk = await world.login()
  const told = await talk.say('PASV')
  assert.match(told, /^227 .*\(192,0,2,1,/u)
  const data = await world.dial(portOf(told))
  assert.match(await talk.say('RETR report'), /^150/u)
  assert.equal(await all(data), 'all of it')
  assert.match(await talk.heard(), /^226/u)
  await data.end()
  // For so long it is kept for the next transfer of the session.
  await world.clock.advance(2000)
  await assert.rejects(world.dial(portOf(told)), { fault: 'refused' })
})

test('the server knows each client by its own address, and that nothing is encrypted', async () => {
  await using world = new PublishedWorld()
  await world.begin()
  const talk = await world.login('203.0.113.9')
  assert.equal(world.events.of('login')[0]?.peer.address, '203.0.113.9')
  assert.match(await talk.say('STAT'), /You come from 203\.0\.113\.9 port \d+, in clear/u)
})

test('PORT has the SSH host connect to the client', async () => {
  await using world = new PublishedWorld()
  await world.begin()
  const talk = await world.login('198.51.100.7')
  const came = Promise.withResolvers<Conn>()
  const port = await world.outside.listen({ host: '198.51.100.7', port: 5001 }, came.resolve)
  assert.match(await talk.say('PORT 198,51,100,7,19,137'), /^200/u)
  await talk.send('STOR letter')
  const data = await came.promise
  await data.write(Buffer.from('dear'))
  await data.end()
  assert.match(await talk.heard(), /^150/u)
  assert.match(await talk.heard(), /^226/u)
  assert.equal((await world.home.stat(parsePath('/letter'))).size, 4)
  await port.close()
})

test('a link that is lost ends what came over it, and is made again by itself; here nothing is disturbed', async () => {
  await using world = new PublishedWorld()
  await world.begin()
  const talk = await world.login()
  const here = await world.near.connect({ host: '127.0.0.1', port: 21, timeoutMs: 1000 })
  await here.read()
  world.link?.cut()
  await assert.rejects(talk.heard())
  await world.until(() => world.events.of('closed').length === 1)
  assert.match(
    world.events.of('published')[0]?.text ?? '',
    /^the way through far\.example is lost: .*1 connection ended/u,
  )
  await world.clock.advance(1000)
  await world.until(() => world.events.of('published').length === 2)
  assert.deepEqual(world.events.of('published')[1], {
    kind: 'published',
    up: true,
    text: 'the way through far.example stands, after 1 s',
  })
  await world.until(() => world.link?.ports.has(21) === true)
  const again = await world.login()
  assert.match(await again.say('PASV'), /^227/u)
  await here.write(Buffer.from('NOOP\r\n'))
  assert.match(Buffer.concat((await here.read()) ?? []).toString(), /^200/u)
})

test('a host that is not there yet is tried again, slower and slower, and its ports open when it is', async () => {
  await using world = new PublishedWorld()
  const trouble = await world.published.begin()
  assert.ok(trouble instanceof NetworkError)
  const server = await world.serve()
  assert.equal(server.listeners.find(({ through }) => through !== undefined)?.through, 'far.example')
  await world.clock.advance(1000)
  await world.clock.advance(2000)
  assert.deepEqual(world.events.of('published'), [], 'the same trouble is told once')
  await world.hostUp()
  await world.clock.advance(4000)
  await world.until(() => world.link?.ports.has(21) === true)
  assert.match(await (await world.login()).say('NOOP'), /^200/u)
})

test('a port that the old connection still holds is asked for again, and told once', async () => {
  await using world = new PublishedWorld()
  await world.begin()
  world.refuses.add(21)
  world.link?.cut()
  await world.until(() => world.events.of('published').length === 1)
  await world.clock.advance(1000)
  await world.until(() => world.events.of('warning').length === 1)
  assert.match(world.events.of('warning')[0]?.text ?? '', /far\.example does not listen on port 21 for us/u)
  await world.clock.advance(2000)
  world.refuses.clear()
  await world.clock.advance(4000)
  await world.until(() => world.link?.ports.has(21) === true)
  assert.equal(world.events.of('warning').length, 1)
})

test('a port that is refused at the start is an error which says whose port it is', async () => {
  await using world = new PublishedWorld()
  await world.hostUp()
  await world.published.begin()
  world.refuses.add(21)
  await assert.rejects(world.serve(), { name: 'ListenError', through: 'far.example', port: 21 })
})

test('where no port is allowed, PASV gives up soon', async () => {
  await using world = new PublishedWorld()
  await world.begin()
  for (let port = 1024; port <= 65_535; port += 1) world.refuses.add(port)
  assert.match(await (await world.login()).say('PASV'), /^4\d\d .*far\.example does not listen/u)
})

test('a host that is not trusted is not tried again', async () => {
  await using world = new PublishedWorld()
  await world.hostUp()
  world.trust = {
    known: async () => [],
    check: () => Promise.reject(new TrustError('its key is another one')),
  }
  await assert.rejects(world.published.begin(), TrustError)
  assert.equal(world.clock.pending, 0)
})

test('the end closes the ports there and the connection', async () => {
  const world = new PublishedWorld()
  await world.begin()
  await world[Symbol.asyncDispose]()
  await world.link?.over
  await assert.rejects(world.dial(21), { fault: 'refused' })
  assert.equal(world.clock.pending, 0)
})

test('what is seen from here: nothing in the way, a loopback, or another address', async () => {
  await using world = new PublishedWorld()
  await world.begin()
  assert.equal(await world.published.probe(0), undefined)
  if (world.link !== undefined) world.link.address = '127.0.0.1'
  assert.match((await world.published.probe(0)) ?? '', /loopback alone.*GatewayPorts clientspecified/u)
  assert.equal(world.link?.ports.size, 1, 'nothing is left behind')
  assert.equal((await world.published.lookup('far.example'))[0], farAddress)
})
