import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PathRights } from '../../../core/account.ts'
import { rootPath } from '../../../core/path.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('other SITE CHMOD: sets the permissions', async () => {
  await using world = await ftpWorld()
  await world.put('/a b', 'x')
  const talk = await world.login()
  assert.match(await talk.say('SITE CHMOD 600 a b'), /^200 /)
  assert.match((await talk.fetch('LIST')).data.toString(), /^-rw------- /)
  assert.match(await talk.say('SITE CHMOD 999 a b'), /^501 /)
  assert.match(await talk.say('SITE CHMOD 644'), /^501 /)
  assert.match(await talk.say('SITE CHMOD 644 missing'), /^550 /)
})

test('other SITE UTIME: sets the time, in both forms that are in use', async () => {
  await using world = await ftpWorld()
  await world.put('/a b', 'x')
  const talk = await world.login()
  assert.match(await talk.say('SITE UTIME 20240229010203 a b'), /^200 /)
  assert.equal(await talk.say('MDTM a b'), '213 20240229010203')
  assert.match(await talk.say('SITE UTIME a b 20200101000000 20210101000000 20220101000000 UTC'), /^200 /)
  assert.equal(await talk.say('MDTM a b'), '213 20210101000000')
  assert.match(await talk.say('SITE UTIME 202402290102 a b'), /^200 /)
  assert.match(await talk.say('SITE UTIME yesterday a b'), /^501 /)
})

test('other SITE CHMOD, UTIME: names may hold what Unicode calls the end of a line', async () => {
  await using world = await ftpWorld()
  await world.put('/a\u2028b', 'x')
  const talk = await world.login()
  assert.match(await talk.say('SITE CHMOD 600 a\u2028b'), /^200 /)
  assert.match(await talk.say('SITE UTIME 20240229010203 a\u2028b'), /^200 /)
  assert.match(
    await talk.say('SITE UTIME a\u2028b 20200101000000 20210101000000 20220101000000 UTC'),
    /^200 /,
  )
  assert.equal(await talk.say('MDTM a\u2028b'), '213 20210101000000')
})

test('other SITE SYMLINK: makes a link, and none that leads out', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'hello')
  const talk = await world.login()
  assert.match(await talk.say('SITE SYMLINK a l'), /^200 /)
  assert.equal((await talk.fetch('RETR l')).data.toString(), 'hello')
  assert.match((await talk.fetch('LIST')).data.toString(), /l -> a\r\n/)
  assert.match(await talk.say('SITE SYMLINK a'), /^501 /)
})

test('other SITE COPY, SITE CPFR, SITE CPTO: copy a file on the server', async () => {
  await using world = await ftpWorld()
  const content = 'x'.repeat(3_000_000)
  await world.put('/a b', content)
  const talk = await world.login()
  assert.match(await talk.say('SITE COPY "a b" c'), /^250 /)
  assert.equal(await world.text('/c'), content)
  assert.match(await talk.say('SITE CPTO d'), /^503 /)
  assert.match(await talk.say('SITE CPFR a b'), /^350 /)
  assert.match(await talk.say('SITE CPTO d d'), /^250 /)
  assert.equal(await world.text('/d d'), content)
  assert.match(await talk.say('SITE COPY c c'), /^5\d\d /)
  assert.equal(await world.text('/c'), content)
})

test('other SITE CPTO: must follow right behind SITE CPFR, or NOOP and STAT', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'A')
  const talk = await world.login()
  for (const between of [
    'PWD',
    'NONSENSE',
    'RNFR a',
    'SITE NONSENSE',
    'SITE IDLE',
    'SITE CPTO',
    'SITE',
    'STAT a',
  ]) {
    assert.match(await talk.say('SITE CPFR a'), /^350 /)
    await talk.say(between)
    assert.match(await talk.say('SITE CPTO b'), /^503 /, between)
  }
  await talk.say('SITE CPFR a')
  assert.match(await talk.say('NOOP'), /^200 /)
  assert.match(await talk.say('STAT'), /^211/)
  assert.match(await talk.say('SITE CPTO b'), /^250 /)
})

test('other SITE COPY: onto a link to the file itself is refused, and empties nothing', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'A')
  const talk = await world.login()
  await talk.say('SITE SYMLINK a l')
  assert.match(await talk.say('SITE COPY a l'), /^553 /)
  assert.match(await talk.say('SITE COPY l a'), /^553 /)
  assert.equal(await world.text('/a'), 'A')
})

test('other SITE COPY: what may not be read empties nothing, also where uploads are written in place', async () => {
  const rights = [{ path: rootPath, allow: ['list', 'create', 'overwrite'] as const }]
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', home, rights, uploads: 'in-place' }],
  })
  for (const name of ['/a', '/b']) await world.put(name, 'old')
  const talk = await world.login()
  assert.match(await talk.say('SITE COPY a b'), /^550 /)
  assert.match(await talk.say('SITE COPY a c'), /^550 /)
  assert.equal(await world.text('/b'), 'old')
  assert.deepEqual(await world.names(), ['a', 'b'])
})

