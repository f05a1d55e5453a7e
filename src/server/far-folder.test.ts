import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { memoryAccounts } from '../accounts/memory.ts'
import { FileError } from '../core/error.ts'
import { parsePath, rootPath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { fileText, putFile } from '../testing/store-files.ts'
import { whileTurning } from '../testing/while-turning.ts'
import { atomicUploads } from '../policy/atomic.ts'
import { isPartialName } from '../policy/partials.ts'
import { loginOf } from '../testing/login-of.ts'
import { memoryClaims } from '../core/claims.ts'
import { Homes } from './homes.ts'
import { serve, type Server } from './serve.ts'

/** Answers no key of a host but the one it meets: what known_hosts does is proven elsewhere. */
const anyKey = {
  async find({ host, port = 22, user = '' }: { host: string; port?: number; user?: string }) {
    const trust = { known: async () => [], check: async () => undefined }
    const keys = (async function* () {})()
    return { hostName: host, keyName: host, port, user, trust, keys, through: [] }
  },
}

interface Far {
  readonly files: Store
  readonly server: Server
  port(protocol: string): number
}

async function far(ports: { ftp?: number; sftp?: number } = {}, files = memoryStore()): Promise<Far> {
  await files.mkdir(parsePath('/in')).catch(() => undefined)
  const server = await serve({
    accounts: memoryAccounts([{ name: 'partner', password: 'far secret', home: files }]),
    ftp: { host: '127.0.0.1', port: ports.ftp ?? 0, tls: 'off' },
    sftp: { host: '127.0.0.1', port: ports.sftp ?? 0 },
  })
  const port = (protocol: string): number =>
    server.listeners.find((listener) => listener.protocol === protocol)?.port ?? 0
  return { files, server, port }
}

function homesOf(warnings: string[], clock = new FakeClock()): Homes {
  const how = { hosts: anyKey }
  return new Homes(undefined, () => undefined, { how, clock, warn: (text) => void warnings.push(text) })
}

async function namesIn(store: Store, path: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const batch of store.list(parsePath(path))) names.push(...batch.map(({ name }) => name))
  return names.toSorted()
}

const faultOf = (fault: string) => (thrown: unknown) => thrown instanceof FileError && thrown.fault === fault

test('a folder of another server is looked through for left-overs once a day, and not where nobody may write', async () => {
  const clock = new FakeClock()
  const homes = homesOf([], clock)
  const url = 'sftp://partner@192.0.2.1/in'
  const day = 24 * 3_600_000
  const open = (readOnly: boolean) =>
    homes.open('anna', { mounts: { '/': { from: 'memory' }, '/far': { from: url, readOnly } } })
  await open(true)
  await clock.advance(day)
  assert.equal(homes.toSweep().length, 0)
  await open(false)
  assert.equal(homes.toSweep().length, 1)
  await clock.advance(day - 1)
  assert.equal(homes.toSweep().length, 0)
  await clock.advance(1)
  assert.equal(homes.toSweep().length, 1)
  await homes.end()
})

test('an upload to a Ferry behind a Ferry is never half there, goes on where it stopped, and its part is ours to hide', async (t) => {
  const there = await far()
  t.after(() => there.server.close())
  const homes = homesOf([])
  t.after(() => homes.end())
  const url = `sftp://partner:far%20secret@127.0.0.1:${there.port('sftp')}/in`
  const home = await homes.open('anna', { mounts: { '/': { from: 'memory' }, '/far': { from: url } } })
  const atomic = atomicUploads(memoryClaims())(home, loginOf({ name: 'anna' }))
  const path = parsePath('/far/a')
  const whole = await atomic.open(path, { write: true, create: 'allow', truncate: true })
  await whole.write([Buffer.from('half')], 0)
  await whole.abort(new Error('cut'))
  await assert.rejects(fileText(there.files, '/in/a'), faultOf('not-found'))
  assert.ok((await namesIn(home, '/far')).every(isPartialName))
  const more = await atomic.open(path, { write: true, truncate: true, from: 4 })
  await more.write([Buffer.from(' and half')], 4)
  await more.close()
  assert.equal(await fileText(there.files, '/in/a'), 'half and half')
  assert.deepEqual(await namesIn(there.files, '/in'), ['a'])
})

