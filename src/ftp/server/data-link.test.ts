import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEpsvReply, parsePasvReply } from '../wire/address.ts'
import { ftpWorld } from '../../testing/ftp-world.ts'
import { readAll } from '../../testing/ftp-talk.ts'

const here = '192.0.2.50'

test('RFC 959 PASV: tells an address and port that take a data connection', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  const peer = parsePasvReply((await talk.say('PASV')).slice(4))
  assert.equal(peer?.address, '192.0.2.1')
  const data = await world.network.connect({
    host: '192.0.2.1',
    port: peer?.port ?? 0,
    localAddress: here,
    timeoutMs: 1000,
  })
  await talk.send('RETR a')
  assert.match(await talk.heard(), /^150 /)
  assert.equal((await readAll(data)).toString(), 'hello')
  assert.match(await talk.heard(), /^226 /)
})

test('RFC 959 PORT: the server connects to the client, from port 20', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  const arrived = Promise.withResolvers<Buffer>()
  const port = await world.network.listen({ host: here, port: 5001 }, (conn) => {
    assert.equal(conn.remote.port, 20)
    readAll(conn).then(arrived.resolve, arrived.reject)
  })
  assert.match(await talk.say('PORT 192,0,2,50,19,137'), /^200 /)
  assert.match(await talk.say('RETR a'), /^150 /)
  assert.equal((await arrived.promise).toString(), 'hello')
  assert.match(await talk.heard(), /^226 /)
  await port.close()
})

test('RFC 2428 EPRT: active mode over IPv6', async () => {
  await using world = await ftpWorld({ address: '2001:db8::1' })
  await world.put('/a', 'hello')
  const talk = await world.login('anna', 'secret', '2001:db8::50')
  const arrived = Promise.withResolvers<Buffer>()
  const port = await world.network.listen({ host: '2001:db8::50', port: 5001 }, (conn) => {
    readAll(conn).then(arrived.resolve, arrived.reject)
  })
  assert.match(await talk.say('EPRT |2|2001:db8::50|5001|'), /^200 /)
  assert.match(await talk.say('RETR a'), /^150 /)
  assert.equal((await arrived.promise).toString(), 'hello')
  await port.close()
})

test('an address that is none in EPRT or PORT means the client itself', async () => {
  await using world = await ftpWorld({ address: '2001:db8::1' })
  await world.put('/a', 'hello')
  const talk = await world.login('anna', 'secret', '2001:db8::50')
  const arrived = Promise.withResolvers<Buffer>()
  const port = await world.network.listen({ host: '2001:db8::50', port: 5001 }, (conn) => {
    readAll(conn).then(arrived.resolve, arrived.reject)
  })
  assert.match(await talk.say('EPRT |2|::|5001|'), /^200 .* 2001:db8::50 port 5001/)
  assert.match(await talk.say('RETR a'), /^150 /)
  assert.equal((await arrived.promise).toString(), 'hello')
  await port.close()
  const other = await world.login()
  assert.match(await other.say('PORT 0,0,0,0,19,137'), /^200 .* 192\.0\.2\.50 port 5001/)
})

test('RFC 2428 EPRT: an unknown family is 522 with the known ones, nonsense is 501', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('EPRT |7|x|5001|'), /^522 .*\(1,2\)/)
  assert.match(await talk.say('EPRT nonsense'), /^501 /)
})

test('RFC 2428 EPSV: 1 and 2 name the family, ALL forbids every other way', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('EPSV 1'), /^229 /)
  assert.match(await talk.say('EPSV 2'), /^522 .*\(1\)/)
  assert.match(await talk.say('EPSV 9'), /^522 /)
  assert.match(await talk.say('EPSV what'), /^501 /)
  assert.match(await talk.say('EPSV ALL'), /^200 /)
  assert.match(await talk.say('PASV'), /^503 /)
  assert.match(await talk.say('PORT 192,0,2,50,19,137'), /^503 /)
  assert.match(await talk.say('EPRT |1|192.0.2.50|5001|'), /^503 /)
  assert.match(await talk.say('EPSV'), /^229 /)
})

