import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../../../stores/memory.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 959 STOR: takes the file, in place of one that is there', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.store('STOR a', 'hello ', 'world'), /^226 .*11 bytes/)
  assert.equal(await world.text('/a'), 'hello world')
  assert.match(await talk.store('STOR a', 'bye'), /^226 /)
  assert.equal(await world.text('/a'), 'bye')
  assert.match(await talk.store('STOR empty'), /^226 /)
  assert.equal(await world.text('/empty'), '')
})

test('RFC 959 STOR: into a missing directory, or over a directory, is refused before the data', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  assert.match(await talk.say('STOR missing/a'), /^550 /)
  assert.match(await talk.say('STOR d'), /^550 /)
  for (const line of ['STOR missing/', 'APPE missing/', 'STOR missing/.'])
    assert.match(await talk.say(line), /^550 .*slash/, line)
  assert.deepEqual(await world.names(), ['d'])
})

test('RFC 959 STOR: until the end is proven the old content stays, and nothing new is listed', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'old')
  const talk = await world.login()
  const other = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('new'))
  assert.equal((await other.fetch('RETR a')).data.toString(), 'old')
  assert.equal((await other.fetch('NLST')).data.toString(), 'a\r\n')
  await data.end()
  assert.match(await talk.heard(), /^226 /)
  assert.equal((await other.fetch('RETR a')).data.toString(), 'new')
})

test('RFC 959 STOR: a reset data connection leaves the old content and is 426', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'old')
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('new'))
  data.destroy(new Error('cut'))
  assert.match(await talk.heard(), /^426 /)
  assert.equal(await world.text('/a'), 'old')
  assert.equal(world.told('upload').at(-1)?.outcome, 'incomplete')
})

test('a killed client closes both connections in order: its upload is not taken for complete', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'old')
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('half a fi'))
  await talk.conn.end()
  await data.end()
  assert.match(await talk.heard(), /^426 /)
  assert.equal(await world.text('/a'), 'old')
})

test('a killed client may close the data connection first: the control connection is given a moment to follow', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'old')
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('half a fi'))
  await world.clock.advance(1000)
  await data.end()
  await world.clock.advance(1)
  await talk.conn.end()
  await world.clock.advance(10)
  assert.match(await talk.heard(), /^426 /)
  assert.equal(await world.text('/a'), 'old')
})

test('a client that closes the data connection and then says ABOR has not sent a whole file', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'old')
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('half a fi'))
  await world.clock.advance(1000)
  await data.end()
  await world.clock.advance(1)
  await talk.send('ABOR')
  await world.clock.advance(10)
  assert.match(await talk.heard(), /^426 /)
  assert.match(await talk.heard(), /^226 /)
  assert.equal(await world.text('/a'), 'old')
})

test('the moment of doubt behind an upload is a twentieth of its time, and 10 ms at most', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  for (const [took, doubt] of [
    [19, 0],
    [100, 5],
    [60_000, 10],
  ] as const) {
    const data = await talk.passive()
    await talk.say(`STOR ${took}`)
    await world.clock.advance(took)
    await data.end()
    await world.clock.advance(Math.max(0, doubt - 1))
    assert.equal(await world.text(`/${took}`), doubt === 0 ? '' : undefined)
    await world.clock.advance(1)
    assert.match(await talk.heard(), /^226 /)
  }
})

test('RFC 3659 REST: an upload that stopped goes on where SIZE says', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('01234'))
  await talk.send('ABOR')
  assert.match(await talk.heard(), /^426 /)
  assert.match(await talk.heard(), /^226 /)
  assert.deepEqual((await talk.fetch('NLST')).data.toString(), '')
  const size = (await talk.say('SIZE a')).split(' ')
  assert.equal(size[0], '213')
  await talk.say(`REST ${size[1]}`)
  assert.match(await talk.store('STOR a', '0123456789'.slice(Number(size[1]))), /^226 /)
  assert.equal(await world.text('/a'), '0123456789')
})

test('RFC 959 APPE: puts bytes behind what is there, goes on with what stopped, and makes what is missing', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.store('APPE log', 'one\n'), /^226 /)
  assert.match(await talk.store('APPE log', 'two\n'), /^226 /)
  assert.equal(await world.text('/log'), 'one\ntwo\n')
  const data = await talk.passive()
  await talk.say('STOR new')
  await data.write(Buffer.from('first '))
  data.destroy(new Error('cut'))
  assert.match(await talk.heard(), /^426 /)
  const size = Number((await talk.say('SIZE new')).slice(4))
  assert.match(await talk.store('APPE new', 'first second'.slice(size)), /^226 /)
  assert.equal(await world.text('/new'), 'first second')
})

