import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test, type TestContext } from 'node:test'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { misbehavingServer } from '../../src/testing/misbehaving/server.ts'
import { programVersion, runProgram, type Ended } from './program.ts'
import { makeFile, temporaryFolder } from './scene.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

async function world(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'far', 'sub'), { recursive: true })
  await writeFile(join(folder, 'far', 'a.txt'), 'alpha\n')
  await writeFile(join(folder, 'editor'), '#!/bin/sh\necho edited >> "$1"\n')
  await chmod(join(folder, 'editor'), 0o755)
  return folder
}

function shell(folder: string, lines: readonly string[]): Promise<Ended> {
  return runProgram(
    '/usr/bin/env',
    [`EDITOR=${join(folder, 'editor')}`, 'PAGER=cat', process.execPath, ferry, 'shell', 'far'],
    { folder, input: `${lines.join('\n')}\n` },
  )
}

test('edit changes a file over there, makes one that is missing, and leaves alone what nobody changed', async (t) => {
  const folder = await world(t)
  const done = await shell(folder, ['edit a.txt', 'edit sub/new', '-edit sub'])
  assert.equal(done.code, 0, done.printed)
  assert.equal(await readFile(join(folder, 'far', 'a.txt'), 'utf8'), 'alpha\nedited\n')
  assert.equal(await readFile(join(folder, 'far', 'sub', 'new'), 'utf8'), 'edited\n')
  await writeFile(join(folder, 'editor'), '#!/bin/sh\n')
  const idle = await shell(folder, ['edit a.txt'])
  assert.match(idle.printed, /a\.txt is as it was/u)
})

test('alias, repeat, at, source, set and echo do what lftp has them do', async (t) => {
  const folder = await world(t)
  await writeFile(join(folder, 'script'), 'echo from a file\npwd\n')
  const done = await shell(folder, [
    'alias say "echo said; echo"',
    'say more',
    'repeat -c 2 0.01s "echo round; echo again"',
    'at +0.01s echo late',
    'source script',
    'set retries 7',
    'set',
    'alias say',
    '-say no more',
    '-set rate nonsense',
    '-repeat',
    '-at noon ls',
  ])
  assert.equal(done.code, 0, done.printed)
  assert.match(
    done.printed,
    /said\nmore\nround\nagain\nround\nagain\nat [\d:]{8}: echo late\nlate\nfrom a file\n\/\n/u,
  )
  assert.match(done.printed, /retries {2}7/u)
  for (const word of ['no "say" here', '--rate takes', 'repeat takes', 'at takes'])
    assert.ok(done.printed.includes(word), `${word}\n${done.printed}`)
})

test('more, zmore and zcat read files aloud, and close leaves the place', async (t) => {
  const folder = await world(t)
  await writeFile(join(folder, 'far', 'a.txt.gz'), gzipSync('packed\n'))
  const done = await shell(folder, [
    'more a.txt',
    'zmore a.txt.gz',
    'zcat a.txt.gz',
    '-more sub',
    '-zcat a.txt',
    'close',
    '-ls',
    'open far',
    'ls',
  ])
  assert.equal(done.code, 0, done.printed)
  assert.match(done.printed, /alpha\npacked\npacked\n/u)
  for (const words of [
    'sub is a directory',
    'a.txt is not what gzip has packed',
    'nothing is open',
    'a.txt.gz',
  ])
    assert.ok(done.printed.includes(words), `${words}\n${done.printed}`)
})

test('cat and zcat hand on the very bytes, to a file, a program and stdout', async (t) => {
  const folder = await world(t)
  const bytes = Buffer.concat([Buffer.alloc(300_000, 0xe9), Buffer.from('no line end')])
  await writeFile(join(folder, 'far', 'big.bin'), bytes)
  await writeFile(join(folder, 'far', 'big.gz'), gzipSync(bytes))
  const done = await shell(folder, [
    'cat big.bin > one',
    'cat big.bin | cat > two',
    'zcat big.gz > three',
    'cat a.txt > four',
    '-cat missing > four',
    'cat big.bin | head -c 3',
    'cat a.txt >> four',
  ])
  assert.equal(done.code, 0, done.printed)
  for (const name of ['one', 'two', 'three']) {
    assert.ok(bytes.equals(await readFile(join(folder, name))), name)
  }
  assert.equal(await readFile(join(folder, 'four'), 'utf8'), 'alpha\nalpha\n')
  assert.equal(done.printed.match(/^ferry: .*$/gmu)?.length, 1, done.printed)
  const refused = await shell(folder, ['ls > missing/list'])
  assert.match(refused.printed, /ferry: .*missing\/list cannot be written: /u)
})

test('get writes to a device or a pipe, as ferry get does', async (t) => {
  const folder = await world(t)
  assert.equal((await runProgram('mkfifo', ['pipe'], { folder })).code, 0)
  const reading = runProgram('cat', ['pipe'], { folder })
  const done = await shell(folder, ['get a.txt pipe', 'get a.txt /dev/null'])
  assert.equal(done.code, 0, done.printed)
  assert.match(done.printed, /a\.txt -> \/dev\/null {2}6 bytes/u)
  assert.equal((await reading).printed, 'alpha\n')
})

