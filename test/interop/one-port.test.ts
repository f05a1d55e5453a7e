import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { mkdir, writeFile } from 'node:fs/promises'
import { Lab, addresses, whyNoLab } from '../lab/lab.ts'
import { startFerry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder, until } from './scene.ts'

/** One client of a crowd: fetches two files and sends one, in one session. */
type Client = (url: string, number: number, folder: string) => readonly [string, readonly string[]]

const curl =
  (...more: readonly string[]): Client =>
  (url, number, folder) => {
    const words = ['-sS', '--insecure', '--user', 'u:p', '--ssl-reqd', '--max-time', '50', ...more]
    const own = join(folder, `got-${number}`)
    // The first URL is the one that -T belongs to.
    const send = ['-T', join(folder, `${number}`), '-o', '/dev/null', `${url}/sent-${number}`]
    const fetch = ['-o', own, `${url}/${number}`, '-o', `${own}-again`, `${url}/${number}`]
    return ['curl', [...words, ...send, ...fetch]]
  }

const lftp: Client = (url, number, folder) => [
  'lftp',
  [
    '--norc',
    '-c',
    'set ssl:verify-certificate no; set ftp:ssl-force true; set ftp:ssl-protect-data true; set net:max-retries 1; ' +
      `set net:timeout 40; open -u u,p ${url}; get ${number} -o ${folder}/got-${number}; ` +
      `get ${number} -o ${folder}/got-${number}-again; put ${folder}/${number} -o sent-${number}; bye`,
  ],
]

/** In clear, one at a time for an address. */
const plain: Client = (url, number, folder) => {
  const [program, words] = curl()(url, number, folder)
  return [program, words.filter((word) => word !== '--ssl-reqd')]
}

const missing = ['curl', 'lftp'].filter(
  (name) => programVersion(name, { words: ['--version'] }) === undefined,
)
const skip = missing.length > 0 && `this machine has no ${missing.join(', ')}`

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** A folder to serve with a file for each client, and one for the clients with the same files. */
async function folders(t: TestContext, count: number): Promise<{ served: string; local: string }> {
  const folder = await temporaryFolder(t)
  const [served, local] = [join(folder, 'served'), join(folder, 'local')]
  await Promise.all([mkdir(served), mkdir(local)])
  for (let number = 0; number < count; number += 1) {
    for (const place of [served, local]) await makeFile(join(place, `${number}`), 30_000 + number)
  }
  return { served, local }
}

async function checkAll(count: number, { served, local }: { served: string; local: string }): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const there = await sha256(join(served, `${number}`))
    assert.equal(await sha256(join(local, `got-${number}`)), there, `the first of ${number}`)
    assert.equal(await sha256(join(local, `got-${number}-again`)), there, `the second of ${number}`)
    assert.equal(
      await sha256(join(served, `sent-${number}`)),
      await sha256(join(local, `${number}`)),
      `sent ${number}`,
    )
  }
}

async function crowd(count: number, url: string, local: string, clients: readonly Client[]): Promise<void> {
  const ends = await Promise.all(
    Array.from({ length: count }, (_, number) => {
      const [program, words] = (clients[number % clients.length] ?? lftp)(url, number, local)
      return runProgram(program, words, { folder: local })
    }),
  )
  for (const { code, printed, command } of ends) assert.equal(code, 0, `${command}\n${printed}`)
}

/** It uses a ticket once, and gets no new one when it sends. */
const newestOnly = curl('--tlsv1.3')
const everyone = [curl('--tls-max', '1.2'), curl('--tls-max', '1.3'), newestOnly, lftp]

test(
  'one passive port: fifty sessions of one address at once, curl and lftp, TLS 1.2 and 1.3',
  { skip },
  async (t) => {
    const place = await folders(t, 50)
    const port = await freePort()
    const words = ['--host', '127.0.0.1', '--passive', `${port}`, '--data', join(place.local, '.data')]
    const ferry = await startFerry(place.served, ...words)
    t.after(() => ferry.stop())
    await crowd(50, `ftp://127.0.0.1:${ferry.port}`, place.local, everyone)
    await checkAll(50, place)
  },
)

