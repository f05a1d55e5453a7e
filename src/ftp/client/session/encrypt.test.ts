import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { systemClock } from '../../../core/clock.ts'
import { NetworkError, ProtocolError, TrustError } from '../../../core/error.ts'
import type { Conn } from '../../../core/network.ts'
import { parsePath } from '../../../core/path.ts'
import type { RemoteStore, TrustWanted } from '../../../core/remote.ts'
import type { SecureServer } from '../../../core/tls.ts'
import { transfer } from '../../../core/transfer.ts'
import { memoryNetwork, type MemoryNetwork } from '../../../net/memory.ts'
import { selfSigned } from '../../../server/self-signed.ts'
import { connectFtp } from '../connect.ts'
import type { FtpOptions } from '../options.ts'

const address = '192.0.2.1'
const certificate = selfSigned({
  names: [address],
  from: new Date('2020-01-01'),
  until: new Date('2049-01-01'),
})

/** What TLS of one session has in common. */
function server(): SecureServer {
  const binding = {
    identity: { certificate },
    name: randomBytes(16),
    secret: randomBytes(32),
    sessions: new Map(),
  }
  return { side: 'server', protocols: [], timeoutMs: 5000, binding }
}

interface Behaviour {
  readonly auth: 'taken' | 'refused' | 'taken, with bytes in clear behind' | 'taken, and bytes in clear later'
  readonly implicit?: boolean
  /** Whether data connections show a certificate of somebody else. */
  readonly otherData?: boolean
  /** What is said of a data connection that is ended where it was to be encrypted. */
  readonly refusesData?: string
  /** Whether a transfer is answered once its connection is encrypted, as ftp-srv does it. */
  readonly dataFirst?: boolean
}