test('RFC 3659 REST: STOR past the end of what is there is 554', async () => {
  await using world = await ftpWorld()
  await world.put('/a', '0123')
  const talk = await world.login()
  await talk.say('REST 5')
  assert.match(await talk.say('STOR a'), /^554 /)
  assert.equal(await world.text('/a'), '0123')
})

test('RFC 3659 REST: STOR into the middle of a file replaces what comes behind', async () => {
  await using world = await ftpWorld()
  await world.put('/a', '0123456789')
  const talk = await world.login()
  await talk.say('REST 4')
  assert.match(await talk.store('STOR a', 'XY'), /^226 /)
  assert.equal(await world.text('/a'), '0123XY')
})

test('SIZE tells neither number when an older file and a newer stopped upload are there', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'the old content')
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('new'))
  data.destroy(new Error('cut'))
  assert.match(await talk.heard(), /^426 /)
  assert.match(await talk.say('SIZE a'), /^550 [^]*REST/)
  assert.equal((await talk.fetch('RETR a')).data.toString(), 'the old content')
})

test('RFC 3659 REST: in ASCII no old text is counted for an upload that stopped', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'a\nb\nc\n')
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('0123456'))
  data.destroy(new Error('cut'))
  assert.match(await talk.heard(), /^426 /)
  await talk.say('TYPE A')
  await talk.say('REST 6')
  assert.match(await talk.store('STOR a', 'd\r\n'), /^550 .*TYPE I/)
  assert.equal(await world.text('/a'), 'a\nb\nc\n')
  await talk.say('TYPE I')
  await talk.say('REST 7')
  assert.match(await talk.store('STOR a', '789'), /^226 /)
  assert.equal(await world.text('/a'), '0123456789')
})

test('RFC 959 TYPE A: STOR makes line ends LF, whatever the pieces', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('TYPE A')
  assert.match(await talk.store('STOR a', 'one\r', '\ntwo\r\n', 'a\rb', '\r'), /^226 /)
  assert.equal(await world.text('/a'), 'one\ntwo\na\rb\r')
})

test('RFC 1123 STOU: tells the name it chose, and chooses one that is free', async () => {
  await using world = await ftpWorld()
  await world.put('/scan', 'first')
  const talk = await world.login()
  const data = await talk.passive()
  assert.match(await talk.say('STOU scan'), /^150 FILE: scan\.1$/)
  await data.write(Buffer.from('second'))
  await data.end()
  assert.match(await talk.heard(), /^226 /)
  assert.equal(await world.text('/scan'), 'first')
  assert.equal(await world.text('/scan.1'), 'second')
  assert.match(await talk.store('STOU', 'third'), /^226 /)
  assert.equal((await world.names()).length, 3)
})

test('RFC 1123 STOU: two who ask for one name at once get two', async () => {
  await using world = await ftpWorld()
  const [one, two] = [await world.login(), await world.login()]
  const [first, second] = [await one.passive(), await two.passive()]
  assert.match(await one.say('STOU scan'), /^150 FILE: scan$/)
  assert.match(await two.say('STOU scan'), /^150 FILE: scan\.1$/)
  await first.write(Buffer.from('first'))
  await second.write(Buffer.from('second'))
  for (const data of [first, second]) await data.end()
  for (const talk of [one, two]) assert.match(await talk.heard(), /^226 /)
  assert.deepEqual([await world.text('/scan'), await world.text('/scan.1')], ['first', 'second'])
})

test('a full disk is 452, with nothing half-written left in sight', async () => {
  const home = memoryStore({ clock: new FakeClock(), limit: 100_000 })
  await using world = await ftpWorld({ home })
  const talk = await world.login()
  assert.match(await talk.store('STOR big', Buffer.alloc(80_000)), /^226 /)
  const answer = await talk.store('STOR more', Buffer.alloc(80_000)).catch(String)
  assert.match(answer, /^452 /)
  assert.deepEqual((await talk.fetch('NLST')).data.toString(), 'big\r\n')
  assert.match(await talk.say('NOOP'), /^200 /)
})

test('an account that uploads in place shows the file as it comes', async () => {
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', home, uploads: 'in-place' }],
  })
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR a')
  await data.write(Buffer.from('half'))
  data.destroy(new Error('cut'))
  assert.match(await talk.heard(), /^426 /)
  assert.equal(await world.text('/a'), 'half')
})
