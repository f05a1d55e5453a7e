import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settle } from '../../testing/fake-clock.ts'
import { ftpWorld } from '../../testing/ftp-world.ts'
import { readAll } from '../../testing/ftp-talk.ts'

test('RFC 959 replies: a command cut anywhere on its way is the same command', async () => {
  await using world = await ftpWorld({ chop: 'bytes' })
  const talk = await world.connect()
  assert.match(await talk.say('USER anna'), /^331 /)
  assert.match(await talk.say('PASS secret'), /^230 /)
})

test('RFC 959 replies: pipelined commands are answered one by one, in order', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  await talk.send(Buffer.from('USER anna\r\nPASS secret\r\nPWD\r\nTYPE I\r\nSYST\r\nQUIT\r\n'))
  const codes = []
  for (let count = 0; count < 6; count += 1) codes.push((await talk.reply()).code)
  assert.deepEqual(codes, [331, 230, 257, 200, 215, 221])
  assert.ok(await talk.closed())
})

test('RFC 959 replies: verbs are taken in any case, lines may end in LF alone', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  await talk.send(Buffer.from('noop\nNoOp\r\n'))
  assert.match(await talk.heard(), /^200 /)
  assert.match(await talk.heard(), /^200 /)
})

test('RFC 959 replies: an unknown command is 500, one that needs a login 530, one without its argument 501', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('FROB x'), /^500 /)
  assert.match(await talk.say('PWD'), /^530 /)
  assert.match(await talk.say('RETR a'), /^530 /)
  assert.match(await talk.say('USER'), /^501 /)
})

test('a line of a megabyte is answered 500 once and costs no memory, and the next command works', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  await talk.send(Buffer.concat([Buffer.alloc(1024 * 1024, 'a'), Buffer.from('\r\n')]))
  assert.match(await talk.heard(), /^500 /)
  assert.match(await talk.say('NOOP'), /^200 /)
})

test('twenty bad commands end the session', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  for (let count = 1; count < 20; count += 1) assert.match(await talk.say(`X${'Y'.repeat(count)}`), /^500 /)
  assert.match(await talk.say('NONSENSE'), /^421 /)
  assert.ok(await talk.closed())
})

test('garbage, NULs and half lines are bad commands and nothing worse', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  await talk.send(Buffer.from([0, 1, 2, 3, 13, 10]))
  assert.match(await talk.heard(), /^500 /)
  await talk.send(Buffer.from('NO'))
  await talk.send(Buffer.from('OP\r'))
  await talk.send(Buffer.from('\n'))
  assert.match(await talk.heard(), /^200 /)
})

test('an HTTP request ends the session with its first line', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  await talk.send(Buffer.from('POST / HTTP/1.1\r\nHost: x\r\n\r\nUSER anna\r\n'))
  assert.match(await talk.heard(), /^421 .*HTTP/)
  assert.ok(await talk.closed())
})

test('SSH and TLS clients are told what this is', async () => {
  await using world = await ftpWorld()
  const ssh = await world.connect()
  await ssh.send('SSH-2.0-OpenSSH_9.2')
  assert.match(await ssh.heard(), /^421 .*SSH/)
  const tls = await world.connect()
  await tls.send(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x0a, 0x0a]))
  assert.match(await tls.heard(), /^421 .*TLS/)
})

test('RFC 1123 Telnet: IAC sequences in a line are taken out, options are refused', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  // IP and DM before ABOR, as RFC 959 asks of clients; Linux takes the urgent DM out of the stream.
  await talk.send(Buffer.concat([Buffer.from([0xff, 0xf4, 0xff, 0xf2]), Buffer.from('NOOP\r\n')]))
  assert.match(await talk.heard(), /^200 /)
  await talk.send(Buffer.concat([Buffer.from([0xff, 0xf4, 0xff]), Buffer.from('NOOP\r\n')]))
  assert.match(await talk.heard(), /^200 /)
  await talk.send(Buffer.concat([Buffer.from([0xff, 0xfd, 0x01]), Buffer.from('NOOP\r\n')]))
  const answered = await talk.conn.read()
  assert.deepEqual([...(answered?.[0] ?? [])].slice(0, 3), [0xff, 0xfc, 0x01])
})

test('RFC 1123 ABOR: during a transfer it ends it with 426 and is answered 226', async () => {
  await using world = await ftpWorld()
  await world.put('/big', Buffer.alloc(8 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR big'), /^150 /)
  await data.read()
  await talk.send('ABOR')
  assert.match(await talk.heard(), /^426 /)
  assert.match(await talk.heard(), /^226 /)
  await assert.rejects(readAll(data))
  assert.match(await talk.say('NOOP'), /^200 /)
})

test('RFC 1123 ABOR: it is answered at once also where the transfer waits for its turn at a limited speed', async () => {
  const slow = { rate: { download: 1000, upload: 1000 } }
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', home, rules: slow }],
  })
  await world.put('/big', 'x'.repeat(500_000))
  const talk = await world.login()
  for (const verb of ['RETR big', 'STOR other']) {
    const data = await talk.passive()
    assert.match(await talk.say(verb), /^150 /)
    if (verb.startsWith('STOR')) await data.write(Buffer.alloc(50_000))
    await settle()
    await talk.send('ABOR')
    assert.match(await talk.heard(), /^426 /)
    assert.match(await talk.heard(), /^226 /)
  }
  assert.deepEqual(await world.names(), ['big'])
})

