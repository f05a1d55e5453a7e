import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomFillSync } from 'node:crypto'
import { test } from 'node:test'
import { LoginError, NetworkError, TrustError } from '../core/error.ts'
import type { Channel } from './channel.ts'
import { signerOf } from './private-key.ts'
import { fingerprintOf } from './public-key.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { RawSsh } from '../testing/raw-ssh.ts'
import { freshKey, signers, sshWorld } from '../testing/ssh-world.ts'
import { usualRekeyLimits } from './transport.ts'
import type { Services } from './server/house.ts'
import { formatBare, formatChannelRequest } from './wire/channel-messages.ts'
import { message } from './wire/message.ts'
import { Writer } from './wire/writer.ts'
import { codeAt, parseSecret } from '../accounts/totp.ts'

async function all(channel: Channel): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (let read = await channel.read(); read !== undefined; read = await channel.read())
    for (const piece of read) pieces.push(new Uint8Array(piece))
  return Buffer.concat(pieces)
}

async function echoes(channel: Channel, bytes: Uint8Array): Promise<void> {
  const sent = channel.write(bytes).then(() => channel.end())
  const back = await all(channel)
  await sent
  assert.equal(hashOf(back), hashOf(bytes))
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

test('RFC 4254 CHANNEL_DATA: ten megabytes cross a channel both ways and come back as they were', async () => {
  await using world = await sshWorld()
  const connection = await world.connect()
  await echoes(await connection.openSubsystem('sftp'), randomFillSync(new Uint8Array(10_000_000)))
  await connection.end()
})

test('bytes that come one by one while nobody reads take no memory but their own', async () => {
  const sent = Promise.withResolvers<void>()
  const read = Promise.withResolvers<readonly Uint8Array[]>()
  const services = {
    sftp: async (channel: Channel) => {
      await sent.promise
      read.resolve((await channel.read()) ?? [])
      return 0
    },
  }
  await using world = await sshWorld({ services })
  const connection = await world.connect()
  const channel = await connection.openSubsystem('sftp')
  const bytes = randomFillSync(new Uint8Array(1000))
  for (const byte of bytes) await channel.write(Uint8Array.of(byte))
  const large = randomFillSync(new Uint8Array(60_000))
  for (let count = 0; count < 10; count += 1) await channel.write(large)
  // What was written before is there when this is answered.
  await connection.openSubsystem('sftp')
  sent.resolve()
  const pieces = await read.promise
  const whole = Buffer.concat([bytes, ...Array.from({ length: 10 }, () => large)])
  assert.ok(Buffer.concat(pieces).equals(whole))
  assert.ok(pieces.length < 1000 / 256 + 256 + 20, `${pieces.length} pieces`)
  await connection.end()
})

test('a connection that gives one byte at a time is as good as any', async () => {
  await using world = await sshWorld({ chop: 'bytes' })
  const connection = await world.connect()
  await echoes(await connection.openSubsystem('sftp'), randomFillSync(new Uint8Array(3000)))
})

test('RFC 4253 KEXINIT: keys are exchanged anew in the midst of a transfer, and nothing is lost', async () => {
  await using world = await sshWorld({ settings: { rekey: { bytes: 100_000 } } })
  const connection = await world.connect()
  const bytes = randomFillSync(new Uint8Array(4_000_000))
  await echoes(await connection.openSubsystem('sftp'), bytes)
  await echoes(await connection.openSubsystem('sftp'), bytes)
})

test('RFC 4253 KEXINIT: keys are exchanged anew when many packets have gone', async () => {
  await using world = await sshWorld({ settings: { rekey: { packets: 50 } } })
  const connection = await world.connect()
  const channel = await connection.openSubsystem('sftp')
  for (let turn = 0; turn < 400; turn += 1) {
    await channel.write(Uint8Array.of(turn & 0xff))
    const back = await channel.read()
    assert.deepEqual(
      back?.map((piece) => [...piece]),
      [[turn & 0xff]],
    )
  }
})

test('many channels at once keep apart what is theirs', async () => {
  await using world = await sshWorld()
  const connection = await world.connect()
  const channels = await Promise.all(Array.from({ length: 10 }, () => connection.openSubsystem('sftp')))
  await Promise.all(channels.map((channel, at) => echoes(channel, new Uint8Array(500_000 + at).fill(at))))
})

test('RFC 4254 CHANNEL_OPEN: one channel more than allowed is refused, and the others live', async () => {
  await using world = await sshWorld({ settings: { channels: 2 } })
  const connection = await world.connect()
  const first = await connection.openSubsystem('sftp')
  await connection.openSubsystem('sftp')
  await assert.rejects(connection.openSubsystem('sftp'), NetworkError)
  await echoes(first, new Uint8Array(100))
  // Its place is free once both sides have closed it.
  first.destroy()
  await echoes(await connection.openSubsystem('sftp'), new Uint8Array(100))
})

test('RFC 4254 direct-tcpip, exec and other subsystems: refused, and the connection lives', async () => {
  await using world = await sshWorld()
  const connection = await world.connect()
  await assert.rejects(connection.openDirect('127.0.0.1', 22), NetworkError)
  await assert.rejects(connection.openExec('id'), NetworkError)
  await assert.rejects(connection.openSubsystem('netconf'), NetworkError)
  await echoes(await connection.openSubsystem('sftp'), new Uint8Array(10))
})

test('RFC 4254 exec: one that wants no answer is refused by its end with a status, and what is no program goes by', async () => {
  await using world = await sshWorld()
  const raw = new RawSsh(await world.dial())
  await raw.login()
  const channel = await raw.open(7)
  const wish = (name: string, what: string): Uint8Array =>
    formatChannelRequest(channel, name, false, new Writer().string(what).done())
  // As JSch asks.
  raw.say(wish('auth-agent-req@openssh.com', ''), wish('exec', 'id -G'))
  assert.deepEqual(
    Buffer.from(await raw.until(message.channelRequest)),
    Buffer.from(formatChannelRequest(7, 'exit-status', false, Uint8Array.of(0, 0, 0, 1))),
  )
  await raw.until(message.channelClose)
  assert.ok(!raw.heard.some(({ number }) => number === message.channelFailure))
  await echoes(await (await world.connect()).openSubsystem('sftp'), new Uint8Array(10))
})

const fails: Services['sftp'] = async (channel) => {
  while ((await channel.read()) !== undefined);
  throw new NetworkError('closed', 'the client left inside a file')
}

test('RFC 4254 exit-status: work that fails has one, also where the client has ended first', async () => {
  await using world = await sshWorld({ services: { sftp: fails } })
  const raw = new RawSsh(await world.dial())
  await raw.login()
  const channel = await raw.open(7)
  raw.say(formatChannelRequest(channel, 'subsystem', false, new Writer().string('sftp').done()))
  raw.say(formatBare(message.channelEof, channel))
  assert.deepEqual(
    Buffer.from(await raw.until(message.channelRequest)),
    Buffer.from(formatChannelRequest(7, 'exit-status', false, Uint8Array.of(0, 0, 0, 1))),
  )
  await raw.until(message.channelClose)
})

test('a reader that does not read stops the writer, however much it has', async () => {
  let release: (() => void) | undefined
  const waits = new Promise<void>((resolve) => {
    release = resolve
  })
  // On a slow machine the window would be as wide as for a long way.
  await using world = await sshWorld({
    clock: new FakeClock(),
    services: {
      async sftp(channel) {
        await waits
        await all(channel)
        return 0
      },
    },
  })
  const connection = await world.connect()
  const channel = await connection.openSubsystem('sftp')
  let written = 0
  const writing = (async () => {
    for (let turn = 0; turn < 100; turn += 1) {
      await channel.write(new Uint8Array(100_000))
      written += 100_000
    }
    await channel.end()
  })()
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(written <= 2_200_000, String(written))
  release?.()
  await writing
  assert.equal((await all(channel)).length, 0)
})

test('RFC 4252 password: a wrong one is told, and asked for again as a person would be', async () => {
  await using world = await sshWorld()
  const asked: number[] = []
  const connection = await world.connect({
    password: 'wrong',
    ask: {
      async secret({ attempt }) {
        asked.push(attempt)
        return 'secret'
      },
      trust: async () => 'no',
    },
  })
  assert.deepEqual(asked, [1])
  assert.equal(world.told('login-failed').length, 1)
  await connection.end()
  await assert.rejects(world.connect({ password: 'wrong' }), LoginError)
})

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const userKeys = [
  freshKey(),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  rsa,
].map((key) => signerOf(key))

for (const signer of userKeys) {
  test(`RFC 4252 publickey: ${signer.algorithms.join(' and ')} let in who holds the key`, async () => {
    await using world = await sshWorld({
      accounts: (home) => [{ name: 'anna', keys: [signer.blob], home }],
    })
    for (const algorithm of signer.algorithms) {
      const one = { ...signer, algorithms: [algorithm] }
      const connection = await world.connect({ keys: signers(signerOf(freshKey()), one) })
      await echoes(await connection.openSubsystem('sftp'), new Uint8Array(10))
      await connection.end()
    }
    // That a key would be taken is not yet that it is held.
    const other = signerOf(freshKey())
    const liar = { ...other, blob: signer.blob }
    if (signer.algorithms[0] === 'ssh-ed25519')
      await assert.rejects(world.connect({ keys: signers(liar) }), LoginError)
  })
}

test('RFC 4252 partial success: a key and then a one-time code, for a key that is revoked nothing', async () => {
  const signer = signerOf(freshKey())
  const totp = 'JBSWY3DPEHPK3PXP'
  await using world = await sshWorld({
    accounts: (home) => [{ name: 'anna', keys: [signer.blob], totp, needs: [['key', 'code']], home }],
  })
  const code = codeAt(parseSecret(totp) ?? new Uint8Array(0), world.clock.now())
  const ask = { secret: async () => code, trust: async () => 'no' as const }
  const connection = await world.connect({ keys: signers(signer), ask })
  await connection.end()
  await assert.rejects(world.connect({ ask }), LoginError)
  await using stern = await sshWorld({
    settings: { revoked: [fingerprintOf(signer.blob)] },
    accounts: (home) => [{ name: 'anna', keys: [signer.blob], home }],
  })
  await assert.rejects(stern.connect({ keys: signers(signer) }), LoginError)
})

test('a host key that is not trusted ends the connection before anything secret is said', async () => {
  await using world = await sshWorld()
  const trust = {
    known: async () => ['ssh-ed25519'],
    check: async () => {
      throw new TrustError('it is another')
    },
  }
  await assert.rejects(world.connect({ trust }), TrustError)
  assert.equal(world.told('login').length, 0)
  assert.equal(world.told('login-failed').length, 0)
})

test('the server tells which keys it has and proves them, so that they can be changed', async () => {
  const keys = [signerOf(freshKey()), signerOf(rsa), signerOf(freshKey())]
  await using world = await sshWorld({ hostKeys: keys })
  const learned = new Promise<readonly string[]>((resolve) => {
    void world.connect({
      trust: {
        known: async () => [],
        check: async () => undefined,
        rotated: async (_host, _port, shown) => resolve(shown.map(({ blob }) => fingerprintOf(blob))),
      },
    })
  })
  assert.deepEqual(
    await learned,
    keys.map(({ blob }) => fingerprintOf(blob)),
  )
})

test('both ends see it when the other goes, and nobody waits for ever', async () => {
  await using world = await sshWorld()
  const connection = await world.connect()
  const channel = await connection.openSubsystem('sftp')
  const reading = channel.read()
  await world.server.close()
  await assert.rejects(reading, NetworkError)
  assert.ok(connection.signal.aborted)
  await assert.rejects(connection.openSubsystem('sftp'))
  assert.equal(world.server.sessions, 0)
})

test('what was agreed on can be told: strict key exchange, and a kex that outlives quantum computers', async () => {
  await using world = await sshWorld()
  const connection = await world.connect()
  assert.ok(connection.agreed.includes('strict kex'))
  assert.equal(connection.agreed[0], 'mlkem768x25519-sha256')
})

test('RFC 4253 KEXINIT: keys that are old are exchanged anew, with nothing to move: after an hour if nothing is said', async () => {
  assert.equal(usualRekeyLimits.ms, 3_600_000)
  const clock = new FakeClock()
  const key = signerOf(freshKey())
  let exchanges = 0
  const counted = {
    ...key,
    sign: (data: Uint8Array, algorithm: string) => {
      exchanges += 1
      return key.sign(data, algorithm)
    },
  }
  await using world = await sshWorld({ clock, hostKeys: [counted], settings: { rekey: { ms: 60_000 } } })
  const connection = await world.connect()
  const channel = await connection.openSubsystem('sftp')
  await echoes(channel, Buffer.from('before'))
  await clock.advance(59_000)
  assert.equal(exchanges, 1)
  await clock.advance(3000)
  // The exchange takes turns of its own beside the clock.
  await echoes(await connection.openSubsystem('sftp'), Buffer.from('behind'))
  assert.equal(exchanges, 2)
  await connection.end()
})