test('mirror takes the flags that users of lftp type', async (t) => {
  const folder = await world(t)
  const done = await shell(folder, [
    'mirror -rv --no-perms . copy',
    'mirror --verbose=3 ./ all',
    '-mirror --perms',
  ])
  assert.equal(done.code, 0, done.printed)
  assert.match(done.printed, /copy {3}a\.txt {2}\(new\)\ncopied 1 file.*\n(?:.*\n)*mkdir {2}sub\//u)
  assert.match(done.printed, /"help mirror" lists the options/u)
})

test('what stands in the way is told, and not taken for a file that is missing', async (t) => {
  const folder = await world(t)
  const done = await shell(folder, [
    '-touch a.txt/below',
    '-source a.txt/below',
    '-lcd far/a.txt/below',
    '-rm -f none',
  ])
  assert.equal(done.code, 0, done.printed)
  for (const words of ['a.txt', 'there is no file', 'there is no folder'])
    assert.ok(done.printed.includes(words), `${words}\n${done.printed}`)
})

test('bookmarks are kept from one shell to the next, and hold no password', async (t) => {
  const folder = await world(t)
  const first = await shell(folder, ['cd sub', 'bookmark add work', '-bookmark add x ftp://u:secret@h/'])
  assert.equal(first.code, 0, first.printed)
  assert.match(first.printed, /keeps no password/u)
  const second = await shell(folder, ['bookmark', 'open work', 'bookmark del work', 'bookmark list'])
  assert.equal(second.code, 0, second.printed)
  assert.equal(second.printed.match(/work/gu)?.length, 1)
})

const driver = `
import os, pty, select, signal, sys, time
os.environ["TERM"] = "xterm"
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
everything = b""
def until(what, seconds=20):
    global seen, everything
    end = time.time() + seconds
    while what not in seen:
        if time.time() > end: sys.exit("no %r in %r" % (what, seen))
        if select.select([fd], [], [], 0.2)[0]:
            piece = os.read(fd, 4096)
            seen += piece
            everything += piece
    seen = seen[seen.index(what) + len(what):]
def key(keys): os.write(fd, keys)
until(b"> ")
key(b"get big.bin\\r"); until(b"big.bin"); until(b"B/s"); key(b"\\x03"); until(b"interrupted"); until(b"> ")
key(b"get -c big.bin\\r"); until(b"B/s"); key(b"\\x1a"); time.sleep(0.5); os.kill(pid, signal.SIGCONT)
time.sleep(0.3); key(b"\\x03"); until(b"interrupted"); until(b"> ")
key(b"echo al\\"ive\\"\\r"); until(b"alive"); until(b"> ")
key(b"cat a.t\\t"); until(b"xt "); key(b"\\r"); until(b"alpha"); until(b"> ")
key(b"put driver.py su\\t"); until(b"sub/"); key(b"\\x15")
key(b"mirror -R fa\\t"); until(b"far/"); key(b"\\x15")
key(b"!echo g''o; cat > typed\\r"); until(b"go\\r"); key(b"for the program\\r"); time.sleep(0.3); key(b"\\x04"); until(b"> ")
key(b"!echo g''o; sleep 30\\r"); until(b"go\\r"); time.sleep(1); key(b"\\x03"); until(b"> ")
for wait in [0, 0, 0.005, 0.01, 0.02]:
    key(b"!sleep 30\\r")
    if wait: time.sleep(wait)
    key(b"\\x03"); until(b"> "); key(b"echo aw''ake\\r"); until(b"awake"); until(b"> ")
key(b"history 2\\r"); until(b"echo aw''ake"); until(b"history 2"); until(b"> ")
key(b"alias zz cat\\r"); until(b"> "); key(b"zz a.t\\t"); until(b"xt "); key(b"\\r"); until(b"alpha"); until(b"> ")
url = os.environ["FTP_URL"].encode()
key(b"open " + url + b"\\r"); until(b"Password of anna"); time.sleep(0.3); key(b"geheim\\x03"); until(b"interrupted"); until(b"> ")
key(b"open " + url + b"\\r"); until(b"Password of anna"); time.sleep(0.3); key(b"geheim\\r"); until(b":/> ")
key(b"history\\r"); until(b"history\\r\\n"); until(b":/> ")
if b"geheim" in everything: sys.exit("the password was shown")
key(b"bye\\r")
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

test(
  'at a terminal Ctrl-C ends the transfer, or the program, and keeps the shell; Tab completes; programs get what is typed',
  { skip: programVersion('python3', { words: ['--version'] }) === undefined ? 'there is no python3' : false },
  async (t) => {
    const folder = await world(t)
    await makeFile(join(folder, 'far', 'big.bin'), 30_000_000)
    await writeFile(join(folder, 'driver.py'), driver)
    await using server = await misbehavingServer({}, { network: tcpNetwork() })
    const done = await runProgram(
      '/usr/bin/env',
      [
        `FTP_URL=ftp://anna@127.0.0.1:${server.port}/`,
        'python3',
        'driver.py',
        process.execPath,
        ferry,
        'shell',
        '--rate',
        '1M',
        'far',
      ],
      { folder },
    )
    assert.equal(done.code, 0, done.printed)
    assert.equal(done.printed.trim(), '0')
    assert.equal(await readFile(join(folder, 'typed'), 'utf8'), 'for the program\n')
  },
)

test('mmv moves several into a directory that is there, and nothing elsewhere', async (t) => {
  const folder = await world(t)
  for (const name of ['b.txt', 'c.txt']) await writeFile(join(folder, 'far', name), name)
  const done = await shell(folder, [
    'mmv *.txt s* sub',
    'ls sub',
    '-mmv sub/a.txt sub/b.txt none',
    '-mmv sub',
    'mmv -O . sub/c.txt',
    'ls',
  ])
  assert.equal(done.code, 0, done.printed)
  for (const words of [
    'a.txt\nb.txt\nc.txt',
    'none is no directory',
    'mmv takes what to move',
    'c.txt\nsub/',
  ])
    assert.ok(done.printed.includes(words), `${words}\n${done.printed}`)
})
