import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { connect as connectSocket, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Contender, Launch } from '../../bench/contender.ts'
import { makeGround, type Ground } from '../../bench/ground.ts'
import { proftpdTls } from '../../bench/peers/proftpd.ts'
import { pureFtpdTls } from '../../bench/peers/pure-ftpd.ts'
import { vsftpdTls } from '../../bench/peers/vsftpd.ts'
import { connect, type ConnectOptions, type Remote } from '../../src/client/index.ts'
import type { Network } from '../../src/core/network.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { until } from './scene.ts'

interface Peer {
  readonly name: string
  readonly contender: Contender
  /** Whether it takes data connections of nobody but who resumes the session of the control connection. */
  readonly strict: boolean
  /** What lets uploads go on, where they may not by default. */
  readonly resumes?: { readonly file: string; readonly line: string }
  /** What makes it speak TLS from the first byte on: a file, and a line for it. */
  readonly implicit?: { readonly file: string; readonly line: string }
}

const peers: readonly Peer[] = [
  {
    name: 'vsftpd, require_ssl_reuse=YES',
    contender: vsftpdTls,
    strict: true,
    implicit: { file: 'vsftpd.conf', line: 'implicit_ssl=YES' },
  },
  {
    // Without NoSessionReuseRequired, as is its default.
    name: 'ProFTPD',
    contender: proftpdTls,
    strict: true,
    resumes: { file: 'proftpd.conf', line: 'AllowStoreRestart on' },
    implicit: { file: 'proftpd.conf', line: 'TLSOptions UseImplicitSSL' },
  },
  { name: 'Pure-FTPd, --tls=3', contender: pureFtpdTls, strict: false },
]

for (const peer of peers) {
  suite(peer, 'ftpes')
  if (peer.implicit !== undefined) suite(peer, 'ftps')
}

function suite({ name, contender, strict, resumes, implicit }: Peer, scheme: 'ftpes' | 'ftps'): void {
  const title = `ferry's client against ${name}, ${scheme === 'ftps' ? 'implicit' : 'explicit'}`
  void describe(title, { skip: contender.missing() ?? false }, () => {
    let ground: Ground
    let server: ChildProcess
    let port: number
    let authorities: string

    before(async () => {
      ground = makeGround(tmpdir())
      const folder = mkdtempSync(join(ground.folder, 'peer-'))
      port = await freePort()
      const launch = contender.prepare({ files: ground.files, folder, port })
      if (resumes !== undefined) addLine(join(folder, resumes.file), resumes.line)
      if (scheme === 'ftps' && implicit !== undefined) addLine(join(folder, implicit.file), implicit.line)
      authorities = readFileSync(join(folder, 'certificate.pem'), 'utf8')
      server = start(launch)
      await until(`${name} listens`, () => takesConnections(port))
    })
    after(async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000).unref())])
      server.kill('SIGKILL')
      ground.remove()
    })

    async function visit(
      version: 'TLSv1.2' | 'TLSv1.3',
      work: (remote: Remote, spoken: readonly string[]) => Promise<void>,
      options: ConnectOptions = {},
    ): Promise<void> {
      const { user, password } = contender
      const spoken: string[] = []
      const said: ConnectOptions['said'] = (from, line) => void spoken.push(`${from}: ${line}`)
      try {
        await using remote = await connect(`${scheme}://${user}@localhost:${port}/open`, {
          password,
          said,
          tls: { authorities, minVersion: version, maxVersion: version },
          ...options,
        })
        await work(remote, spoken)
      } catch (thrown) {
        throw new Error(`${String(thrown)}\n${spoken.slice(-30).join('\n')}`, { cause: thrown })
      }
    }

    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      void test(`${version}: lists, sends, fetches and goes on, many times in one session`, async () => {
        const sent = randomBytes(700_000)
        await visit(version, async (remote, spoken) => {
          assert.ok(spoken.some((line) => line.includes(`encrypted with ${version}`)))
          for (let round = 0; round < 6; round += 1) {
            const file = `${version}-${round}`
            assert.equal((await remote.put(sent, file)).completeness, 'proven')
            const local = join(ground.folder, file)
            writeFileSync(local, sent.subarray(0, 300_001))
            await remote.get(file, local, { resume: true })
            assert.ok(readFileSync(local).equals(sent))
            await remote.put(sent.subarray(0, 200_001), `${file}-half`)
            await remote.put(local, `${file}-half`, { resume: true })
            assert.ok(readFileSync(join(ground.files, 'open', `${file}-half`)).equals(sent))
            assert.ok(spoken.some((line) => /REST 200001|APPE/u.test(line)))
            assert.ok((await names(remote)).includes(file))
          }
        })
      })

      void test(`${version}: several connections at once`, async () => {
        const contents = Array.from({ length: 12 }, () => randomBytes(90_000))
        await visit(
          version,
          async (remote) => {
            await Promise.all(contents.map((content, index) => remote.put(content, `p-${version}-${index}`)))
            await Promise.all(
              contents.map(async (content, index) => {
                const local = join(ground.folder, `p-${version}-${index}`)
                await remote.get(`p-${version}-${index}`, local)
                assert.ok(readFileSync(local).equals(content))
              }),
            )
          },
          { connections: 4 },
        )
      })

      if (!strict) continue
      void test(`${version}: who resumes no session is refused, so that the tests above prove that we do`, async () => {
        const refused = visit(
          version,
          async (remote) => {
            await remote.put(randomBytes(1000), 'stranger')
          },
          { network: forgetful(tcpNetwork()), ftp: { retries: 0 } },
        )
        // It got as far as the transfer, and there the server did not take it.
        await assert.rejects(refused, /STOR [\s\S]*server: [45]/u)
      })
    }
  })
}

/** A network whose clients resume no session of TLS. */
function forgetful(network: Network): Network {
  return {
    listen: (...words) => network.listen(...words),
    connect: (...words) => network.connect(...words),
    datagrams: (...words) => network.datagrams(...words),
    addresses: () => network.addresses(),
    lookup: (...words) => network.lookup(...words),
    secure(conn, how) {
      if (how.side === 'server') return network.secure(conn, how)
      const { session: _forgotten, ...fresh } = how
      return network.secure(conn, fresh)
    },
  }
}

async function names(remote: Remote): Promise<string[]> {
  const found: string[] = []
  for await (const batch of remote.list()) found.push(...batch.map(({ name }) => name))
  return found
}

function start({ command, words, environment }: Launch): ChildProcess {
  return spawn(command, words, { stdio: 'ignore', env: { ...process.env, ...environment } })
}

/** A word of its own, behind all others. */
function addLine(file: string, line: string): void {
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n${line}\n`, { mode: 0o600 })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
