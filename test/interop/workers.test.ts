import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { systemClock } from '../../src/core/clock.ts'
import { sqliteLedger } from '../../src/database/ledger.ts'
import { quotaKeys } from '../../src/core/quota-keys.ts'
import { openRegister } from '../../src/server/data.ts'
import { freePort } from './free-port.ts'
import { startFerry, type Ferry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder, until } from './scene.ts'

const missing = ['curl', 'lftp'].filter(
  (name) => programVersion(name, { words: ['--version'] }) === undefined,
)
const skip =
  process.platform !== 'linux'
    ? 'ports are shared like this on Linux'
    : missing.length > 0 && `this machine has no ${missing.join(', ')}`

const bin = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

async function world(context: TestContext, config: string, ...words: readonly string[]) {
  const folder = await temporaryFolder(context)
  const [served, data, file] = ['served', 'data', 'ferry.yaml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await mkdir(served)
  await writeFile(file, config)
  const common = ['--workers', '2', '--host', '127.0.0.1', '--config', file, '--data', data]
  const ferry = await startFerry(served, ...common, ...words)
  context.after(() => ferry.stop())
  const command = (...more: readonly string[]) =>
    runProgram(process.execPath, [bin, ...more, '--data', data], { folder })
  const fetch = (words: readonly string[], program = 'curl') => runProgram(program, words, { folder })
  const url = (path: string, user = 'u:p') => `ftp://${user}@127.0.0.1:${ferry.port}/${path}`
  return { folder, served, data, file, ferry, command, fetch, url }
}

/** The workers that told of something, by the part of a session's id that says which. */
function workersIn(ferry: Ferry): ReadonlySet<string> {
  return new Set(ferry.lines.flatMap(({ session }) => session?.split('-')[0] ?? []))
}

/** An account of the database with a home of its own: where that is. */
async function addAnna(
  { folder, served }: { readonly folder: string; readonly served: string },
  quota: string,
): Promise<string> {
  const home = join(served, 'anna')
  await mkdir(home)
  const words = ['user', 'add', 'anna', '--data', join(folder, 'data'), `home=${home}`, quota]
  const added = await runProgram(process.execPath, [bin, ...words], { folder, input: 'secret\nsecret\n' })
  assert.equal(added.code, 0, added.printed)
  return home
}

/** Opens a control connection: what it is greeted with. */
async function knock(ferry: Ferry, open: Socket[]): Promise<string> {
  const socket = connect(ferry.port, '127.0.0.1')
  open.push(socket)
  socket.on('error', () => undefined)
  const [greeting] = (await once(socket.setEncoding('latin1'), 'data')) as [string]
  return greeting.slice(0, 3)
}

test(
  'many sessions at once are dealt out to both workers, and each file is whole',
  { skip },
  async (context) => {
    const first = await freePort()
    const range = first < 65_000 ? `${first}-${first + 40}` : `${first - 40}-${first}`
    const { folder, served, ferry, fetch, url } = await world(context, '', '--passive', range)
    const sent = join(folder, 'sent')
    await makeFile(sent, 300_000)
    const whole = await sha256(sent)
    const all = Array.from({ length: 16 }, async (_, at) => {
      const got = join(folder, `got-${at}`)
      const more = at % 2 === 0 ? [] : ['--ssl-reqd', '--insecure']
      const up = await fetch(['-sS', '--max-time', '50', ...more, '-T', sent, url(`${at}`)])
      assert.equal(up.code, 0, up.printed)
      const down = await fetch(['-sS', '--max-time', '50', ...more, '-o', got, url(`${at}`)])
      assert.equal(down.code, 0, down.printed)
      assert.equal(await sha256(got), whole)
    })
    await Promise.all(all)
    assert.equal((await readdir(served)).length, 16)
    assert.equal(workersIn(ferry).size, 2)
    const mirror = await fetch(
      [
        '--norc',
        '-c',
        `set ssl:verify-certificate no; set net:max-retries 1; mirror --parallel=8 ${url('')} ${folder}/mirrored; bye`,
      ],
      'lftp',
    )
    assert.equal(mirror.code, 0, mirror.printed)
    assert.equal((await readdir(join(folder, 'mirrored'))).length, 16)
  },
)

test(
  'one file sent by many at once, through both workers, is one of theirs and whole',
  { skip },
  async (context) => {
    const { folder, served, ferry, fetch, url } = await world(context, '')
    const sizes = Array.from({ length: 12 }, (_, at) => 100_000 + at)
    const hashes = new Set<string>()
    for (const size of sizes) {
      await makeFile(join(folder, `${size}`), size)
      hashes.add(await sha256(join(folder, `${size}`)))
    }
    await Promise.all(
      sizes.map(async (size) => {
        const up = await fetch(['-sS', '--limit-rate', '200k', '-T', join(folder, `${size}`), url('one')])
        assert.equal(up.code, 0, up.printed)
      }),
    )
    assert.equal(workersIn(ferry).size, 2)
    assert.ok(hashes.has(await sha256(join(served, 'one'))))
    assert.deepEqual(await readdir(served), ['one'])
  },
)

test(
  'limits are exact across workers, and a reload reaches all without ending a session',
  { skip },
  async (context) => {
    const { file, ferry, command } = await world(context, 'limits:\n  connections: 10\n')
    const open: Socket[] = []
    context.after(() => open.forEach((socket) => socket.destroy()))
    const greetings = await Promise.all(Array.from({ length: 40 }, () => knock(ferry, open)))
    assert.equal(greetings.filter((code) => code === '220').length, 10)
    const since = ferry.lines.length
    await writeFile(file, 'limits:\n  connections: 12\n')
    const reloaded = await command('config', 'reload')
    assert.equal(reloaded.code, 0, reloaded.printed)
    const more = await Promise.all(Array.from({ length: 20 }, () => knock(ferry, open)))
    assert.equal(more.filter((code) => code === '220').length, 2)
    assert.equal(ferry.lines.slice(since).filter(({ event }) => event === 'closed').length, 0)
  },
)

test(
  'accounts and bans that are changed count at once in every worker, and quotas are exact',
  { skip },
  async (context) => {
    const { folder, served, data, command, fetch, url } = await world(context, '')
    const home = await addAnna({ folder, served }, 'quota.bytes=1MB')
    await makeFile(join(folder, 'part'), 300_000)
    const ends = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        fetch(['-sS', '-T', join(folder, 'part'), url(`${at}`, 'anna:secret')]),
      ),
    )
    const went = ends.filter(({ code }) => code === 0).length
    assert.ok(went >= 1 && went <= 3, ends.map(({ printed }) => printed).join(''))
    const names = await readdir(home)
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(home, name))).size))
    const sum = sizes.reduce((total, size) => total + size, 0)
    assert.ok(sum <= 1_000_000, `${sum}`)
    const kept = await openRegister(data)
    const ledger = sqliteLedger(kept.database, systemClock)
    await until(
      'all is booked that is there',
      async () => (await ledger.read(quotaKeys('anna').bytes)) === sum,
    )
    assert.equal(await ledger.read(quotaKeys('anna').files), names.length)
    kept.close()
    assert.equal((await command('ban', 'add', '127.0.0.1')).code, 0)
    for (let turn = 0; turn < 6; turn += 1) assert.notEqual((await fetch(['-sS', url('')])).code, 0)
  },
)

