import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PathRights } from '../../../core/account.ts'
import { FileError } from '../../../core/error.ts'
import { parsePath, rootPath, type Path } from '../../../core/path.ts'
import type { OpenFile, Opening } from '../../../core/store.ts'
import { PassingFile, PassingStore } from '../../../policy/passing.ts'
import { memoryStore } from '../../../stores/memory.ts'
import { mounts } from '../../../stores/mounts.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 959 DELE: removes a file, and no directory', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  await talk.say('MKD d')
  assert.match(await talk.say('DELE a'), /^250 /)
  assert.match(await talk.say('DELE a'), /^550 /)
  assert.match(await talk.say('DELE d'), /^550 /)
  assert.deepEqual(await world.names(), ['d'])
})

test('RFC 959 MKD, RMD: make and remove directories, the empty ones only', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('MKD d'), /^257 "\/d"/)
  assert.match(await talk.say('MKD d'), /^550 /)
  assert.match(await talk.say('MKD x/y'), /^550 /)
  await world.put('/d/a', 'x')
  assert.match(await talk.say('RMD d'), /^550 /)
  assert.match(await talk.say('DELE d/a'), /^250 /)
  assert.match(await talk.say('RMD d'), /^250 /)
  assert.match(await talk.say('RMD /'), /^550 /)
})

test('RFC 959 RNFR, RNTO: rename and move, replacing a file of that name', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'A')
  await world.put('/b', 'B')
  const talk = await world.login()
  assert.match(await talk.say('RNFR missing'), /^550 /)
  assert.match(await talk.say('RNTO c'), /^503 /)
  assert.match(await talk.say('RNFR a'), /^350 /)
  assert.match(await talk.say('RNTO b'), /^250 /)
  assert.deepEqual(await world.names(), ['b'])
  assert.equal(await world.text('/b'), 'A')
})

test('RFC 959 RNTO: a file gets no name that ends in a slash, a directory may', async () => {
  await using world = await ftpWorld()
  for (const name of ['/a', '/b']) await world.put(name, name)
  const talk = await world.login()
  await talk.say('MKD d')
  for (const to of ['b/', 'missing/', 'b/.']) {
    await talk.say('RNFR a')
    assert.match(await talk.say(`RNTO ${to}`), /^550 /, to)
  }
  for (const said of ['COMB missing/ a b', 'SITE COPY a missing/', 'SITE COPY a b/'])
    assert.match(await talk.say(said), /^550 /, said)
  assert.match(await talk.store('STOU d/', 'x'), /^550 /)
  assert.equal(await world.text('/b'), '/b')
  await talk.say('RNFR d')
  assert.match(await talk.say('RNTO e/'), /^250 /)
  assert.deepEqual(await world.names(), ['a', 'b', 'e'])
})

test('RFC 959 RNTO: must follow right behind RNFR', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'A')
  const talk = await world.login()
  for (const between of ['PWD', 'SIZE', 'NONSENSE', 'SYST', 'RNTO', 'STAT a', `SIZE ${'x'.repeat(20_000)}`]) {
    assert.match(await talk.say('RNFR a'), /^350 /)
    await talk.say(between)
    assert.match(await talk.say('RNTO b'), /^503 /, between.slice(0, 20))
  }
})

test('RFC 959 RNTO: NOOP and STAT may come between, as a timer may say them', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'A')
  const talk = await world.login()
  assert.match(await talk.say('RNFR a'), /^350 /)
  assert.match(await talk.say('NOOP'), /^200 /)
  assert.match(await talk.say('STAT'), /^211/)
  assert.match(await talk.say('RNTO b'), /^250 /)
})

test('RFC 959 RNTO: a directory cannot go into itself', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await talk.say('RNFR d')
  assert.match(await talk.say('RNTO d/e'), /^5\d\d /)
})

