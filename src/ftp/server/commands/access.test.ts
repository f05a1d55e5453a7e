import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeAt, parseSecret } from '../../../accounts/totp.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 959 USER, PASS: lets in who knows the password', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('USER anna'), /^331 /)
  assert.match(await talk.say('PASS secret'), /^230 /)
  assert.match(await talk.say('PASS secret'), /^503 /)
})

test('RFC 959 PASS: before USER it is 503, a wrong one is 530', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('PASS secret'), /^503 /)
  await talk.say('USER anna')
  const answer = talk.say('PASS wrong')
  await world.clock.advance(5000)
  assert.match(await answer, /^530 /)
  assert.match(await talk.say('PWD'), /^530 /)
})

test('RFC 2577 USER: the reply is the same for every name, and so is the refusal', async () => {
  await using world = await ftpWorld()
  const replies = new Set<string>()
  const refusals = new Set<string>()
  for (const name of ['anna', 'nobody', 'anonymous', 'root', 'a'.repeat(3000)]) {
    const talk = await world.connect()
    replies.add(await talk.say(`USER ${name}`))
    const refusal = talk.say('PASS wrong')
    await world.clock.advance(5000)
    refusals.add(await refusal)
  }
  assert.equal(replies.size, 1)
  assert.equal(refusals.size, 1)
})

test('RFC 2577 PASS: too many wrong passwords end the connection', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  for (let count = 1; ; count += 1) {
    assert.ok(count < 10)
    await talk.say('USER anna')
    const answer = talk.say('PASS wrong')
    await world.clock.advance(5000)
    if ((await answer).startsWith('421')) break
  }
  assert.ok(await talk.closed())
})

test('RFC 1635 anonymous: gets in with any password, to read only', async () => {
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'guest', anonymous: true, readOnly: true, home }],
  })
  await world.put('/a', 'hello')
  const talk = await world.login('anonymous', 'me@example.org')
  assert.equal((await talk.fetch('RETR a')).data.toString(), 'hello')
  assert.match(await talk.store('STOR b', 'x'), /^550 /)
  assert.deepEqual(await world.names(), ['a'])
})

test('RFC 959 ACCT: is not needed', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('ACCT x'), /^202 /)
})

test('RFC 959 ACCT: takes the one-time code that 332 asks for, once', async () => {
  const totp = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', totp, home }],
  })
  const code = codeAt(parseSecret(totp) ?? new Uint8Array(), world.clock.now())
  const talk = await world.connect()
  await talk.say('USER anna')
  assert.match(await talk.say('PASS secret'), /^332 /)
  assert.match(await talk.say('PWD'), /^530 /)
  assert.match(await talk.say(`ACCT ${code}`), /^230 /)
  await talk.say('USER anna')
  await talk.say('PASS secret')
  const again = talk.say(`ACCT ${code}`)
  await world.clock.advance(1000)
  assert.match(await again, /^530 /)
  assert.match(await talk.say(`ACCT ${code}`), /^202 /)
  await talk.say('USER bert')
  await world.clock.advance(30_000)
  await talk.say('USER anna')
  const later = codeAt(parseSecret(totp) ?? new Uint8Array(), world.clock.now())
  assert.match(await talk.say(`PASS secret${later}`), /^230 /)
})

test('RFC 959 REIN: ends the login and all its state, and keeps the connection', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await talk.say('CWD d')
  await talk.say('TYPE A')
  await talk.say('REST 5')
  assert.match(await talk.say('REIN'), /^220 /)
  assert.match(await talk.say('PWD'), /^530 /)
  await talk.say('USER anna')
  assert.match(await talk.say('PASS secret'), /^230 /)
  assert.match(await talk.say('PWD'), /^257 "\/"/)
  assert.match(await talk.say('STAT'), /Type I/)
})

test('RFC 959 USER: a second one begins a new login', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('USER anna'), /^331 /)
  assert.match(await talk.say('PWD'), /^530 /)
})

test('RFC 959 QUIT: says good-bye and closes', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('QUIT'), /^221 /)
  assert.ok(await talk.closed())
})

test('RFC 7151 HOST: known hosts are taken before the login only, others are 504', async () => {
  await using world = await ftpWorld({ settings: { hosts: ['files.example'] } })
  const talk = await world.connect()
  assert.match(await talk.say('HOST Files.Example'), /^220 /)
  assert.match(await talk.say('HOST other.example'), /^504 /)
  await talk.say('USER anna')
  await talk.say('PASS secret')
  assert.match(await talk.say('HOST files.example'), /^503 /)
})
