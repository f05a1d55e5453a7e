import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 959 CWD, CDUP, PWD: walk the tree and never above its top', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD one')
  await talk.say('MKD one/two')
  assert.match(await talk.say('CWD one/two'), /^250 /)
  assert.match(await talk.say('PWD'), /^257 "\/one\/two" /)
  assert.match(await talk.say('CDUP'), /^250 /)
  assert.match(await talk.say('PWD'), /^257 "\/one" /)
  assert.match(await talk.say('CWD ../../../..'), /^250 /)
  assert.match(await talk.say('PWD'), /^257 "\/" /)
  assert.match(await talk.say('CDUP'), /^250 /)
  assert.match(await talk.say('CWD missing'), /^550 /)
})

test('RFC 959 CWD: a file is no place to stand in', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  assert.match(await talk.say('CWD a'), /^550 /)
})

test('RFC 959 PWD: quotes in a name are doubled', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('MKD a "b"'), /^257 "\/a ""b""" /)
  await talk.say('CWD a "b"')
  assert.match(await talk.say('PWD'), /^257 "\/a ""b""" /)
})

test('RFC 1123 XCWD, XCUP, XPWD, XMKD, XRMD: the old names work', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('XMKD d'), /^257 /)
  assert.match(await talk.say('XCWD d'), /^250 /)
  assert.match(await talk.say('XPWD'), /^257 "\/d"/)
  assert.match(await talk.say('XCUP'), /^250 /)
  assert.match(await talk.say('XRMD d'), /^250 /)
})

test('RFC 959 SMNT: is not needed', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('SMNT /x'), /^202 /)
})

test('RFC 2640 names: UTF-8, emoji, spaces, quotes, a leading dash, and bytes that are no UTF-8 come back as they were', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  const names = ['héé', '📁 x', ' leading', 'trailing ', '-dash', "it's", 'a"b', 'a\\b', '*star?']
  for (const name of names) assert.match(await talk.say(`MKD ${name}`), /^257 /, name)
  const latin = Buffer.concat([Buffer.from('MKD caf'), Buffer.from([0xe9]), Buffer.from('\r\n')])
  await talk.send(latin)
  assert.match(await talk.heard(), /^257 /)
  const listed = (await talk.fetch('NLST')).data
  for (const name of names) assert.ok(listed.includes(Buffer.from(`${name}\r\n`)), name)
  assert.ok(listed.includes(Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9, 13, 10])])))
  for (const name of names) assert.match(await talk.say(`RMD ${name}`), /^250 /, name)
})