test('RFC 2428 EPSV: on IPv6, where PASV cannot help and says so', async () => {
  await using world = await ftpWorld({ address: '2001:db8::1' })
  await world.put('/a', 'hello')
  const talk = await world.login('anna', 'secret', '2001:db8::50')
  assert.match(await talk.say('PASV'), /^425 .*EPSV/)
  assert.match(await talk.say('EPSV 2'), /^229 /)
  assert.equal((await talk.fetch('RETR a')).data.toString(), 'hello')
})

test('blanks behind the argument of PORT and EPRT are passed over', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('PORT 192,0,2,50,200,1  '), /^200 /)
  assert.match(await talk.say('EPRT |1|192.0.2.50|51201| '), /^200 /)
  assert.match(await talk.say('PORT 192,0,2,50, 200,1'), /^501 /)
})

test('RFC 2577 PORT: never to a third party, never below 1024, and the reply says what was seen', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('PORT 198,51,100,7,19,137'), /^500 [^]*198\.51\.100\.7[^]*192\.0\.2\.50/)
  assert.match(await talk.say('PORT 192,0,2,50,0,25'), /^500 /)
  assert.match(await talk.say('EPRT |1|127.0.0.1|5001|'), /^500 /)
  assert.match(await talk.say('PORT 1,2,3'), /^501 /)
  assert.match(await talk.say('PORT 192,0,2,50,999,1'), /^501 /)
})

test('RFC 2577 PASV: a connection from another address is refused, and the right one still taken', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  const port = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  const thief = await world.network.connect({
    host: '192.0.2.1',
    port,
    localAddress: '203.0.113.9',
    timeoutMs: 1000,
  })
  await assert.rejects(readAll(thief))
  const data = await world.network.connect({ host: '192.0.2.1', port, localAddress: here, timeoutMs: 1000 })
  assert.match(await talk.say('RETR a'), /^150 /)
  assert.equal((await readAll(data)).toString(), 'hello')
  assert.match(world.told('warning')[0]?.text ?? '', /203\.0\.113\.9/)
})

test('RFC 2577 PASV: ports are chosen by chance, inside the range', async () => {
  await using world = await ftpWorld({ settings: { passive: { first: 50_000, last: 50_999 } } })
  const talk = await world.login()
  const ports = new Set<number>()
  for (let count = 0; count < 20; count += 1) {
    const port = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
    assert.ok(port >= 50_000 && port <= 50_999)
    ports.add(port)
  }
  assert.ok(ports.size > 10)
})

test('a second data connection to the same port is not taken', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  const port = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  const from = { host: '192.0.2.1', port, localAddress: here, timeoutMs: 1000 }
  const data = await world.network.connect(from)
  await assert.rejects(world.network.connect(from).then(readAll))
  assert.match(await talk.say('RETR a'), /^150 /)
  assert.equal((await readAll(data)).toString(), 'hello')
})

test('a new PASV closes the port of the one before', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  const first = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  await talk.say('EPSV')
  await assert.rejects(
    world.network.connect({ host: '192.0.2.1', port: first, localAddress: here, timeoutMs: 1000 }),
  )
})

test('a data connection that never comes is 425 after half a minute, and its port is closed', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  const port = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  await talk.send('RETR a')
  await world.clock.advance(31_000)
  assert.match(await talk.heard(), new RegExp(`^425 [^]*${port}[^]*firewall`))
  await assert.rejects(
    world.network.connect({ host: '192.0.2.1', port, localAddress: here, timeoutMs: 1000 }),
  )
})