for (const protocol of ['ftp', 'sftp']) {
  test(`a folder of another server, by ${protocol}, is a place in a home: read, written, renamed, removed`, async (t) => {
    const there = await far()
    t.after(() => there.server.close())
    await putFile(there.files, '/above', 'not to be seen')
    const warnings: string[] = []
    const homes = homesOf(warnings)
    t.after(() => homes.end())
    const url = `${protocol}://partner:far%20secret@127.0.0.1:${there.port(protocol)}${protocol === 'ftp' ? '/in' : '/in/'}`
    const home = await homes.open('anna', { mounts: { '/': { from: 'memory' }, '/far': { from: url } } })
    await putFile(home, '/far/a', 'sent on')
    assert.equal(await fileText(there.files, '/in/a'), 'sent on')
    await home.mkdir(parsePath('/far/d'))
    await home.rename(parsePath('/far/a'), parsePath('/far/d/b'), false)
    assert.equal(await fileText(home, '/far/d/b'), 'sent on')
    assert.deepEqual(await namesIn(home, '/far'), ['d'])
    assert.deepEqual(await namesIn(home, '/far/d'), ['b'])
    await assert.rejects(fileText(home, '/far/../far/../above'), faultOf('not-found'))
    await assert.rejects(home.stat(parsePath('/far/missing')), faultOf('not-found'))
    await assert.rejects(home.rmdir(parsePath('/far/d')), faultOf('not-empty'))
    await assert.rejects(home.link(parsePath('/far/l'), '/above', 'symbolic'), faultOf('unsupported'))
    await home.remove(parsePath('/far/d/b'))
    await home.rmdir(parsePath('/far/d'))
    assert.deepEqual(await namesIn(there.files, '/in'), [])
    const locked = await homes.open('bert', { mounts: { '/': { from: url, readOnly: true } } })
    await assert.rejects(putFile(locked, '/x', 'x'), faultOf('denied'))
    assert.deepEqual(warnings, [])
  })

  test(`another server that went away, by ${protocol}, hurts nothing else, and is called again when it is back`, async (t) => {
    const first = await far()
    const ports = { ftp: first.port('ftp'), sftp: first.port('sftp') }
    const warnings: string[] = []
    const clock = new FakeClock()
    const homes = homesOf(warnings, clock)
    t.after(() => homes.end())
    const url = `${protocol}://partner:far%20secret@127.0.0.1:${first.port(protocol)}/in`
    const home = await homes.open('anna', { mounts: { '/': { from: 'memory' }, '/far': { from: url } } })
    await putFile(home, '/far/a', 'x')
    await first.server.close()
    await clock.advance(3000)
    // By FTP it is asked again for a few seconds.
    const troubled = await whileTurning(
      clock,
      home.stat(parsePath('/far/a')).catch((thrown: unknown) => thrown),
    )
    assert.ok(troubled instanceof FileError && troubled.fault === 'failed')
    assert.doesNotMatch(troubled.message, /127\.0\.0\.1|secret|partner/u)
    assert.deepEqual(await namesIn(home, '/'), ['far'])
    await putFile(home, '/own', 'x')
    assert.equal(warnings.length, 1)
    // Nobody waits for a call that has just failed, and the log has one line.
    await assert.rejects(home.stat(parsePath('/far/a')), faultOf('failed'))
    assert.equal(warnings.length, 1)
    const second = await far(ports, first.files)
    t.after(() => second.server.close())
    await clock.advance(5000)
    assert.equal(await fileText(home, '/far/a'), 'x')
    // Lost while it lay idle: a deed that may not be done twice is not the first to meet it.
    await second.server.close()
    const third = await far(ports, first.files)
    t.after(() => third.server.close())
    await clock.advance(3000)
    await home.mkdir(parsePath('/far/d'))
    assert.deepEqual(await namesIn(home, '/far'), ['a', 'd'])
  })
}

test('a connection that nobody uses is given back', async (t) => {
  const there = await far()
  t.after(() => there.server.close())
  const clock = new FakeClock()
  const homes = homesOf([], clock)
  t.after(() => homes.end())
  const url = `ftp://partner:far%20secret@127.0.0.1:${there.port('ftp')}/in`
  const home = await homes.open('anna', { mounts: { '/': { from: url } } })
  assert.equal(there.server.sessions().length, 0)
  await home.stat(rootPath)
  assert.equal(there.server.sessions().length, 0)
  await namesIn(home, '/')
  assert.equal(there.server.sessions().length, 1)
  await clock.advance(60_000)
  while (there.server.sessions().length > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('a password comes from its file, and stands in no warning and no error', async (t) => {
  const there = await far()
  t.after(() => there.server.close())
  const folder = await mkdtemp(join(tmpdir(), 'ferry-far-'))
  t.after(() => rm(folder, { recursive: true }))
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, 'wrong secret\n')
  const warnings: string[] = []
  const clock = new FakeClock()
  const homes = homesOf(warnings, clock)
  t.after(() => homes.end())
  const from = `sftp://%u@127.0.0.1:${there.port('sftp')}/in`
  const home = await homes.open('partner', { home: from, passwordFile })
  const refused = await namesIn(home, '/').catch((thrown: unknown) => thrown)
  assert.ok(refused instanceof FileError)
  assert.match(warnings.join(), /cannot be had/u)
  assert.doesNotMatch(`${warnings.join()} ${refused.message}`, /wrong secret/u)
  await writeFile(passwordFile, 'far secret\n')
  await clock.advance(5000)
  assert.deepEqual(await namesIn(home, '/'), [])
  const mounted = await homes.open('partner', { mounts: { '/': { from, passwordFile } } })
  assert.deepEqual(await namesIn(mounted, '/'), [])
  await assert.rejects(homes.open('..', { mounts: { '/': { from } } }), faultOf('invalid'))
  await assert.rejects(homes.open('anna', { mounts: { '/': { from: 'tftp://h/x' } } }), faultOf('invalid'))
})
