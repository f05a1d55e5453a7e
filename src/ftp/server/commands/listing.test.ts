import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../../core/path.ts'
import { memoryStore } from '../../../stores/memory.ts'
import { mounts } from '../../../stores/mounts.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 959 LIST: looks like ls -l, one entry a line', async () => {
  await using world = await ftpWorld()
  await world.put('/a b', '12345')
  const talk = await world.login()
  await talk.say('MKD d')
  const lines = (await talk.fetch('LIST')).data.toString().split('\r\n').toSorted()
  assert.equal(lines.length, 3)
  assert.match(lines[1] ?? '', /^-rw-r--r-- +1 \S+ +\S+ +5 [A-Z][a-z]{2} [ \d]\d (?:\d\d:\d\d| \d{4}) a b$/)
  assert.match(lines[2] ?? '', /^drwxr-xr-x .* d$/)
})

test('RFC 959 LIST: of a file is its line, of nothing 550, of an empty directory nothing', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  assert.match((await talk.fetch('LIST a')).data.toString(), /^-.* a\r\n$/)
  assert.match(await talk.say('LIST missing'), /^550 /)
  await talk.say('MKD d')
  const empty = await talk.fetch('LIST d')
  assert.equal(empty.data.length, 0)
  assert.match(empty.answer, /^226 /)
})

test('other LIST -a, -l, -la, -a -l: options of ls are taken, with and without a path', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await world.put('/d/.hidden', 'x')
  for (const words of ['-a d', '-l d', '-la d', '-a -l d', 'd', '-- d', '-la -- d', '-l -a -- d']) {
    assert.match((await talk.fetch(`LIST ${words}`)).data.toString(), /^-.* \.hidden\r\n$/, words)
  }
  assert.match((await talk.fetch('LIST -a')).data.toString(), / d\r\n$/)
  // What follows it is a name, and no option.
  assert.match(await talk.say('LIST -a -- -l'), /^550 /)
  assert.match(await talk.say('LIST -- -- d'), /^550 /)
})

test('other LIST -la ../d: options are options also before a path that leads up', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  for (const path of ['d', 'e', 'e/d', '-a x', '-a x/d']) await talk.say(`MKD ${path}`)
  await world.put('/d/right', 'x')
  await world.put('/e/d/wrong', 'x')
  await world.put('/-a x/d/named', 'x')
  await talk.say('CWD e')
  for (const words of ['-a ../d', '-la -1 ../d', '-- ../d', '-a ../e/../d'])
    assert.match((await talk.fetch(`LIST ${words}`)).data.toString(), /^-.* right\r\n$/, words)
  assert.equal((await talk.fetch('NLST -a ../d')).data.toString(), '../d/right\r\n')
  assert.match((await talk.fetch('LIST -a ../..')).data.toString(), / -a x\r\n/)
  await talk.say('CDUP')
  assert.match((await talk.fetch('LIST -a x/d')).data.toString(), /^-.* named\r\n$/)
})

test('blanks before options are no name, unless one begins so', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await world.put('/d/right', 'x')
  assert.equal((await talk.fetch('NLST  -la d')).data.toString(), 'd/right\r\n')
  assert.match((await talk.fetch('LIST   -la')).data.toString(), / d\r\n$/)
  await talk.say('CWD d')
  assert.equal((await talk.fetch('NLST  -la ../d')).data.toString(), '../d/right\r\n')
  await talk.say('CDUP')
  await world.put('/ -la', 'x')
  assert.equal((await talk.fetch('NLST  -la')).data.toString(), ' -la\r\n')
})

test('other LIST -foo: a name with a leading dash is a name when it exists', async () => {
  await using world = await ftpWorld()
  await world.put('/-foo', 'x')
  const talk = await world.login()
  assert.match((await talk.fetch('LIST -foo')).data.toString(), /^-.* -foo\r\n$/)
  assert.equal((await talk.fetch('NLST -foo')).data.toString(), '-foo\r\n')
})

test('other LIST -R: goes down the tree, with a heading for each directory', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await talk.say('MKD d/e')
  await world.put('/d/e/f', 'x')
  const text = (await talk.fetch('LIST -R')).data.toString()
  assert.match(text, /^d.* d\r\n\r\n\.\/d:\r\nd.* e\r\n\r\n\.\/d\/e:\r\n-.* f\r\n$/)
})

test('other LIST -R: a tree that is too deep is an error, not a shorter listing', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  let path = ''
  for (let depth = 0; depth < 20; depth += 1) {
    path += '/d'
    await talk.say(`MKD ${path}`)
  }
  assert.match((await talk.fetch('LIST -R')).answer, /^451 /)
})

test('other NLST, LIST with a pattern: * ? and [] choose names in the last part of the path', async () => {
  await using world = await ftpWorld()
  for (const name of ['/a.txt', '/b.txt', '/c.csv', '/.secret.txt']) await world.put(name, 'x')
  const talk = await world.login()
  await talk.say('MKD d')
  await world.put('/d/x.txt', 'x')
  const sorted = async (line: string) =>
    (await talk.fetch(line)).data.toString().split('\r\n').toSorted().join(' ').trim()
  assert.equal(await sorted('NLST *.txt'), 'a.txt b.txt')
  assert.equal(await sorted('NLST ?.csv'), 'c.csv')
  assert.equal(await sorted('NLST [ab].*'), 'a.txt b.txt')
  assert.equal(await sorted('NLST d/*.txt'), 'd/x.txt')
  assert.equal(await sorted('NLST *.none'), '')
  assert.match((await talk.fetch('LIST *.csv')).data.toString(), /^-.* c\.csv\r\n$/)
})

