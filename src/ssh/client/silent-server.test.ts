import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { systemClock, type Clock } from '../../core/clock.ts'
import { NetworkError, type NetworkFault } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { freshKey, signers } from '../../testing/ssh-world.ts'
import { usualAlgorithms } from '../offer.ts'
import { signerOf } from '../private-key.ts'
import { Transport, type Layer } from '../transport.ts'
import { formatConfirmation } from '../wire/channel-messages.ts'
import { message } from '../wire/message.ts'
import { Writer } from '../wire/writer.ts'
import { connectSsh } from './connect.ts'
import type { SshConnection } from './connection.ts'

const hostKeys = new Map([['ssh-ed25519', signerOf(freshKey())]])

/** A server that lets everybody in, says that it lives, and opens channels or not; what is asked on them it never answers. */
class Silent implements Layer {
  readonly asked = Promise.withResolvers<void>()
  /** How often it was asked whether it is there, and whether it says so. */
  questions = 0
  answers = true
  readonly #transport: Transport
  readonly #opens: boolean

  constructor(conn: Conn, opens: boolean) {
    this.#opens = opens
    this.#transport = new Transport({
      conn,
      clock: systemClock,
      version: 'SSH-2.0-Silent_1',
      side: { role: 'server', hostKeys },
      hostKeyAlgorithms: [...hostKeys.keys()],
      algorithms: usualAlgorithms,
      layer: this,
    })
    void this.#transport.run()
  }

  secured(): void {
    this.#transport.state = 'service'
  }

  /** Says something that asks for nothing. */
  speak(): void {
    this.#transport.send(new Writer().byte(message.ignore).string('').done())
  }

  take(number: number): void {
    if (number === message.serviceRequest) {
      this.#transport.state = 'login'
      this.#transport.send(new Writer().byte(message.serviceAccept).string('ssh-userauth').done())
    } else if (number === message.authRequest) {
      this.#transport.state = 'running'
      this.#transport.send(Uint8Array.of(message.authSuccess))
    } else if (number === message.globalRequest) {
      this.questions += 1
      if (this.answers) this.#transport.send(Uint8Array.of(message.requestFailure))
    } else if (number === message.channelOpen && this.#opens) {
      this.#transport.send(formatConfirmation(0, { id: 0, window: 1000, most: 1000 }))
    } else this.asked.resolve()
  }

  room(): void {
    // It has nothing to say that would wait.
  }
}

async function logIn(
  opens: boolean,
  clock: Clock,
  signal?: AbortSignal,
): Promise<{ ssh: SshConnection; server: Silent }> {
  const network = memoryNetwork()
  const at = { host: 'far', port: 22 }
  const accepted = Promise.withResolvers<Silent>()
  await network.listen(at, (conn) => accepted.resolve(new Silent(conn, opens)))
  const ssh = await connectSsh({
    conn: await network.connect({ ...at, timeoutMs: 1000 }),
    clock,
    ...at,
    user: 'anna',
    password: 'secret',
    trust: { known: async () => [], check: async () => undefined },
    keys: signers(),
    ask: { secret: async () => undefined, trust: async () => 'no' },
    ...(signal === undefined ? {} : { signal }),
  })
  return { ssh, server: await accepted.promise }
}

function isFault(fault: NetworkFault): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof NetworkError && thrown.fault === fault
}

for (const [what, opens] of [
  ['opens no channel', false],
  ['opens channels and starts nothing in them', true],
] as const) {
  test(`a server that ${what}, and says that it lives, is not waited for without end`, async () => {
    const clock = new FakeClock()
    const { ssh, server } = await logIn(opens, clock)
    const opening = assert.rejects(ssh.openSubsystem('sftp'), isFault('timeout'))
    await server.asked.promise
    await clock.advance(31_000)
    await opening
    await ssh.end()
  })

  test(`a server that ${what} is left when somebody says so`, async () => {
    const control = new AbortController()
    const { ssh, server } = await logIn(opens, systemClock, control.signal)
    const opening = assert.rejects(ssh.openSubsystem('sftp'), isFault('aborted'))
    await server.asked.promise
    control.abort()
    await opening
    await assert.rejects(ssh.openSubsystem('sftp'), isFault('aborted'))
    await ssh.end()
  })
}

test('a server that is silent for a quarter of a minute is asked whether it is there, and one that stays so for a minute is given up', async () => {
  const clock = new FakeClock()
  const { ssh, server } = await logIn(true, clock)
  let over: unknown
  ssh.signal.addEventListener('abort', () => (over = ssh.signal.reason))
  await advance(10_000)
  server.speak()
  await advance(5100)
  assert.equal(server.questions, 0, 'it has said something meanwhile')
  await advance(14_800)
  assert.equal(server.questions, 0)
  await advance(200)
  assert.equal(server.questions, 1)
  server.answers = false
  await advance(59_800)
  assert.equal(over, undefined)
  assert.equal(server.questions, 4)
  await advance(200)
  assert.ok(isFault('timeout')(over))

  /** What goes over the network takes turns of its own beside the clock. */
  async function advance(ms: number): Promise<void> {
    await clock.advance(ms)
    for (let turns = 0; turns < 50; turns += 1) await setImmediate()
  }
})

test('what a server says instead of its version line is told: it may say why it goes', async () => {
  const network = memoryNetwork()
  const at = { host: 'far', port: 22 }
  const lines = ['Exceeded MaxStartups\r\n', '\r\n', '']
  const refuse = async (conn: Conn): Promise<void> => {
    await conn.write(Buffer.from(lines.shift() ?? ''))
    await conn.end()
  }
  await network.listen(at, (conn) => void refuse(conn))
  const replies: (string | undefined)[] = []
  for (let count = lines.length; count > 0; count -= 1) {
    const trying = connectSsh({
      conn: await network.connect({ ...at, timeoutMs: 1000 }),
      clock: systemClock,
      ...at,
      user: 'anna',
      trust: { known: async () => [], check: async () => undefined },
      keys: signers(),
      ask: { secret: async () => undefined, trust: async () => 'no' },
    })
    await assert.rejects(trying, (thrown) => {
      assert.ok(thrown instanceof NetworkError && thrown.fault === 'closed')
      replies.push(thrown.facts.reply)
      return true
    })
  }
  assert.deepEqual(replies, ['Exceeded MaxStartups', undefined, undefined])
})
