import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 2389 FEAT: tells what goes beyond RFC 959, one line each', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  const answer = await talk.say('FEAT')
  assert.match(answer, /^211 /)
  for (const line of ['EPRT', 'EPSV', 'HOST', 'MDTM', 'MFMT', 'REST STREAM', 'SIZE', 'TVFS', 'UTF8']) {
    assert.match(answer, new RegExp(`\n ?${line}\n`), line)
  }
})

test('RFC 959 HELP: lists the commands, and tells of one', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('HELP'), /^214 [^]*RETR/)
  assert.match(await talk.say('HELP retr'), /^214 RETR <SP> path/)
  assert.match(await talk.say('HELP frob'), /^504 /)
})

test('RFC 959 SYST: says UNIX, which every client can read listings of', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.equal(await talk.say('SYST'), '215 UNIX Type: L8')
})

test('RFC 959 NOOP: is answered 200', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('NOOP'), /^200 /)
})

test('RFC 2640 LANG: speaks English', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('LANG en-GB'), /^200 /)
  assert.match(await talk.say('LANG'), /^200 /)
  assert.match(await talk.say('LANG fr'), /^504 /)
})

test('RFC 2389 OPTS: what has no options is 501; UTF8 ON is 200, as Windows Explorer wants', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('OPTS UTF8 ON'), /^200 /)
  assert.match(await talk.say('OPTS utf8 off'), /^200 /)
  assert.match(await talk.say('OPTS RETR x'), /^501 /)
  assert.match(await talk.say('OPTS MODE Z LEVEL 12'), /^501 /)
})

test('other CLNT, CSID: who the client is, who the server is', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('CLNT lftp'), /^200 /)
  assert.match(await talk.say('CSID Name=x;'), /^200 Name=Ferry;/)
})