test('a data connection that is cut before it could be taken is 425 within seconds, and the right one may still come', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  const port = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  await talk.send('RETR a')
  world.network.lose({ address: '192.0.2.1', port })
  await world.clock.advance(4000)
  assert.match(await talk.heard(), /^425 .*cut before/)
  const again = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  world.network.lose({ address: '192.0.2.1', port: again })
  const data = await world.network.connect({
    host: '192.0.2.1',
    port: again,
    localAddress: here,
    timeoutMs: 1000,
  })
  await talk.send('RETR a')
  assert.equal((await readAll(data)).toString(), 'hello')
  assert.match(await talk.heard(), /^150 /)
  assert.match(await talk.heard(), /^226 /)
})

test('a session whose client dies before its data connection is over within seconds', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  await talk.say('EPSV')
  await talk.send('RETR a')
  await world.clock.advance(1000)
  talk.conn.destroy()
  await world.clock.advance(2000)
  assert.deepEqual(world.told('closed'), [])
  await world.clock.advance(2000)
  assert.equal(world.told('closed').length, 1)
})

test('a client that closes its side of the control connection alone may still make its data connection', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  const port = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  await talk.send('RETR a')
  await talk.conn.end()
  await world.clock.advance(2000)
  const data = await world.network.connect({ host: '192.0.2.1', port, localAddress: here, timeoutMs: 1000 })
  assert.match(await talk.heard(), /^150 /)
  assert.equal((await readAll(data)).toString(), 'hello')
  assert.match(await talk.heard(), /^226 /)
  await talk.closed()
  const second = await world.login()
  await second.send(Buffer.from('EPSV\r\nRETR a\r\n'))
  await second.conn.end()
  assert.match(await second.heard(), /^229 /)
  await world.clock.advance(4000)
  assert.match(await second.heard(), /^425 .*control connection has ended/)
})

test('a passive port that nobody uses is closed after half a minute', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  const port = parseEpsvReply((await talk.say('EPSV')).slice(4)) ?? 0
  await world.clock.advance(31_000)
  await assert.rejects(
    world.network.connect({ host: '192.0.2.1', port, localAddress: here, timeoutMs: 1000 }),
  )
})

test('a transfer without an agreement is 425 and says what to send', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  assert.match(await talk.say('RETR a'), /^425 .*PASV/)
})

test('a failed RETR does not use up the agreement', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR missing'), /^550 /)
  assert.match(await talk.say('RETR a'), /^150 /)
  assert.equal((await readAll(data)).toString(), 'hello')
})

test('an active connection that is refused is 425 with the address and a way out', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  await talk.say('PORT 192,0,2,50,19,137')
  assert.match(await talk.say('RETR a'), /^425 [^]*192\.0\.2\.50 port 5001[^]*passive/)
})

test('passive mode can be off for servers that know PORT alone, and active mode too', async () => {
  await using passiveOff = await ftpWorld({ settings: { passive: 'off' } })
  const first = await passiveOff.login()
  assert.match(await first.say('PASV'), /^502 /)
  assert.match(await first.say('EPSV'), /^502 /)
  await using activeOff = await ftpWorld({ settings: { active: false } })
  const second = await activeOff.login()
  assert.match(await second.say('PORT 192,0,2,50,19,137'), /^502 /)
})

test('when another program has all passive ports the answer is 425 and names the range', async () => {
  await using world = await ftpWorld({ settings: { passive: { first: 50_000, last: 50_000 } } })
  const others = await world.network.listen({ host: '192.0.2.1', port: 50_000 }, (conn) => conn.destroy())
  const talk = await world.login()
  assert.match(await talk.say('EPSV'), /^425 .*50000/)
  await others.close()
  assert.match(await talk.say('EPSV'), /^229 /)
})

test('no port and no connection is left behind by sessions that end in any way', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const before = world.network.open
  const pending = await world.login()
  await pending.say('EPSV')
  const connected = await world.login()
  await connected.passive()
  const waiting = await world.login()
  await waiting.say('EPSV')
  await waiting.send('RETR a')
  for (const talk of [pending, connected, waiting]) talk.conn.destroy()
  await world.clock.advance(31_000)
  assert.deepEqual(world.network.open, before)
})