test('other RMDA: removes a directory with all that is in it', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await talk.say('MKD d/e')
  await world.put('/d/a', 'x')
  await world.put('/d/e/b', 'x')
  assert.match(await talk.say('RMDA d'), /^250 .*4/)
  assert.deepEqual(await world.names(), [])
})

test('other COMB: puts parts together and removes them', async () => {
  await using world = await ftpWorld()
  await world.put('/p 1', 'one ')
  await world.put('/p2', 'two')
  const talk = await world.login()
  assert.match(await talk.say('COMB whole "p 1" p2'), /^250 /)
  assert.equal(await world.text('/whole'), 'one two')
  assert.deepEqual(await world.names(), ['whole'])
  assert.match(await talk.say('COMB whole missing'), /^550 /)
  assert.match(await talk.say('COMB whole'), /^501 /)
  assert.equal(await world.text('/whole'), 'one two')
})

test('other COMB: nothing of an upload that stopped gets between the parts', async () => {
  await using world = await ftpWorld()
  await world.put('/p1', 'one ')
  await world.put('/p2', 'two')
  const talk = await world.login()
  const data = await talk.passive()
  await talk.say('STOR whole')
  await data.write(Buffer.from('stale'))
  await talk.send('ABOR')
  assert.match(await talk.heard(), /^426 /)
  assert.match(await talk.heard(), /^226 /)
  assert.match(await talk.say('COMB whole p1 p2'), /^250 2 parts, 7 bytes/)
  assert.equal(await world.text('/whole'), 'one two')
  assert.match(await talk.say('SIZE whole'), /^213 7/)
})

test('other COMB: what could not be put together is no upload to go on with', async () => {
  await leavesNothing('COMB whole p1 bad')
})

test('other SITE COPY: what could not be copied is no upload to go on with', async () => {
  await leavesNothing('SITE COPY bad whole')
})

/** Says what is to make the file `whole`, and meets a bad disk midway. */
async function leavesNothing(said: string): Promise<void> {
  await using world = await ftpWorld({ home: new WithBadFile(memoryStore()) })
  await world.put('/p1', 'one ')
  await world.put('/bad', 'two')
  const talk = await world.login()
  assert.match(await talk.say(said), /^451 A bad disk/)
  assert.match(await talk.say('SIZE whole'), /^550 /)
  assert.deepEqual(await world.names(), ['bad', 'p1'])
}

test('other COMB: what cannot be read is refused before anything is written, also where uploads are written in place', async () => {
  const rights: PathRights[] = [
    { path: rootPath, allow: ['list', 'read', 'create', 'overwrite', 'remove', 'directories'] },
    { path: parsePath('/closed'), allow: ['list'] },
  ]
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', home, uploads: 'in-place', rights }],
  })
  await world.put('/whole', 'one ')
  for (const name of ['/part', '/closed']) await world.put(name, 'two')
  const talk = await world.login()
  await talk.say('MKD d')
  for (const last of ['d', 'closed', 'missing']) {
    assert.match(await talk.say(`COMB whole part ${last}`), /^550 /)
    assert.match(await talk.say(`COMB new part ${last}`), /^550 /)
  }
  assert.equal(await world.text('/whole'), 'one ')
  assert.deepEqual(await world.names(), ['closed', 'd', 'part', 'whole'])
})

test('other COMB: takes no file twice, and none into itself', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'A')
  await world.put('/b', 'B')
  const talk = await world.login()
  assert.match(await talk.say('COMB a a'), /^553 /)
  assert.match(await talk.say('COMB a b ./a'), /^553 /)
  assert.match(await talk.say('COMB a b b'), /^553 /)
  assert.equal(await world.text('/a'), 'A')
  assert.equal(await world.text('/b'), 'B')
})