test('RFC 1123 ABOR and STAT: they count without an LF, as Python and Ruby send that urgently and the system takes it away', async () => {
  await using world = await ftpWorld()
  await world.put('/big', Buffer.alloc(8 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR big'), /^150 /)
  await data.read()
  await talk.send(Buffer.from('STAT\r'))
  assert.match(await talk.heard(), /^211/)
  await talk.send(Buffer.from('ABOR\r'))
  assert.match(await talk.heard(), /^426 /)
  assert.match(await talk.heard(), /^226 /)
  assert.match(await talk.say('NOOP'), /^200 /)
})

test('RFC 959 ABOR: without a transfer it is answered 226', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('ABOR'), /^226 /)
})

test('RFC 1123 ABOR: while the server waits for a data connection it ends the waiting', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  await talk.say('EPSV')
  await talk.send('RETR a')
  await talk.send('ABOR')
  assert.match(await talk.heard(), /^426 /)
  assert.match(await talk.heard(), /^226 /)
})

test('RFC 1123 STAT: during a transfer it tells how far it is, and NOOP is answered', async () => {
  await using world = await ftpWorld()
  await world.put('/big', Buffer.alloc(8 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR big'), /^150 /)
  await data.read()
  assert.match(await talk.say('STAT'), /^211 [^]*RETR big: \d+ bytes so far/)
  assert.match(await talk.say('NOOP'), /^200 /)
  await readAll(data)
  assert.match(await talk.heard(), /^226 /)
})

test('other commands wait for the transfer and are answered in order', async () => {
  await using world = await ftpWorld()
  await world.put('/big', Buffer.alloc(4 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR big'), /^150 /)
  await talk.send('PWD')
  await talk.send('NOOP') // behind PWD now, so in its turn
  await readAll(data)
  const codes = [(await talk.reply()).code, (await talk.reply()).code, (await talk.reply()).code]
  assert.deepEqual(codes, [226, 257, 200])
})

test('RFC 959 QUIT: during a transfer it lets the transfer end first', async () => {
  await using world = await ftpWorld()
  await world.put('/big', Buffer.alloc(4 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR big'), /^150 /)
  assert.match(await talk.say('QUIT'), /^221 /)
  assert.equal((await readAll(data)).length, 4 * 1024 * 1024)
  assert.match(await talk.heard(), /^226 /)
  assert.ok(await talk.closed())
})

test('a flood of pipelined commands is read no further than the queue is long', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  await talk.say('EPSV')
  await talk.send('RETR a') // waits for a data connection that never comes
  const flood = Buffer.from('PWD\r\n'.repeat(4000))
  let accepted = 0
  const writing = (async () => {
    for (; accepted < 100; accepted += 1) await talk.send(flood)
  })()
  await world.clock.advance(10_000)
  assert.ok(accepted < 50, `${accepted} of 100`)
  talk.conn.destroy()
  await assert.rejects(writing)
})

test('a client that closes its side gets the answers to what it had asked', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  await talk.send(Buffer.from('USER anna\r\nPASS secret\r\nPWD\r\n'))
  await talk.conn.end()
  assert.match(await talk.heard(), /^331 /)
  assert.match(await talk.heard(), /^230 /)
  assert.match(await talk.heard(), /^257 /)
  assert.ok(await talk.closed())
})

test('an idle session is told so and ended; SITE IDLE changes how long that is', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await world.clock.advance(299_000)
  assert.match(await talk.say('SITE IDLE 1000'), /^200 /)
  await world.clock.advance(900_000)
  assert.match(await talk.say('NOOP'), /^200 /)
  await world.clock.advance(1_002_000)
  assert.match(await talk.heard(), /^421 /)
  assert.ok(await talk.closed())
})

test('a connection that does not log in is ended after a minute', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  await world.clock.advance(62_000)
  assert.match(await talk.heard(), /^421 /)
  assert.ok(await talk.closed())
})

test('a transfer that moves keeps the session, one that stalls is ended and the session goes on', async () => {
  await using world = await ftpWorld()
  await world.put('/big', Buffer.alloc(16 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR big'), /^150 /)
  for (let count = 0; count < 10; count += 1) {
    await data.read()
    await world.clock.advance(100_000)
  }
  await world.clock.advance(302_000)
  assert.match(await talk.heard(), /^426 .*nothing has moved/)
  assert.match(await talk.say('NOOP'), /^200 /)
})

test('draining lets transfers end, sends the idle away and takes nobody in', async () => {
  await using world = await ftpWorld()
  await world.put('/big', Buffer.alloc(4 * 1024 * 1024))
  const idle = await world.login()
  const busy = await world.login()
  const data = await busy.passive()
  assert.match(await busy.say('RETR big'), /^150 /)
  const drained = world.server.drain(10_000)
  assert.match(await idle.heard(), /^421 /)
  await assert.rejects(world.dial())
  assert.equal((await readAll(data)).length, 4 * 1024 * 1024)
  assert.match(await busy.heard(), /^226 /)
  assert.match(await busy.heard(), /^421 /)
  await drained
})

test('draining waits no longer than its grace', async () => {
  await using world = await ftpWorld()
  await world.put('/big', Buffer.alloc(4 * 1024 * 1024))
  const busy = await world.login()
  await busy.passive()
  assert.match(await busy.say('RETR big'), /^150 /)
  const drained = world.server.drain(10_000)
  await world.clock.advance(10_001)
  await drained
})