test('one passive port: sessions in clear take turns beside those in TLS', { skip }, async (t) => {
  const place = await folders(t, 10)
  const port = await freePort()
  const words = ['--host', '127.0.0.1', '--passive', `${port}`, '--data', join(place.local, '.data')]
  const ferry = await startFerry(place.served, ...words)
  t.after(() => ferry.stop())
  await crowd(10, `ftp://127.0.0.1:${ferry.port}`, place.local, [plain, ...everyone])
  await checkAll(10, place)
})

const noProxy = programVersion('haproxy', { words: ['-v'] }) === undefined && 'this machine has no haproxy'

/** Where data come from another address than the control connection, nothing but the ticket says whose they are. */
const resuming = everyone.filter((client) => client !== newestOnly)

for (const [how, reuse, source, header, clients] of [
  ['that says nothing of its clients', 'prefer', '', '', everyone],
  ['that says nothing of its clients, data from elsewhere', 'require', ' source 127.0.0.77\n', '', resuming],
  ['that names its clients (PROXY protocol)', 'prefer', '', ' send-proxy-v2', everyone],
] as const) {
  test(`one passive port behind HAProxy ${how}`, { skip: skip === false ? noProxy : skip }, async (t) => {
    const place = await folders(t, 12)
    const [control, data] = [await freePort(), await freePort()]
    const words = ['--host', '127.0.0.2', '--passive', `${data}`, '--tls-reuse', reuse]
    const settings = join(place.local, 'ferry.yaml')
    await writeFile(settings, header === '' ? '{}\n' : 'networks: { proxies: [127.0.0.1] }\n')
    const kept = ['--data', join(place.local, '.data'), '--config', settings]
    const ferry = await startFerry(place.served, ...words, ...kept)
    t.after(() => ferry.stop())
    const config = [
      'defaults\n mode tcp\n timeout connect 5s\n timeout client 30s\n timeout server 30s',
      `listen control\n bind 127.0.0.1:${control}\n server ferry 127.0.0.2:${ferry.port}${header}`,
      `listen data\n bind 127.0.0.1:${data}\n${source} server ferry 127.0.0.2:${data}${header}`,
    ]
    await writeFile(join(place.local, 'haproxy.cfg'), `${config.join('\n')}\n`)
    const proxy = spawn('/usr/sbin/haproxy', ['-f', join(place.local, 'haproxy.cfg')], { stdio: 'ignore' })
    t.after(() => proxy.kill('SIGKILL'))
    const url = `ftp://127.0.0.1:${control}`
    await until('HAProxy listens', () => takesConnections(control))
    await crowd(12, url, place.local, clients)
    await checkAll(12, place)
  })
}

test(
  'one passive port through two routers that translate addresses',
  { skip: whyNoLab() ?? skip },
  async (t) => {
    const count = 12
    const place = await folders(t, count)
    await using lab = new Lab()
    const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
    const words = ['serve', place.served, '--ftp', '2121', '--sftp', 'off', '--user', 'u:p', '--json']
    const open = ['--passive', '50000', '--public-address', addresses.serverNat]
    await lab.start(
      'server',
      [process.execPath, ferry, ...words, ...open, '--data', join(place.local, '.data')],
      /ready/,
    )
    lab.forward('2121, 50000')
    const lines = Array.from({ length: count }, (_, number) => {
      const client = everyone[number % everyone.length] ?? lftp
      const [program, line] = client(`ftp://${addresses.serverNat}:2121`, number, place.local)
      return [program, ...line].map((word) => `'${word}'`).join(' ')
    })
    const { status, stderr } = await lab.run('client', ['sh', '-c', `${lines.join(' & ')} & wait`], 50)
    assert.equal(status, 0, stderr)
    await checkAll(count, place)
  },
)