test('other COMB: a link to a file is no other file', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'A')
  await world.put('/b', 'B')
  const talk = await world.login()
  await talk.say('SITE SYMLINK a l')
  for (const said of ['COMB a l', 'COMB l a', 'COMB b a l']) assert.match(await talk.say(said), /^553 /, said)
  assert.equal(await world.text('/a'), 'A')
  assert.equal(await world.text('/b'), 'B')
})

test('other COMB: says that the target has all, where a part cannot be removed', async () => {
  await using world = await ftpWorld({
    accounts: (home) => [
      {
        name: 'anna',
        password: 'secret',
        home,
        rights: [{ path: rootPath, allow: ['list', 'read', 'create', 'overwrite'] }],
      },
    ],
  })
  await world.put('/whole', 'one ')
  await world.put('/part', 'two')
  const talk = await world.login()
  assert.match(await talk.say('COMB whole part'), /^550 All parts are in the target now, but \/part /)
  assert.equal(await world.text('/whole'), 'one two')
})

test('other RMDA: of the root removes nothing', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'A')
  const talk = await world.login()
  assert.match(await talk.say('RMDA /'), /^550 /)
  assert.match(await talk.say('RMDA .'), /^550 /)
  assert.deepEqual(await world.names(), ['a'])
})

test('other RMDA: of a mount, of what leads to one, and of what may not be removed removes nothing', async () => {
  const disk = memoryStore()
  const home = mounts([
    { at: rootPath, store: memoryStore() },
    { at: parsePath('/m/disk'), store: disk },
  ])
  await using world = await ftpWorld({ home })
  await world.put('/m/disk/a', 'A')
  const talk = await world.login()
  assert.match(await talk.say('RMDA /m/disk'), /^550 /)
  assert.match(await talk.say('RMDA m'), /^550 /)
  assert.deepEqual(await world.names('/m/disk'), ['a'])
  const rights: PathRights[] = [{ path: rootPath, allow: ['list', 'read', 'create', 'remove'] }]
  await using narrow = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', home, rights }],
  })
  await narrow.home.mkdir(parsePath('/d'))
  await narrow.put('/d/a', 'A')
  assert.match(await (await narrow.login()).say('RMDA d'), /^550 /)
  assert.deepEqual(await narrow.names('/d'), ['a'])
})

test('other RMDA: of a link leaves alone what it leads to', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await world.put('/d/a', 'A')
  await talk.say('SITE SYMLINK d l')
  assert.match(await talk.say('RMDA l'), /^550 .*DELE/)
  assert.deepEqual(await world.names('/d'), ['a'])
  assert.deepEqual(await world.names(), ['d', 'l'])
  assert.match(await talk.say('DELE l'), /^250 /)
})

test('RFC 2577 paths: tricks lead nowhere, in any verb that takes a path', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  const verbs = [
    'CWD',
    'RETR',
    'STOR',
    'APPE',
    'DELE',
    'RMD',
    'MKD',
    'RNFR',
    'SIZE',
    'MDTM',
    'MLST',
    'HASH',
    'LIST',
  ]
  for (const verb of verbs) {
    await talk.send(Buffer.from(`${verb} a\0b\r\n`))
    assert.match(await talk.heard(), /^5\d\d /, verb)
    assert.match(await talk.say(`${verb} /../../../etc/passwd`), /^5\d\d /, verb)
    assert.match(await talk.say(`${verb} ${'x/'.repeat(2000)}`), /^5\d\d /, verb)
  }
  assert.deepEqual(await world.names(), [])
})

/** A store in which `/bad` can be opened and not read. */
class WithBadFile extends PassingStore {
  override async open(path: Path, how: Opening): Promise<OpenFile> {
    const file = await super.open(path, how)
    return path === '/bad' ? new BadFile(file) : file
  }
}

/** Gives its first byte, and no more. */
class BadFile extends PassingFile {
  override async read(into: Uint8Array, at: number): Promise<number> {
    if (at > 0) throw new FileError('failed', 'a bad disk')
    return super.read(into.subarray(0, 1), at)
  }
}