test('other SITE MKDIR: makes a directory with those above it, and is content when it is there', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  assert.match(await talk.say('SITE MKDIR d/e f/g'), /^200 /)
  assert.match(await talk.say('SITE MKDIR d/e f/g'), /^200 /)
  assert.match(await talk.say('CWD /d/e f/g'), /^250 /)
  assert.match(await talk.say('SITE MKDIR /a'), /^550 /)
  assert.match(await talk.say('SITE MKDIR /a/b'), /^550 /)
})

test('other SITE IDLE, SITE UMASK: tell and set', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  assert.match(await talk.say('SITE IDLE'), /^200 .*300 s/)
  assert.match(await talk.say('SITE IDLE 1'), /^501 /)
  assert.match(await talk.say('SITE UMASK 077'), /^200 /)
  await talk.store('STOR a', 'x')
  assert.match((await talk.fetch('LIST')).data.toString(), /^-rw------- /)
  assert.match(await talk.say('SITE UMASK'), /^200 .*077/)
  assert.match(await talk.say('SITE UMASK 888'), /^501 /)
})

test('other SITE UMASK: is for what is new, whatever makes it; what is there keeps its permissions', async () => {
  await using world = await ftpWorld()
  await world.put('/old', 'x')
  const talk = await world.login()
  await talk.say('SITE CHMOD 755 old')
  await talk.say('SITE UMASK 027')
  for (const verb of ['APPE', 'STOR']) {
    assert.match(await talk.store(`${verb} old`, 'y'), /^226 /)
    assert.match((await talk.fetch('LIST old')).data.toString(), /^-rwxr-xr-x /, verb)
  }
  await talk.store('STOU new', 'x')
  await talk.say('SITE COPY old copy')
  await talk.say('SITE MKDIR d/e')
  for (const [path, mode] of [
    ['new', '-rw-r-----'],
    ['copy', '-rw-r-----'],
    ['d', 'drwxr-x---'],
  ]) {
    const entries = (await talk.fetch('LIST')).data.toString()
    assert.match(entries, new RegExp(`${mode} .* ${path}\r\n`, 'u'))
  }
})

test('other SITE UMASK: where permissions may not be set, what is made is told as made', async () => {
  const allow: PathRights['allow'] = ['list', 'read', 'create', 'directories']
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', home, rights: [{ path: rootPath, allow }] }],
  })
  const talk = await world.login()
  await talk.say('SITE UMASK 077')
  assert.match(await talk.store('STOR a', 'x'), /^226 Stored whole, 1 bytes\. .* SITE UMASK: you may not/)
  assert.match(await talk.say('MKD d'), /^257 "\/d" made\. .* SITE UMASK: you may not/)
  assert.deepEqual(await world.names(), ['a', 'd'])
})

test('other SITE WHO: shows the sessions of the same account and no others', async () => {
  await using world = await ftpWorld({
    accounts: (home) => [
      { name: 'anna', password: 'secret', home },
      { name: 'bert', password: 'secret', home },
    ],
  })
  const talk = await world.login()
  await world.login('anna', 'secret', '192.0.2.51')
  await world.login('bert', 'secret', '192.0.2.52')
  const answer = await talk.say('SITE WHO')
  assert.match(answer, /192\.0\.2\.50 .*\(you\)/)
  assert.match(answer, /192\.0\.2\.51/)
  assert.doesNotMatch(answer, /192\.0\.2\.52/)
})

test('other SITE HELP: lists what there is; the rest is 504', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('SITE HELP'), /^214 [^]*SITE CHMOD/)
  assert.match(await talk.say('SITE HELP copy'), /^214 SITE COPY/)
  assert.match(await talk.say('SITE FROB'), /^504 /)
  assert.match(await talk.say('SITE CHMOD 644 a'), /^530 /)
})

test('other SITE DIAG: tells what the server sees of its client, PORT as it arrived included', async () => {
  await using world = await ftpWorld({ settings: { passive: { first: 50_000, last: 50_100 } } })
  const talk = await world.login()
  await talk.say('PORT 10,0,0,5,4,1')
  const answer = await talk.say('SITE DIAG')
  assert.match(answer, /^211/)
  assert.match(answer, /peer: 192\.0\.2\.50 port \d+/)
  assert.match(answer, /control: in clear/)
  assert.match(answer, /port-argument: 10,0,0,5,4,1/)
  assert.match(answer, /passive: 50000-50100/)
})

test('other SITE DIAG CONNECT: connects back to the client alone, and says what came of it', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  let came = 0
  const port = await world.network.listen({ host: '192.0.2.50', port: 0 }, (conn) => {
    came += 1
    conn.destroy()
  })
  assert.match(await talk.say(`SITE DIAG CONNECT ${port.local.port}`), /^200 /)
  assert.equal(came, 1)
  await port.close()
  assert.match(await talk.say(`SITE DIAG CONNECT ${port.local.port}`), /^425 .*nothing listens there/)
  assert.match(await talk.say('SITE DIAG CONNECT 25'), /^501 /)
  assert.match(await talk.say('SITE DIAG CONNECT 22'), /^425 /)
  assert.match(await talk.say('SITE DIAG SOMETHING'), /^501 /)
})
