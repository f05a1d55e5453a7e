import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { ftpWorld } from '../../../testing/ftp-world.ts'

const content = Buffer.alloc(3_000_000, 'some content ')
const digest = (name: string, bytes: Buffer = content): string => createHash(name).update(bytes).digest('hex')

test('draft-bryan-ftpext-hash HASH: SHA-256 unless another is chosen, which FEAT shows', async () => {
  await using world = await ftpWorld()
  await world.put('/a', content)
  const talk = await world.login()
  assert.match(await talk.say('FEAT'), /HASH SHA-512;SHA-256\*;SHA-1;MD5;CRC32/)
  assert.equal(await talk.say('HASH a'), `213 SHA-256 0-2999999 ${digest('sha256')} a`)
  assert.equal(await talk.say('OPTS HASH sha-1'), '200 SHA-1')
  assert.equal(await talk.say('OPTS HASH'), '200 SHA-1')
  assert.equal(await talk.say('HASH a'), `213 SHA-1 0-2999999 ${digest('sha1')} a`)
  assert.match(await talk.say('FEAT'), /SHA-1\*/)
  assert.match(await talk.say('OPTS HASH ROT-13'), /^504 /)
  assert.match(await talk.say('HASH missing'), /^550 /)
})

test('draft-bryan-ftpext-hash HASH: of the range that RANG set', async () => {
  await using world = await ftpWorld()
  await world.put('/a', content)
  const talk = await world.login()
  await talk.say('RANG 100 199')
  assert.equal(
    await talk.say('HASH a'),
    `213 SHA-256 100-199 ${digest('sha256', content.subarray(100, 200))} a`,
  )
})

test('other XCRC, XMD5, XSHA, XSHA1, XSHA256, XSHA512, MD5: hashes in capitals', async () => {
  await using world = await ftpWorld()
  await world.put('/a b', content)
  const talk = await world.login()
  const crc = crc32(content).toString(16).padStart(8, '0').toUpperCase()
  assert.equal(await talk.say('XCRC a b'), `250 ${crc}`)
  assert.equal(await talk.say('XMD5 "a b"'), `250 ${digest('md5').toUpperCase()}`)
  assert.equal(await talk.say('XSHA a b'), `250 ${digest('sha1').toUpperCase()}`)
  assert.equal(await talk.say('XSHA1 a b'), `250 ${digest('sha1').toUpperCase()}`)
  assert.equal(await talk.say('XSHA256 a b'), `250 ${digest('sha256').toUpperCase()}`)
  assert.equal(await talk.say('XSHA512 a b'), `250 ${digest('sha512').toUpperCase()}`)
  assert.equal(await talk.say('MD5 a b'), `251 a b ${digest('md5').toUpperCase()}`)
})

test('a quote within a quoted path stands twice', async () => {
  await using world = await ftpWorld()
  await world.put('/say "hi" 7', 'x')
  const talk = await world.login()
  const whole = await talk.say('XCRC say "hi" 7')
  assert.match(whole, /^250 /)
  assert.equal(await talk.say('XCRC "say ""hi"" 7"'), whole)
  assert.equal(await talk.say('XCRC "say ""hi"" 7" 0 1'), whole)
  assert.equal(await talk.say('XCRC "say "hi" 7"'), whole)
})

test('other XCRC: of a part that ends before it begins is 501', async () => {
  await using world = await ftpWorld()
  await world.put('/a', '0123456789')
  const talk = await world.login()
  assert.match(await talk.say('XCRC a 5 2'), /^501 /)
  assert.equal(await talk.say('XCRC a 5 5'), '250 00000000')
})

test('other XMD5: of a part, from one place up to another', async () => {
  await using world = await ftpWorld()
  await world.put('/a 7', 'whole')
  await world.put('/a', content)
  await world.put('/a\u2028b', content)
  const talk = await world.login()
  assert.equal(
    await talk.say('XMD5 "a" 10 20'),
    `250 ${digest('md5', content.subarray(10, 20)).toUpperCase()}`,
  )
  assert.equal(await talk.say('XMD5 a 10'), `250 ${digest('md5', content.subarray(10)).toUpperCase()}`)
  assert.equal(await talk.say('XMD5 a 7'), `250 ${digest('md5', Buffer.from('whole')).toUpperCase()}`)
  assert.match(await talk.say('XMD5 a 99999999'), /^554 /)
  assert.match(await talk.say('XMD5 a\u2028b 99999999'), /^554 /)
})