test(
  'what fits into a quota is taken by each worker, while another has booked ahead',
  { skip },
  async (context) => {
    const { folder, served, ferry, fetch, url } = await world(context, '')
    const home = await addAnna({ folder, served }, 'quota.bytes=10MB')
    const [before, slow, part] = ['before', 'slow', 'part'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    await Promise.all([makeFile(before, 1_500_000), makeFile(slow, 300_000), makeFile(part, 400_000)])
    const put = (file: string, name: string, ...words: readonly string[]) =>
      fetch(['-sS', ...words, '-T', file, url(name, 'anna:secret')])
    assert.equal((await put(before, 'before')).code, 0)
    // It has 8 MiB booked for it, with which none of the others would fit.
    const running = put(slow, 'slow', '--limit-rate', '50k')
    await until('it is written', async () => (await readdir(home)).length === 2)
    const ends = await Promise.all(Array.from({ length: 16 }, (_, at) => put(part, `${at}`)))
    for (const { code, printed } of [...ends, await running]) assert.equal(code, 0, printed)
    assert.equal(workersIn(ferry).size, 2)
  },
)

test('it is kept like one: who is there, who is sent away, and what was said', { skip }, async (context) => {
  const { ferry, command } = await world(context, '')
  const open: Socket[] = []
  context.after(() => open.forEach((socket) => socket.destroy()))
  await Promise.all(Array.from({ length: 12 }, () => knock(ferry, open)))
  const status = await command('status')
  assert.match(status.printed, /12 sessions/u)
  const counts = [...status.printed.matchAll(/worker \d+: (\d+) sessions/gu)].map(([, count]) =>
    Number(count),
  )
  assert.equal(counts.length, 2)
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    12,
  )
  const sessions = JSON.parse((await command('top', '--json')).printed) as { id: string }[]
  assert.equal(new Set(sessions.map(({ id }) => id)).size, 12)
  for (const { id } of sessions.slice(0, 4)) {
    assert.match((await command('session', id)).printed, /< 220 /u)
    assert.equal((await command('kick', id)).code, 0)
  }
  await until('four are gone', async () => {
    const left = JSON.parse((await command('top', '--json')).printed) as unknown[]
    return left.length === 8
  })
})

