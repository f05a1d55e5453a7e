import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath, rootPath } from '../core/path.ts'
import { FileError, IncompleteError } from '../core/error.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { ftpWorld, type FtpWorld } from '../testing/ftp-world.ts'
import { misbehavingServer } from '../testing/misbehaving/server.ts'
import { say } from '../testing/misbehaving/script.ts'
import { memoryNetwork } from '../net/memory.ts'
import { connect } from './connect.ts'
import { copyFile } from './copy-file.ts'
import type { Remote } from './remote.ts'

async function textOf(world: FtpWorld, said: string[] = []): Promise<Remote> {
  return connect('ftp://192.0.2.1/;type=a', {
    user: 'anna',
    password: 'secret',
    network: world.network,
    clock: world.clock,
    said: (from, line) => void (from === 'server' || said.push(line)),
  })
}

function unsupported(error: unknown): boolean {
  return error instanceof FileError && error.fault === 'unsupported'
}

async function put(store: ReturnType<typeof memoryStore>, text: string): Promise<void> {
  const file = await store.open(parsePath('/here'), { write: true, create: 'allow', truncate: true })
  await file.write([Buffer.from(text)], 0)
  await file.close()
}

async function content(store: ReturnType<typeof memoryStore>): Promise<string> {
  const file = await store.open(parsePath('/here'), { read: true })
  const bytes = Buffer.alloc((await file.stat()).size)
  await file.read(bytes, 0)
  await file.close()
  return bytes.toString()
}

void test('RFC 1738 §3.2.2 ;type=a: a text comes in TYPE A with our line ends, though the size over there is another', async () => {
  for (const chop of ['whole', 'bytes'] as const) {
    await using world = await ftpWorld({ chop })
    await world.put('/a.txt', 'one\r\ntwo\rstill\nend\r')
    const here = memoryStore({ clock: new FakeClock() })
    const said: string[] = []
    const remote = await textOf(world, said)
    const copied = await copyFile(
      remote.at('a.txt'),
      { store: here, path: parsePath('/here') },
      { resume: 'file' },
    )
    assert.equal(await content(here), 'one\ntwo\rstill\nend\r')
    assert.equal(copied.completeness, 'proven')
    assert.ok(said.indexOf('TYPE A') < said.indexOf('RETR /a.txt'))
    await remote[Symbol.asyncDispose]()
  }
})

void test('RFC 1738 §3.2.2 ;type=a: a text goes in TYPE A, and SIZE proves that it is whole', async () => {
  await using world = await ftpWorld()
  const here = memoryStore({ clock: new FakeClock() })
  await put(here, 'one\ntwo\n\nend')
  const said: string[] = []
  const remote = await textOf(world, said)
  const copied = await copyFile({ store: here, path: parsePath('/here') }, remote.at('b.txt'))
  assert.equal(await world.text('/b.txt'), 'one\ntwo\n\nend')
  assert.equal(copied.completeness, 'proven')
  assert.ok(said.lastIndexOf('TYPE A') < said.indexOf('STOR /b.txt'))
  await remote[Symbol.asyncDispose]()
})

void test('text has one beginning: nobody goes on in the middle, makes a hash of it, or copies it unseen', async () => {
  await using world = await ftpWorld()
  await world.put('/a.txt', 'one\ntwo\n')
  const remote = await textOf(world)
  const { store, path } = remote.at('a.txt')
  await assert.rejects(store.open(path, { read: true, from: 4 }), unsupported)
  await assert.rejects(store.open(path, { write: true, create: 'allow', from: 4 }), unsupported)
  const file = await store.open(path, { read: true })
  await assert.rejects(file.read(new Uint8Array(4), 4), unsupported)
  await file.abort(new Error('enough'))
  for await (const batch of store.list(rootPath))
    assert.deepEqual(
      batch.map(({ name }) => name),
      ['a.txt'],
    )
  await remote[Symbol.asyncDispose]()
})

void test('of a text that was sent SIZE is asked in TYPE A, then in TYPE I, where an end of a line may be one byte', async () => {
  const sent = 'one\r\ntwo\r\nthree\r\n'
  const refused = say('550 SIZE not allowed in ASCII mode')
  for (const { sizes, completeness } of [
    { sizes: [say(`213 ${sent.length}`)], completeness: 'proven' },
    { sizes: [refused, say(`213 ${sent.length - 3}`)], completeness: 'proven' },
    { sizes: [refused, say(`213 ${sent.length}`)], completeness: 'proven' },
    // Records that are filled up: nothing is proven by more.
    { sizes: [refused, say('213 240')], completeness: 'unproven' },
    { sizes: [refused, refused], completeness: 'unproven' },
    { sizes: [refused, say(`213 ${sent.length - 4}`)], completeness: undefined },
  ] as const) {
    const clock = new FakeClock()
    const network = memoryNetwork()
    const script = { answers: { SIZE: sizes.map((size) => [size]) } }
    await using server = await misbehavingServer(script, { network, clock })
    await using remote = await connect(`${server.url}/;type=a`, { network, clock, ftp: { tls: 'off' } })
    const here = memoryStore({ clock })
    await put(here, sent.replaceAll('\r', ''))
    const copying = copyFile({ store: here, path: parsePath('/here') }, remote.at('new.txt'))
    if (completeness === undefined) await assert.rejects(copying, IncompleteError)
    else assert.equal((await copying).completeness, completeness)
    assert.equal(Buffer.from(server.stored.get('/new.txt') ?? []).toString(), sent)
    assert.deepEqual(
      server.heard.filter((line) => /^(?:TYPE|SIZE|STOR)/u.test(line)),
      ['TYPE A', 'STOR /new.txt', 'SIZE /new.txt', 'TYPE I', 'SIZE /new.txt'].slice(
        0,
        sizes.length === 1 ? 3 : 5,
      ),
    )
  }
})
