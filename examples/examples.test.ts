import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable, Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import { Client } from 'basic-ftp'
import { diskStore, memoryAccounts, serve } from '../src/index.ts'

const project = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'ferry-examples-'))

before(() => {
  // They import what is published, as a user's program does.
  if (existsSync(join(project, 'dist', 'client', 'index.js'))) return
  const built = spawnSync(process.execPath, ['tools/build.ts'], { cwd: project })
  assert.equal(built.status, 0)
})

after(() => rmSync(folder, { recursive: true, force: true }))

/** Starts an example that serves, and gives its first line and the others as they come. */
async function start(name: string): Promise<{ child: ChildProcess; url: URL; line: () => Promise<string> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, name), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async (): Promise<string> => String((await lines.next()).value)
  return { child, url: new URL(await line()), line }
}

async function login(url: URL, user: string, password: string): Promise<Client> {
  const client = new Client()
  await client.access({ host: url.hostname, port: Number(url.port), user, password })
  return client
}

async function stop(child: ChildProcess): Promise<void> {
  child.stdin?.end('\n')
  const [code] = (await once(child, 'exit')) as [number | null]
  assert.equal(code, 0)
}

test('share-a-folder: anna may write, guests may read', async () => {
  const { child, url } = await start('share-a-folder.ts')
  const anna = await login(url, 'anna', 'secret')
  await anna.uploadFrom(Readable.from([Buffer.from('hello')]), 'hello.txt')
  anna.close()
  assert.equal(readFileSync(join(folder, 'hello.txt'), 'utf8'), 'hello')
  const guest = await login(url, 'anonymous', 'me@example.org')
  assert.ok((await guest.list()).some(({ name }) => name === 'hello.txt'))
  await assert.rejects(guest.remove('hello.txt'))
  guest.close()
  await stop(child)
})

test('when-an-upload-is-complete: says so once the file is whole', async () => {
  const { child, url, line } = await start('when-an-upload-is-complete.ts')
  const camera = await login(url, 'camera', 'secret')
  await camera.uploadFrom(Readable.from([Buffer.from('picture')]), 'p.jpg')
  assert.equal(await line(), 'camera sent /p.jpg, 7 bytes')
  camera.close()
  await stop(child)
})

test('several-folders: one tree, and rights for each part', async () => {
  writeFileSync(join(folder, 'q3.txt'), 'numbers')
  const { child, url } = await start('several-folders.ts')
  const partner = await login(url, 'partner', 'secret')
  await partner.uploadFrom(Readable.from([Buffer.from('x')]), 'note.txt')
  const got: Buffer[] = []
  const sink = new Writable({ write: (piece: Buffer, _encoding, done) => (got.push(piece), done()) })
  await partner.downloadTo(sink, 'reports/q3.txt')
  assert.equal(Buffer.concat(got).toString(), 'numbers')
  await assert.rejects(partner.uploadFrom(Readable.from([Buffer.from('x')]), 'reports/mine.txt'))
  partner.close()
  await stop(child)
})

test('accounts-in-a-database: who is not in the program is in the database, with what that says', async () => {
  const { child, url } = await start('accounts-in-a-database.ts')
  const anna = await login(url, 'anna', 'secret')
  await anna.uploadFrom(Readable.from([Buffer.from('x')]), 'note.txt')
  anna.close()
  const bert = await login(url, 'bert', 'secret')
  assert.ok((await bert.list()).some(({ name }) => name === 'note.txt'))
  await assert.rejects(bert.remove('note.txt'))
  bert.close()
  await assert.rejects(login(url, 'bert', 'wrong'))
  await stop(child)
})

test('files-in-a-database: what was sent lies in the database, and is there for the next run', async () => {
  const first = await start('files-in-a-database.ts')
  const anna = await login(first.url, 'anna', 'secret')
  await anna.ensureDir('letters')
  await anna.uploadFrom(Readable.from([Buffer.from('dear')]), 'one.txt')
  anna.close()
  await stop(first.child)
  const second = await start('files-in-a-database.ts')
  const again = await login(second.url, 'anna', 'secret')
  assert.deepEqual(
    (await again.list('letters')).map(({ name, size }) => [name, size]),
    [['one.txt', 4]],
  )
  again.close()
  await stop(second.child)
})

for (const name of ['server-for-tests', 'servers-that-misbehave', 'judge-a-store']) {
  test(`${name}: is a test that passes`, () => {
    const run = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
      encoding: 'utf8',
      timeout: 30_000,
    })
    assert.equal(run.status, 0, run.stdout + run.stderr)
  })
}

test('fetch-with-progress: lists, fetches, reads a part, and sends', async () => {
  const far = mkdtempSync(join(tmpdir(), 'ferry-examples-far-'))
  const near = mkdtempSync(join(tmpdir(), 'ferry-examples-near-'))
  try {
    const content = randomBytes(300_000)
    writeFileSync(join(far, 'file.bin'), content)
    await using server = await serve({
      accounts: memoryAccounts([{ name: 'u', password: 'p', home: await diskStore(far) }]),
      ftp: { host: '127.0.0.1', port: 0 },
    })
    const url = `ftp://u:p@127.0.0.1:${server.listeners[0]?.port}/`
    const child = spawn(process.execPath, [
      join(import.meta.dirname, 'fetch-with-progress.ts'),
      url,
      'file.bin',
      near,
    ])
    let printed = ''
    child.stdout.on('data', (piece: Buffer) => (printed += piece.toString()))
    child.stderr.on('data', (piece: Buffer) => (printed += piece.toString()))
    const [code] = (await once(child, 'exit')) as [number | null]
    assert.equal(code, 0, printed)
    assert.match(printed, /\/file\.bin 300000\n/u)
    assert.match(printed, /got 300000 bytes, proven/u)
    assert.match(
      printed,
      new RegExp(createHash('sha256').update(content.subarray(0, 1024)).digest('hex'), 'u'),
    )
    assert.deepEqual(readFileSync(join(near, 'file.bin')), content)
    assert.equal(readFileSync(join(far, 'notes', 'today', 'log.txt'), 'utf8'), 'fetched file.bin\n')
  } finally {
    for (const place of [far, near]) rmSync(place, { recursive: true, force: true })
  }
})

test('the client can be required from CommonJS', () => {
  const program =
    "const { connect, Remote } = require('ferry/client'); process.stdout.write(typeof connect + typeof Remote)"
  const run = spawnSync(process.execPath, ['--input-type=commonjs', '-e', program], { cwd: project })
  assert.equal(run.stdout.toString(), 'functionfunction', run.stderr.toString())
})