test('it stops like one: transfers end, and the status is 0', { skip }, async (context) => {
  const { folder, served, ferry, fetch, url } = await world(context, '')
  await makeFile(join(served, 'large'), 400_000)
  const gets = Array.from({ length: 6 }, (_, at) =>
    fetch(['-sS', '--limit-rate', '200k', '-o', join(folder, `got-${at}`), url('large')]),
  )
  await until('all are logged in', async () => {
    return ferry.lines.filter(({ event }) => event === 'login').length === 6
  })
  await until(
    'all have begun',
    async () => (await readdir(folder)).filter((name) => name.startsWith('got-')).length === 6,
  )
  const { code } = await ferry.stop()
  assert.equal(code, 0)
  for (const { code: ended, printed } of await Promise.all(gets)) assert.equal(ended, 0, printed)
})

test(
  'doors that a new configuration opens are open in all workers, and where one is taken nothing changes',
  { skip },
  async (context) => {
    const { folder, file, served, ferry, command, fetch } = await world(context, '')
    await makeFile(join(served, 'a'), 1000)
    const open: Socket[] = []
    context.after(() => open.forEach((socket) => socket.destroy()))
    assert.equal(await knock(ferry, open), '220')
    const port = await freePort()
    await writeFile(file, `ftps: ${port}\n`)
    assert.equal((await command('config', 'reload')).code, 0)
    const get = (at: number) => [
      '-sS',
      '--insecure',
      '-m20',
      '-o',
      join(folder, 'got'),
      `ftps://u:p@127.0.0.1:${at}/a`,
    ]
    for (let turn = 0; turn < 8; turn += 1) {
      const got = await fetch(get(port))
      assert.equal(got.code, 0, got.printed)
    }
    assert.equal(workersIn(ferry).size, 2)
    await writeFile(file, `ftps: ${ferry.port}\n`)
    const refused = await command('config', 'reload')
    assert.equal(refused.code, 2)
    assert.match(refused.printed, /the configuration is not taken: port \d+ is taken/u)
    for (let turn = 0; turn < 4; turn += 1) assert.equal((await fetch(get(port))).code, 0)
    assert.equal(
      ferry.lines.filter(({ event, session }) => event === 'closed' && session === undefined).length,
      0,
    )
  },
)

/** Begins TLS with the connection: what it is greeted with, and the session of TLS that the next one may offer. */
async function knockInTls(port: number, session: Buffer | undefined, open: Socket[]) {
  const offer = session === undefined ? {} : { session }
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...offer })
  open.push(socket)
  const ticket = once(socket, 'session') as Promise<[Buffer]>
  const [greeting] = (await once(socket.setEncoding('latin1'), 'data')) as [string]
  return { greeting: greeting.slice(0, 3), session: (await ticket)[0] }
}

test(
  'a control connection that offers the TLS session of another worker begins a new one',
  { skip },
  async (context) => {
    const port = await freePort()
    const { ferry } = await world(context, '', '--ftps', `${port}`)
    const open: Socket[] = []
    context.after(() => open.forEach((socket) => socket.destroy()))
    let session: Buffer | undefined
    for (let turn = 0; turn < 12; turn += 1) {
      const knocked = await knockInTls(port, session, open)
      assert.equal(knocked.greeting, '220')
      session = knocked.session
    }
    assert.equal(workersIn(ferry).size, 2)
    assert.equal(ferry.lines.filter(({ event }) => event === 'tls-failed').length, 0)
  },
)

test('a second server does not share the ports of the first, whoever may', { skip }, async (context) => {
  const { folder, ferry } = await world(context, '')
  const words = [bin, 'serve', folder, '--host', '127.0.0.1', '--ftp', `${ferry.port}`, '--sftp', 'off']
  const second = await runProgram(process.execPath, [...words, '--workers', '2', '--user', 'u:p'], { folder })
  assert.equal(second.code, 2)
  assert.match(second.printed, /is taken by another program/u)
})

test(
  'where ports are fewer than workers there are as many workers as ports, and it says so',
  { skip },
  async (context) => {
    const { ferry, fetch, url, served } = await world(context, '', '--passive', `${await freePort()}`)
    const told = await ferry.until('the warning', ({ event }) => event === 'warning')
    assert.equal(told.text, '--passive has ports for 1 of 2 workers, as each needs its own: one serves')
    await makeFile(join(served, 'a'), 10)
    assert.equal((await fetch(['-sS', '-o', '/dev/null', url('a')])).code, 0)
  },
)