/** A server that knows a dozen commands and one file, over a network in memory. */
class TlsServer {
  readonly network: MemoryNetwork = memoryNetwork()
  readonly heard: string[] = []
  readonly #behaviour: Behaviour
  readonly #tls = server()
  /** Settles when a client has left. */
  readonly left = Promise.withResolvers<unknown>()
  dataInClear = 0

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour
  }

  async open(): Promise<void> {
    const port = this.#behaviour.implicit === true ? 990 : 21
    await this.network.listen(
      { host: address, port },
      (conn) => void this.#talk(conn).then(this.left.resolve, this.left.resolve),
    )
  }

  async #talk(first: Conn): Promise<void> {
    let conn = this.#behaviour.implicit === true ? await this.network.secure(first, this.#tls) : first
    let data: Promise<Conn> | undefined
    const say = (text: string): Promise<void> => conn.write(Buffer.from(`${text}\r\n`))
    await say('220 Ready.')
    for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
      const line = Buffer.concat(pieces).toString().trim()
      const [verb = ''] = line.split(' ')
      this.heard.push(`${conn.secure ? 'secret' : 'clear'} ${verb}`)
      if (verb === 'AUTH' && this.#behaviour.auth === 'refused') await say('502 No.')
      else if (verb === 'AUTH') {
        const { auth } = this.#behaviour
        await say(`234 Go on.${auth === 'taken, with bytes in clear behind' ? '\r\n230 Logged in.' : ''}`)
        if (auth === 'taken, and bytes in clear later') await say('230 Logged in.')
        conn = await this.network.secure(conn, this.#tls)
      } else if (verb === 'EPSV') {
        const arrived = Promise.withResolvers<Conn>()
        data = arrived.promise
        const port = await this.network.listen({ host: address, port: 0 }, arrived.resolve)
        await say(`229 Entering (|||${port.local.port}|)`)
      } else if (verb === 'RETR' && this.#behaviour.dataFirst === true) {
        const plain = await data
        const out =
          plain && (await this.network.secure(plain, { ...this.#tls, timeoutMs: 500 }).catch(() => undefined))
        await say(out === undefined ? '425 No connection established.' : '150 Coming.')
        await out?.write(Buffer.from('hello'))
        await out?.end()
        if (out !== undefined) await say('226 Whole.')
      } else if (verb === 'RETR') {
        await say('150 Coming.')
        const plain = await data
        if (plain === undefined) return
        if (this.#behaviour.refusesData !== undefined) {
          await plain.end()
          await say(this.#behaviour.refusesData)
          continue
        }
        if (!this.heard.includes('secret PROT')) this.dataInClear += 1
        const how = this.#behaviour.otherData === true ? { ...server(), binding: strangers } : this.#tls
        const out = this.heard.includes('secret PROT') ? await this.network.secure(plain, how) : plain
        await out.write(Buffer.from('hello'))
        await out.end()
        await say('226 Whole.')
      } else await say(answers[verb] ?? '500 What?')
    }
  }
}

const strangers = {
  identity: {
    certificate: selfSigned({
      names: ['other'],
      from: new Date('2020-01-01'),
      until: new Date('2049-01-01'),
    }),
  },
  name: randomBytes(16),
  secret: randomBytes(32),
  sessions: new Map<string, Uint8Array>(),
}

const answers: Readonly<Record<string, string>> = {
  USER: '331 Password.',
  PASS: '230 In.',
  PBSZ: '200 Yes.',
  PROT: '200 Yes.',
  PWD: '257 "/"',
  TYPE: '200 Yes.',
  SIZE: '213 5',
  QUIT: '221 Bye.',
}

async function visit(
  behaviour: Behaviour,
  options: Partial<FtpOptions>,
  trust: 'no' | 'once',
  work: (remote: RemoteStore, server: TlsServer, asked: readonly TrustWanted[]) => Promise<void>,
): Promise<void> {
  const there = new TlsServer(behaviour)
  await there.open()
  const asked: TrustWanted[] = []
  const remote = await connectFtp({
    network: there.network,
    clock: systemClock,
    host: address,
    user: 'anna',
    silenceMs: 5000,
    ask: {
      secret: async () => 'secret',
      async trust(wanted) {
        asked.push(wanted)
        return trust
      },
    },
    ...options,
  })
  try {
    await work(remote, there, asked)
  } finally {
    await remote.end()
  }
}

async function content(remote: RemoteStore): Promise<string> {
  const file = await remote.open(parsePath('/f'), { read: true })
  return transfer(file, async () => {
    const into = Buffer.alloc(100)
    const count = await file.read(into, 0)
    return into.toString('utf8', 0, count)
  })
}

for (const [name, behaviour, tls] of [
  ['AUTH TLS', { auth: 'taken' }, 'require'],
  ['TLS from the first byte', { auth: 'refused', implicit: true }, 'implicit'],
] as const) {
  void test(`RFC 4217 AUTH, PROT: with ${name} nobody sees the login or the file, and the certificate is asked about once`, async () => {
    await visit(behaviour, { tls }, 'once', async (remote, there, asked) => {
      assert.equal(await content(remote), 'hello')
      assert.ok(there.heard.includes('secret PASS'))
      assert.deepEqual(
        there.heard.filter((line) => line.startsWith('clear')),
        tls === 'implicit' ? [] : ['clear AUTH'],
      )
      assert.equal(there.dataInClear, 0)
      assert.equal(asked.length, 1)
      assert.match(asked[0]?.fingerprint ?? '', /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u)
    })
  })
}

void test('a certificate that nobody vouches for is refused before the password is said', async () => {
  const there = visit({ auth: 'taken' }, { tls: 'require' }, 'no', async () => assert.fail('it went on'))
  await assert.rejects(there, TrustError)
})

void test('where TLS is required a server without it gets no password', async () => {
  const there = visit({ auth: 'refused' }, { tls: 'require' }, 'once', async () => assert.fail('it went on'))
  await assert.rejects(there, TrustError)
})

void test('where TLS is preferred a server without it is spoken to in clear, and one with it is not asked who it is', async () => {
  await visit({ auth: 'refused' }, { tls: 'prefer' }, 'no', async (remote, there) => {
    assert.equal(await content(remote), 'hello')
    assert.ok(there.heard.includes('clear PASS'))
  })
  await visit({ auth: 'taken' }, { tls: 'prefer' }, 'no', async (remote, there, asked) => {
    assert.equal(await content(remote), 'hello')
    assert.ok(there.heard.includes('secret PASS'))
    assert.equal(asked.length, 0)
  })
})

void test('what comes in clear behind the reply to AUTH ends the session (STARTTLS injection)', async () => {
  const there = visit({ auth: 'taken, with bytes in clear behind' }, { tls: 'prefer' }, 'once', async () =>
    assert.fail('it went on'),
  )
  await assert.rejects(there, ProtocolError)
})

void test('who sends words in clear behind the reply to AUTH is greeted by no handshake, and left at once', async (t) => {
  const there = new TlsServer({ auth: 'taken, with bytes in clear behind' })
  await there.open()
  const { network } = there
  const secure = t.mock.method(network, 'secure')
  const ask = { secret: async () => 'secret', trust: async () => 'once' as const }
  await assert.rejects(
    connectFtp({
      network,
      clock: systemClock,
      host: address,
      user: 'anna',
      silenceMs: 5000,
      tls: 'require',
      ask,
    }),
    ProtocolError,
  )
  await there.left.promise
  assert.deepEqual(
    secure.mock.calls.map((call) => call.arguments[1].side),
    ['server'],
  )
})

void test('what comes in clear a moment later is no handshake, and ends the session too', async () => {
  const there = visit({ auth: 'taken, and bytes in clear later' }, { tls: 'prefer' }, 'once', async () =>
    assert.fail('it went on'),
  )
  await assert.rejects(there, /no TLS/u)
})

void test('a data connection of somebody else is refused', async () => {
  await visit({ auth: 'taken', otherData: true }, { tls: 'require' }, 'once', async (remote) => {
    await assert.rejects(content(remote), TrustError)
  })
})

void test('TLS begins on a data connection at once, as there are servers that answer no transfer before it stands', async () => {
  await visit({ auth: 'taken', dataFirst: true }, { tls: 'require' }, 'once', async (remote) => {
    assert.equal(await content(remote), 'hello')
  })
})

void test('what the server says of a data connection that it did not encrypt is told', async () => {
  const refusesData = '522 Session reuse required.'
  await visit({ auth: 'taken', refusesData }, { tls: 'require', retries: 0 }, 'once', async (remote) => {
    await assert.rejects(content(remote), (error) => {
      assert.ok(error instanceof NetworkError)
      assert.match(error.facts.reply ?? '', /Session reuse required/u)
      return true
    })
  })
})
