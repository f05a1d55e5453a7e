import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../../core/path.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 959 RETR: sends the file byte by byte as it is, and tells its size before', async () => {
  await using world = await ftpWorld()
  for (const size of [0, 1, 65_535, 65_536, 65_537, 3 * 1024 * 1024 + 7]) {
    const content = Buffer.alloc(size, 'abc\r\nd\n')
    await world.put('/a', content)
    const talk = await world.login()
    const got = await talk.fetch('RETR a')
    assert.match(got.opening, new RegExp(`^150 .*\\(${size} bytes\\)`))
    assert.ok(got.data.equals(content), `${size}`)
    assert.match(got.answer, /^226 /)
    assert.equal(world.told('download').at(-1)?.bytes, size)
    talk.conn.destroy()
  }
})

test('RFC 959 RETR: a missing file and a directory are 550, without a data connection', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  assert.match(await talk.say('RETR missing'), /^550 /)
  assert.match(await talk.say('RETR d'), /^550 /)
})

test('RFC 3659 REST: RETR goes on from there, once; past the end is 554', async () => {
  await using world = await ftpWorld()
  await world.put('/a', '0123456789')
  const talk = await world.login()
  assert.match(await talk.say('REST 7'), /^350 /)
  assert.equal((await talk.fetch('RETR a')).data.toString(), '789')
  assert.equal((await talk.fetch('RETR a')).data.toString(), '0123456789')
  await talk.say('REST 10')
  assert.equal((await talk.fetch('RETR a')).data.toString(), '')
  await talk.say('REST 11')
  assert.match((await talk.fetch('RETR a')).answer, /^554 /)
})

test('RFC 959 TYPE A: RETR sends line ends as CRLF, whatever the blocks', async () => {
  await using world = await ftpWorld()
  const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}`)
  await world.put('/a', `${lines.join('\n')}\n`)
  const talk = await world.login()
  await talk.say('TYPE A')
  const got = await talk.fetch('RETR a')
  assert.equal(got.data.toString(), `${lines.join('\r\n')}\r\n`)
})

test('RFC 3659 REST: in ASCII it counts the bytes as they travel', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'one\ntwo\nthree\n')
  const whole = 'one\r\ntwo\r\nthree\r\n'
  const talk = await world.login()
  await talk.say('TYPE A')
  for (let offset = 0; offset <= whole.length; offset += 1) {
    await talk.say(`REST ${offset}`)
    assert.equal((await talk.fetch('RETR a')).data.toString(), whole.slice(offset), String(offset))
  }
})

test('a file that is written over while it is sent is 451, and one that grows meanwhile is sent as it was', async () => {
  await using world = await ftpWorld()
  const before = Buffer.alloc(8 * 1024 * 1024, 1)
  await world.put('/a', before)
  const sendWhile = async (deed: () => Promise<void>): Promise<{ answer: string; bytes: number }> => {
    const talk = await world.login()
    const data = await talk.passive()
    assert.match(await talk.say('RETR a'), /^150 /)
    let bytes = 0
    const take = async (): Promise<boolean> => {
      const pieces = await data.read().catch(() => undefined)
      bytes += (pieces ?? []).reduce((sum, { length }) => sum + length, 0)
      return pieces !== undefined
    }
    await take()
    await deed()
    while (await take());
    return { answer: await talk.heard(), bytes }
  }
  const writeAt = async (at: number): Promise<void> => {
    await world.clock.advance(1000)
    const file = await world.home.open(parsePath('/a'), { write: true })
    await file.write([Buffer.from('new')], at)
    await file.close()
  }
  const grown = await sendWhile(() => writeAt(before.length))
  assert.match(grown.answer, /^226 /)
  assert.equal(grown.bytes, before.length)
  assert.match((await sendWhile(() => writeAt(7_000_000))).answer, /^451 .*mixture/)
  const anew = async (): Promise<void> => {
    await world.clock.advance(1000)
    await world.put('/a', Buffer.alloc(9 * 1024 * 1024, 2))
  }
  assert.match((await sendWhile(anew)).answer, /^451 .*mixture/)
})

test('a file that becomes shorter while it is sent is 451, never 226', async () => {
  await using world = await ftpWorld()
  await world.put('/a', Buffer.alloc(8 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR a'), /^150 /)
  await data.read()
  await world.home.change(parsePath('/a'), { size: 3 * 1024 * 1024 })
  let received = 0
  for (
    let pieces = await data.read();
    pieces !== undefined;
    pieces = await data.read().catch(() => undefined)
  ) {
    for (const piece of pieces) received += piece.length
  }
  assert.ok(received < 8 * 1024 * 1024)
  assert.match(await talk.heard(), /^451 .*shorter/)
})

test('a file that is removed while it is sent is sent whole', async () => {
  await using world = await ftpWorld()
  await world.put('/a', Buffer.alloc(4 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR a'), /^150 /)
  let received = 0
  await world.home.remove(parsePath('/a'))
  for (let pieces = await data.read(); pieces !== undefined; pieces = await data.read()) {
    for (const piece of pieces) received += piece.length
  }
  assert.equal(received, 4 * 1024 * 1024)
  assert.match(await talk.heard(), /^226 /)
})

test('a client that resets its data connection gets 426, and the session goes on', async () => {
  await using world = await ftpWorld()
  await world.put('/a', Buffer.alloc(8 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('RETR a'), /^150 /)
  data.destroy(new Error('cut'))
  assert.match(await talk.heard(), /^426 /)
  assert.match(await talk.say('NOOP'), /^200 /)
  assert.equal(world.told('download').at(-1)?.outcome, 'incomplete')
})

test('RETR of what is sent at once: 150 and 226 come in one write, behind a 150 alone where the client lets it wait', async () => {
  await using world = await ftpWorld()
  await world.put('/small', 'content')
  await world.put('/large', Buffer.alloc(3 * 1024 * 1024))
  const talk = await world.login()
  const data = await talk.passive()
  await talk.send('RETR small')
  const pieces = (await talk.conn.read()) ?? []
  assert.equal(pieces.length, 1)
  assert.match(Buffer.concat(pieces).toString(), /^150 [^\n]*\n226 [^\n]*\n$/u)
  data.destroy()
  const unread = await talk.passive()
  assert.match(await talk.say('RETR large'), /^150 /)
  unread.destroy(new Error('enough'))
  assert.match(await talk.heard(), /^426 /)
})
