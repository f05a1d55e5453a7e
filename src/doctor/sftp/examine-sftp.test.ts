import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { FileError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'
import type { OpenFile, Opening, Store } from '../../core/store.ts'
import { encodeText } from '../../core/text.ts'
import { memoryNetwork, type MemoryNetwork } from '../../net/memory.ts'
import { PassingStore } from '../../policy/passing.ts'
import { runSftp } from '../../sftp/server/session.ts'
import { knownHostsInMemory } from '../../ssh/known-hosts/files.ts'
import { knownHosts } from '../../ssh/known-hosts/trust.ts'
import { memoryStore } from '../../stores/memory.ts'
import { recordedEvents } from '../../testing/recorded-events.ts'
import { sshWorld, signers, type SshWorld } from '../../testing/ssh-world.ts'
import { examineSftp } from './examine-sftp.ts'
import type { SftpFindings } from './findings.ts'
import { reportSftp } from './report-sftp.ts'
import { judgeSftp } from './verdicts.ts'

const host = '192.0.2.1'

interface Wish {
  readonly password?: string
  readonly trust?: 'once' | 'no'
  readonly mayWrite?: boolean
  readonly patienceMs?: number
  readonly said?: (line: string) => void
}

function examine(network: MemoryNetwork, wish: Wish = {}): Promise<SftpFindings> {
  const { password = 'secret', trust: answer = 'once', mayWrite = true, patienceMs = 5000, said } = wish
  const ask = { secret: async () => undefined, trust: async () => answer }
  const trust = knownHosts({ files: knownHostsInMemory(), ask, clock: systemClock })
  return examineSftp({
    network,
    clock: systemClock,
    host,
    port: 22,
    patienceMs,
    access: { hostName: host, keyName: host, port: 22, user: 'anna', trust, keys: signers(), through: [] },
    password,
    mayWrite,
    said: (_from, line) => said?.(line),
  })
}

const home = memoryStore()

function world(store: Store = home): Promise<SshWorld> {
  const events = recordedEvents()
  return sshWorld({
    services: {
      async sftp(conn, session) {
        await runSftp({ conn, session, clock: systemClock, events })
        return 0
      },
    },
    accounts: () => [{ name: 'anna', password: 'secret', home: store }],
  })
}

function ids(found: SftpFindings): readonly string[] {
  return judgeSftp(found).map(({ id }) => id)
}

test('a server that is well: its algorithms, ways in, extensions, and a small file that leaves nothing', async () => {
  await using at = await world()
  const found = await examine(at.network)
  assert.equal(ids(found)[0], 'healthy', JSON.stringify(judgeSftp(found)))
  assert.ok(found.offer?.kex.includes('curve25519-sha256'))
  assert.ok(found.methods?.includes('password'))
  assert.ok((found.session?.extensions?.length ?? 0) > 3)
  assert.equal(found.roundTrip?.outcome, 'works')
  const names: string[] = []
  for await (const batch of home.list('/' as never)) names.push(...batch.map(({ name }) => name))
  assert.deepEqual(names, [])
  assert.match(reportSftp(found, judgeSftp(found)), /ssh +-+> port 22/)
})

test('a small file that could not be removed is named, whether it could be read or not', async () => {
  for (const mayRead of [true, false]) {
    await using at = await world(new Keeping(home, mayRead))
    const [verdict] = judgeSftp(await examine(at.network))
    assert.equal(verdict?.id, mayRead ? 'round-trip-dele' : 'round-trip-retr')
    assert.match(verdict.evidence.join('\n'), /^\.ferry-doctor-\w+ is left behind there$/m)
  }
})

/** Removes nothing, and may not let files be read either. */
class Keeping extends PassingStore {
  readonly #mayRead: boolean

  constructor(inner: Store, mayRead: boolean) {
    super(inner)
    this.#mayRead = mayRead
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    if (how.read && !this.#mayRead) throw new FileError('denied', 'nothing is read here')
    return super.open(path, how)
  }

  override async remove(): Promise<void> {
    throw new FileError('denied', 'nothing is removed here')
  }
}

test('nobody logs in to a host whose key nothing vouches for', async () => {
  await using at = await world()
  const lines: string[] = []
  const found = await examine(at.network, { trust: 'no', said: (line) => void lines.push(line) })
  assert.equal(ids(found)[0], 'host-key-unknown')
  assert.match(judgeSftp(found)[0]?.evidence[0] ?? '', /SHA256:/)
  assert.ok(!lines.join('\n').includes('secret'))
})

test('a wrong password is told with the ways in that the server has', async () => {
  await using at = await world()
  const found = await examine(at.network, { password: 'wrong' })
  const [verdict] = judgeSftp(found)
  assert.equal(verdict?.id, 'login-refused')
  assert.match(verdict.evidence.join('\n'), /it takes: .*password/)
})

test('an account without SFTP is told apart from one that is not let in', async () => {
  await using at = await sshWorld({ services: {} as never })
  const found = await examine(at.network)
  assert.equal(ids(found)[0], 'sftp-missing')
})

test('a shell that prints something before SFTP is told as that', async () => {
  await using at = await sshWorld({
    services: {
      sftp: async (conn) => {
        await conn.write(encodeText('Welcome to this machine!\r\n'))
        await conn.end()
        return 0
      },
    },
  })
  assert.equal(ids(await examine(at.network, { patienceMs: 1000 }))[0], 'sftp-noise')
})

test('a server that says nothing once the login is over, or lies about its first packet, holds nobody up', async () => {
  const over = Promise.withResolvers<number>()
  await using at = await sshWorld({ services: { sftp: () => over.promise } })
  const found = await examine(at.network, { patienceMs: 400 })
  over.resolve(0)
  assert.equal(found.login?.outcome, 'works')
  assert.equal(ids(found)[0], 'sftp-noise')
  const network = memoryNetwork()
  const lie = Buffer.concat([Buffer.from('SSH-2.0-Liar\r\n'), Buffer.alloc(8, 255)])
  await network.listen({ host, port: 22 }, (conn) => void conn.write(lie))
  assert.equal(ids(await examine(network, { patienceMs: 400 }))[0], 'greeting-cut')
})

for (const [what, says, id] of [
  ['an FTP server', '220 Hello\r\n', 'speaks-ftp'],
  ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'speaks-http'],
  ['nobody who speaks', '', 'greeting-silent'],
  ['an SSH server that then says nothing', 'SSH-2.0-Stuck\r\n', 'greeting-silent'],
] as const) {
  test(`${what} on the port is told as that`, async () => {
    const network = memoryNetwork()
    await network.listen({ host, port: 22 }, (conn) => void conn.write(encodeText(says)))
    assert.equal(ids(await examine(network, { patienceMs: 60 }))[0], id)
  })
}

test('where nothing is in common both lists are shown, and the line that allows the old ones for this host', () => {
  const offer = {
    outcome: 'works',
    ms: 1,
    kex: ['diffie-hellman-group1-sha1'],
    hostKeys: ['ssh-rsa'],
    ciphers: ['aes128-cbc'],
    macs: ['hmac-sha1'],
  } as const
  const verdict = judgeSftp({
    host,
    port: 22,
    user: 'anna',
    greeting: { outcome: 'works', ms: 1, speaks: 'ssh' },
    offer,
  }).find(({ id }) => id === 'ssh-nothing-in-common')
  assert.match(
    verdict?.fixes[0]?.line ?? '',
    /KexAlgorithms \+diffie-hellman-group1-sha1; HostKeyAlgorithms \+ssh-rsa; Ciphers \+aes128-cbc/,
  )
})
