import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, inflateSync } from 'node:zlib'
import { memoryStore } from '../../../stores/memory.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 959 TYPE: A, A N, A T, I and L 8 are taken, E is refused well', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  for (const type of ['A', 'a n', 'A T', 'I', 'L 8', 'l8'])
    assert.match(await talk.say(`TYPE ${type}`), /^200 /, type)
  for (const type of ['E', 'E N', 'A C', 'L 36', 'L'])
    assert.match(await talk.say(`TYPE ${type}`), /^504 /, type)
  for (const type of ['X', 'A Q']) assert.match(await talk.say(`TYPE ${type}`), /^501 /, type)
})

test('RFC 959 STRU: F is taken, R and P are 504', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('STRU F'), /^200 /)
  assert.match(await talk.say('STRU R'), /^504 /)
  assert.match(await talk.say('STRU P'), /^504 /)
  assert.match(await talk.say('STRU X'), /^501 /)
})

test('RFC 959 MODE: S is taken, B and C are 504', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('MODE S'), /^200 /)
  assert.match(await talk.say('MODE B'), /^504 /)
  assert.match(await talk.say('MODE C'), /^504 /)
  // globus-url-copy.
  assert.match(await talk.say('MODE E'), /^504 /)
  assert.match(await talk.say('MODE X'), /^501 /)
})

test('draft-preston-ftpext-deflate MODE Z: files and listings travel deflated both ways', async () => {
  await using world = await ftpWorld()
  const content = 'all work and no play '.repeat(50_000)
  await world.put('/a', content)
  const talk = await world.login()
  assert.match(await talk.say('MODE Z'), /^200 /)
  assert.match(await talk.say('OPTS MODE Z LEVEL 9'), /^200 /)
  const got = await talk.fetch('RETR a')
  assert.ok(got.data.length < content.length / 10)
  assert.equal(inflateSync(got.data).toString(), content)
  assert.match(inflateSync((await talk.fetch('LIST')).data).toString(), / a\r\n$/)
  assert.match(await talk.store('STOR b', deflateSync(content)), /^226 /)
  assert.equal(await world.text('/b'), content)
})

test('draft-preston-ftpext-deflate MODE Z: an upload that is broken, cut short or swells is refused', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MODE Z')
  assert.match(await talk.store('STOR b', 'this was never deflated'), /^426 /)
  assert.match(await talk.store('STOR b', deflateSync('x'.repeat(100_000)).subarray(0, 40)), /^426 /)
  assert.match(await talk.store('STOR b', deflateSync(Buffer.alloc(64 * 1024 * 1024))), /^550 /)
  const whole = deflateSync('whole')
  assert.match(await talk.store('STOR b', Buffer.concat([whole, whole])), /^426 /)
  assert.match(await talk.store('STOR b', whole, Buffer.alloc(300_000, 1)), /^426 /)
  await talk.say('MODE S')
  assert.equal((await talk.fetch('NLST')).data.length, 0)
})

test('draft-preston-ftpext-deflate MODE Z: is named in FEAT only when it is offered, and can be off', async () => {
  await using usual = await ftpWorld()
  assert.doesNotMatch(await (await usual.login()).say('FEAT'), /MODE Z/)
  await using offering = await ftpWorld({ settings: { deflate: 'offered' } })
  assert.match(await (await offering.login()).say('FEAT'), /MODE Z/)
  await using without = await ftpWorld({ settings: { deflate: 'off' } })
  assert.match(await (await without.login()).say('MODE Z'), /^504 /)
})

test('RFC 959 ALLO: says whether there is room', async () => {
  const home = memoryStore({ clock: new FakeClock(), limit: 1000 })
  await using world = await ftpWorld({ home })
  const talk = await world.login()
  assert.match(await talk.say('ALLO 500'), /^200 /)
  assert.match(await talk.say('ALLO 500 R 80'), /^200 /)
  assert.match(await talk.say('ALLO 5000'), /^552 /)
  assert.match(await talk.say('ALLO much'), /^501 /)
})

test('RFC 959 ALLO: and AVBL tell the rest of a quota, also where the store tells of no room', async () => {
  const rules = { quota: { bytes: 1000 } }
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', home, rules }],
  })
  await world.put('/a', 'x'.repeat(300))
  const talk = await world.login()
  assert.equal(await talk.say('AVBL'), '213 700')
  assert.match(await talk.say('ALLO 700'), /^200 /)
  assert.match(await talk.say('ALLO 701'), /^552 .*700/)
})

test('RFC 3659 REST: takes whole numbers that can be counted exactly', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('REST 0'), /^350 /)
  assert.match(await talk.say(`REST ${5 * 1024 ** 3}`), /^350 /)
  for (const wrong of ['-1', '1.5', 'x', '9'.repeat(17), String(2 ** 53)]) {
    assert.match(await talk.say(`REST ${wrong}`), /^501 /, wrong)
  }
})

test('draft-bryan-ftp-range RANG: in ASCII it is refused, and the RETR behind sends all', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'a\nb\n')
  const talk = await world.login()
  await talk.say('TYPE A')
  await talk.say('RANG 0 1')
  assert.match(await talk.say('RETR a'), /^504 .*TYPE I/)
  assert.equal((await talk.fetch('RETR a')).data.toString(), 'a\r\nb\r\n')
})

test('draft-bryan-ftp-range RANG: the next RETR sends these bytes only', async () => {
  await using world = await ftpWorld()
  await world.put('/a', '0123456789')
  const talk = await world.login()
  assert.match(await talk.say('RANG 2 5'), /^350 /)
  assert.equal((await talk.fetch('RETR a')).data.toString(), '2345')
  assert.equal((await talk.fetch('RETR a')).data.toString(), '0123456789')
  assert.match(await talk.say('RANG 5 2'), /^501 /)
  assert.match(await talk.say('RANG 2'), /^501 /)
  assert.match(await talk.say('RANG 4 4'), /^350 /)
  assert.equal((await talk.fetch('RETR a')).data.toString(), '4')
  await talk.say('RANG 2 5')
  assert.match(await talk.say('RANG 1 0'), /^350 /)
  assert.equal((await talk.fetch('RETR a')).data.toString(), '0123456789')
})
