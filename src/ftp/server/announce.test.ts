import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ftpWorld } from '../../testing/ftp-world.ts'

test('RFC 959 PASV: clients outside are told the public address, those on the LAN the one they came to', async () => {
  await using world = await ftpWorld({ address: '10.0.0.1', settings: { publicAddress: '203.0.113.7' } })
  const outside = await world.login('anna', 'secret', '198.51.100.9')
  assert.match(await outside.say('PASV'), /\(203,0,113,7,\d+,\d+\)/)
  const inside = await world.login('anna', 'secret', '10.0.0.77')
  assert.match(await inside.say('PASV'), /\(10,0,0,1,\d+,\d+\)/)
})

test('a public address can be a host name, looked up again as it changes', async () => {
  const hosts: Record<string, readonly string[]> = { 'home.example': ['203.0.113.7'] }
  await using world = await ftpWorld({
    address: '10.0.0.1',
    settings: { publicAddress: 'home.example' },
    hosts,
  })
  const talk = await world.login('anna', 'secret', '198.51.100.9')
  assert.match(await talk.say('PASV'), /\(203,0,113,7,/)
  hosts['home.example'] = ['203.0.113.8']
  assert.match(await talk.say('PASV'), /\(203,0,113,7,/)
  await world.clock.advance(61_000)
  assert.match(await talk.say('PASV'), /\(203,0,113,8,/)
})

test('a public address that cannot be looked up is told at the start, and nobody has to come for it', async () => {
  await using world = await ftpWorld({ settings: { publicAddress: 'slip.example' } })
  await world.clock.advance(1)
  assert.match(world.events.of('warning')[0]?.text ?? '', /slip\.example has no IPv4 address now/)
  await using right = await ftpWorld({ settings: { publicAddress: '203.0.113.7' } })
  await right.clock.advance(1)
  assert.deepEqual(right.events.of('warning'), [])
})

test('each network of clients can have its own address', async () => {
  const addresses = [{ network: '100.64.0.0/10', address: '100.64.0.1' }]
  await using world = await ftpWorld({
    address: '10.0.0.1',
    settings: { addresses, publicAddress: '203.0.113.7' },
  })
  const carrier = await world.login('anna', 'secret', '100.70.1.2')
  assert.match(await carrier.say('PASV'), /\(100,64,0,1,/)
})

test('a private address told to a public client comes with a warning, in the reply and in the log', async () => {
  await using world = await ftpWorld({ address: '10.0.0.1' })
  const talk = await world.login('anna', 'secret', '198.51.100.9')
  const answer = await talk.say('PASV')
  assert.match(answer, /\(10,0,0,1,\d+,\d+\).*private/)
  assert.doesNotMatch(answer.slice(answer.indexOf(')')), /[\d,]/)
  assert.match(world.told('warning')[0]?.text ?? '', /198\.51\.100\.9/)
})

test('0.0.0.0 is never told, not even when it is what was set', async () => {
  await using world = await ftpWorld({ address: '192.0.2.1', settings: { publicAddress: '0.0.0.0' } })
  const talk = await world.login('anna', 'secret', '198.51.100.9')
  assert.match(await talk.say('PASV'), /\(192,0,2,1,/)
})