test('a file whose name is a pattern hides none of those that fit it, and a directory of such a name is listed', async () => {
  await using world = await ftpWorld()
  for (const name of ['/*', '/a', '/b', '/b[1]', '/b1']) await world.put(name, 'x')
  const talk = await world.login()
  const sorted = async (line: string) =>
    (await talk.fetch(line)).data.toString().split('\r\n').toSorted().join(' ').trim()
  assert.equal(await sorted('NLST *'), '* a b b1 b[1]')
  assert.equal(await sorted('NLST b[1]'), 'b[1]')
  await talk.say('MKD ?')
  await world.put('/?/in', 'x')
  assert.equal(await sorted('NLST ?'), '?/in')
})

test('a pattern made to be slow is answered at once', async () => {
  await using world = await ftpWorld()
  await world.put(`/${'a'.repeat(250)}`, 'x')
  const talk = await world.login()
  assert.equal((await talk.fetch(`NLST ${'*a'.repeat(120)}b`)).data.length, 0)
  assert.match(await talk.say(`NLST ${'*'.repeat(300)}x`), /^550 /)
})

test('RFC 959 NLST: names alone, with the directory before them as it was written', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await world.put('/d/a', 'x')
  assert.equal((await talk.fetch('NLST')).data.toString(), 'd\r\n')
  assert.equal((await talk.fetch('NLST d')).data.toString(), 'd/a\r\n')
  // PHP's ftp_nlist(…, '.') is looked through for names, as vsftpd, ProFTPD and pyftpdlib give them.
  assert.equal(await talk.say('CWD d').then((text) => text.slice(0, 3)), '250')
  for (const here of ['.', './', '-a .'])
    assert.equal((await talk.fetch(`NLST ${here}`)).data.toString(), 'a\r\n', here)
  assert.equal((await talk.fetch('NLST /d/')).data.toString(), '/d/a\r\n')
})

test('RFC 3659 MLSD: facts and names of a directory, no patterns, no files', async () => {
  await using world = await ftpWorld()
  await world.put('/a b', '12345')
  const talk = await world.login()
  assert.match(
    (await talk.fetch('MLSD')).data.toString(),
    /^Type=file;Size=5;Modify=\d{14};(?:Create=\d{14};)?Perm=adfrw;(?:Unique=[^;]+;)?UNIX\.mode=0644;.* a b\r\n$/,
  )
  assert.match(await talk.say('MLSD a b'), /^501 /)
  assert.match(await talk.say('MLSD *'), /^550 /)
})

test('RFC 3659 MLST: facts of one entry, in the reply', async () => {
  await using world = await ftpWorld()
  await world.put('/a', '12345')
  const talk = await world.login()
  assert.match(await talk.say('MLST a'), /^250 [^\n]*\n ?Type=file;Size=5;.* \/a\n/)
  assert.match(await talk.say('MLST'), /Type=dir;.* \/\n/)
  assert.match(await talk.say('MLST missing'), /^550 /)
})

test('RFC 3659 OPTS MLST: chooses the facts, and FEAT shows them', async () => {
  await using world = await ftpWorld()
  await world.put('/a', '12345')
  const talk = await world.login()
  assert.match(await talk.say('OPTS MLST size;type;nonsense;'), /^200 MLST OPTS Type;Size;$/)
  assert.equal((await talk.fetch('MLSD')).data.toString(), 'Type=file;Size=5; a\r\n')
  assert.match(await talk.say('FEAT'), /MLST Type\*;Size\*;Modify;/)
})

test('RFC 3659 MLSD: the perm fact tells what the account may do', async () => {
  await using world = await ftpWorld({
    accounts: (home) => [{ name: 'anna', password: 'secret', home, readOnly: true }],
  })
  await world.put('/a', 'x')
  const talk = await world.login()
  assert.match((await talk.fetch('MLSD')).data.toString(), /Perm=r;/)
  assert.match(await talk.say('MLST /'), /Perm=el;/)
})

test('RFC 3659 MLSD, MLST: a mount, what leads to one, and the root are not said to be removable', async () => {
  const home = mounts([
    { at: parsePath('/'), store: memoryStore() },
    { at: parsePath('/way/in'), store: memoryStore() },
  ])
  await using world = await ftpWorld({ home })
  const talk = await world.login()
  await talk.say('MKD plain')
  const lines = (await talk.fetch('MLSD')).data.toString()
  assert.match(lines, /Perm=cdelfmp;.* plain\r\n/)
  assert.match(lines, /Perm=celmp;.* way\r\n/)
  for (const path of ['/', '/way', '/way/in']) assert.match(await talk.say(`MLST ${path}`), /Perm=celmp;/)
})

test('a listing of many entries comes whole', async () => {
  await using world = await ftpWorld()
  for (let index = 0; index < 5000; index += 1) await world.put(`/file-${index}`, '')
  const talk = await world.login()
  const names = (await talk.fetch('NLST')).data.toString().trimEnd().split('\r\n')
  assert.equal(new Set(names).size, 5000)
})

test('RFC 959 STAT: with a path it lists over the control connection', async () => {
  await using world = await ftpWorld()
  await world.put('/a', '12345')
  const talk = await world.login()
  assert.match(await talk.say('STAT a'), /^213 [^]* 5 .* a\n/)
  assert.match(await talk.say('STAT /'), /^212 [^]* 5 .* a\n/)
  assert.match(await talk.say('STAT missing'), /^550 /)
})

test('RFC 959 STAT: without a path it tells of the session', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.match(await talk.say('STAT'), /^211 [^]*Not logged in/)
})
