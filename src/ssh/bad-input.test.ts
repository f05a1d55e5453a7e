import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { FakeClock } from '../testing/fake-clock.ts'
import { plainPacket, plainPayloads, RawSsh, restOf } from '../testing/raw-ssh.ts'
import { sshWorld, type SshWorld } from '../testing/ssh-world.ts'
import { signerOf } from './private-key.ts'
import { message } from './wire/message.ts'
import { parseDisconnect } from './wire/transport-messages.ts'
import { Writer } from './wire/writer.ts'

const version = Buffer.from('SSH-2.0-Rogue_1\r\n')

/** What the server answers to these bytes, and that others are served all the same. */
async function answer(world: SshWorld, ...bytes: readonly Uint8Array[]): Promise<Buffer> {
  const conn = await world.dial()
  for (const piece of bytes) await conn.write(piece)
  return restOf(conn)
}

async function servesOthers(world: SshWorld): Promise<void> {
  const connection = await world.connect()
  const channel = await connection.openSubsystem('sftp')
  await channel.write(Uint8Array.of(1))
  assert.deepEqual([...((await channel.read())?.[0] ?? [])], [1])
  await connection.end()
  assert.equal(world.told('bug').length, 0)
}

const foreign = {
  'SSH 1': ['SSH-1.5-Ancient\r\n', /not SSH 1\.5/],
  HTTP: ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', /not HTTP/],
  TLS: ['\u0016\u0003\u0001\u0002\u0000\u0001', /not TLS/],
  FTP: ['USER anna\r\n', /not FTP/],
  noise: ['\u0000\u0001\u0002', /not something else/],
} as const

for (const [name, [bytes, told]] of Object.entries(foreign)) {
  test(`who speaks ${name} is told in a line what this is`, async () => {
    await using world = await sshWorld()
    assert.match((await answer(world, Buffer.from(bytes, 'latin1'))).toString('latin1'), told)
    await servesOthers(world)
  })
}

/** Why the server says it ends the connection, when it is spoken to in clear. */
async function reasonFor(
  world: SshWorld,
  ...bytes: readonly Uint8Array[]
): Promise<{ reason: number; text: string }> {
  const last = plainPayloads(await answer(world, version, ...bytes)).at(-1)
  assert.ok(last !== undefined)
  assert.equal(last[0], message.disconnect)
  return parseDisconnect(last)
}

test('RFC 4253 DISCONNECT: bad lengths, paddings and messages before keys are a protocol error', async () => {
  await using world = await sshWorld()
  const zeroPadding = plainPacket(Uint8Array.of(2))
  zeroPadding[4] = 0
  for (const bytes of [
    Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0),
    Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0),
    zeroPadding,
    plainPacket(new Writer().byte(message.serviceRequest).string('ssh-userauth').done()),
    plainPacket(Uint8Array.of(message.authRequest)),
    plainPacket(Uint8Array.of(message.channelData, 0, 0, 0, 0, 0, 0, 0, 0)),
    plainPacket(Uint8Array.of(message.newKeys)),
    plainPacket(Uint8Array.of(message.kexFirst, 0, 0, 0, 0)),
    plainPacket(Uint8Array.of(message.kexInit, 1, 2, 3)),
    plainPacket(Uint8Array.of(0)),
  ])
    assert.equal((await reasonFor(world, bytes)).reason, 2)
  await servesOthers(world)
})

test('RFC 4253 DISCONNECT: nothing in common names what and whose', async () => {
  await using world = await sshWorld()
  const init = new Writer().byte(message.kexInit).raw(new Uint8Array(16))
  for (let list = 0; list < 10; list += 1) init.names(list < 8 ? ['none-such'] : [])
  const { reason, text } = await reasonFor(world, plainPacket(init.boolean(false).uint32(0).done()))
  assert.equal(reason, 3)
  assert.match(text, /no key exchange in common: the client offers none-such, the server/)
})

/** What the log says of a client that offers these lists, up to the MACs, and no compression. */
async function logged(world: SshWorld, ...lists: readonly (readonly string[])[]): Promise<string> {
  const init = new Writer().byte(message.kexInit).raw(new Uint8Array(16))
  for (const names of [...lists, ['none'], ['none'], [], []]) init.names([...names])
  const conn = await world.dial()
  await conn.write(version)
  await conn.write(plainPacket(init.boolean(false).uint32(0).done()))
  assert.doesNotMatch((await restOf(conn)).toString('latin1'), /legacy/, 'the client is told')
  await conn.end()
  await world.server.drain(5000)
  return world.told('warning')[0]?.text ?? ''
}

const both = (...names: readonly string[]): readonly string[][] => [[...names], [...names]]
const rsaKey = signerOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
const oldKex = ['diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1']

test('the log says which rule would let an old client in, with all that it lacks', async () => {
  await using world = await sshWorld({ hostKeys: [rsaKey] })
  assert.match(
    await logged(
      world,
      oldKex,
      ['ssh-dss', 'ssh-rsa'],
      ...both('3des-cbc'),
      ...both('hmac-md5', 'hmac-sha1'),
    ),
    /^no key exchange in common: .*; --ssh-legacy [\d.]+=diffie-hellman-group14-sha1,ssh-rsa,3des-cbc,hmac-sha1 would let it in$/,
  )
})

test('it names only what is lacking', async () => {
  await using world = await sshWorld({ hostKeys: [rsaKey] })
  const gcm = ['aes128-gcm@openssh.com']
  assert.match(
    await logged(world, ['curve25519-sha256'], ['ssh-rsa'], gcm, gcm, ['hmac-md5'], ['hmac-md5']),
    /^no host key in common: .*; --ssh-legacy [\d.]+=ssh-rsa would let it in$/,
  )
})

test('it names no rule where none would help: no such cipher, and no RSA key', async () => {
  const [aes, sha2] = [['aes128-ctr'], ['hmac-sha2-256']]
  await using world = await sshWorld({ hostKeys: [rsaKey] })
  assert.doesNotMatch(await logged(world, oldKex, ['ssh-rsa'], ['arcfour'], aes, sha2, sha2), /legacy|^$/)
  await using other = await sshWorld()
  assert.doesNotMatch(await logged(other, oldKex, ['ssh-rsa'], aes, aes, sha2, sha2), /legacy|^$/)
})

test('names longer than any name do not fill the log', async () => {
  await using world = await sshWorld()
  const long = ['x'.repeat(20_000)]
  const text = await logged(world, long, long, ...both(...long), ...both(...long))
  assert.match(text, /no key exchange in common: the client offers x{64}, the server/)
})

test('silence, before a word and before a login, ends', async () => {
  const clock = new FakeClock()
  await using world = await sshWorld({ clock })
  const silent = await world.dial()
  const rest = restOf(silent)
  await clock.advance(62_000)
  assert.match((await rest).toString('latin1'), /No login within 60 s/)
  assert.equal(world.server.sessions, 0)
})

test('a version line that never ends is cut', async () => {
  await using world = await sshWorld()
  await answer(world, Buffer.from(`SSH-2.0-${'x'.repeat(300)}`))
  await servesOthers(world)
})

async function loggedIn(world: SshWorld): Promise<RawSsh> {
  const raw = new RawSsh(await world.dial())
  await raw.login()
  return raw
}

const data = (to: number, size: number): Uint8Array =>
  new Writer(size + 16).byte(message.channelData).uint32(to).string(new Uint8Array(size)).done()

const rogue: Readonly<Record<string, (raw: RawSsh) => Promise<void>>> = {
  'data beyond the window': async (raw) => {
    const to = await raw.open(0)
    // It is 2 MiB, and up to 8 where the key exchange took long, as on a busy machine.
    for (let turn = 0; turn < 129; turn += 1) raw.say(data(to, 65_536))
  },
  'more data in a message than agreed on': async (raw) => raw.say(data(await raw.open(0), 65_537)),
  'data for a channel that is not there': async (raw) => raw.say(data(77, 1)),
  'data behind the end': async (raw) => {
    const to = await raw.open(0)
    raw.say(new Writer().byte(message.channelEof).uint32(to).done(), data(to, 1))
  },
  'a window past all numbers': async (raw) => {
    const to = await raw.open(0, 0xffff_ffff)
    raw.say(new Writer().byte(message.channelWindowAdjust).uint32(to).uint32(1).done())
  },
  'a length that lies': async (raw) => {
    const to = await raw.open(0)
    raw.say(new Writer().byte(message.channelData).uint32(to).uint32(1000).raw(new Uint8Array(5)).done())
  },
  'an answer to nothing': async (raw) => raw.say(Uint8Array.of(message.requestSuccess)),
  'a channel that takes nothing': async (raw) =>
    raw.say(new Writer().byte(message.channelOpen).string('session').uint32(0).uint32(0).uint32(0).done()),
  'a message that a server says': async (raw) => raw.say(Uint8Array.of(message.authSuccess)),
  'an empty message': async (raw) => raw.say(Uint8Array.of(0)),
}

for (const [name, act] of Object.entries(rogue)) {
  test(`${name}: the connection ends with a protocol error, and others are served`, async () => {
    await using world = await sshWorld({ services: { sftp: () => new Promise<number>(() => undefined) } })
    const raw = await loggedIn(world)
    await act(raw)
    assert.match((await raw.over).message, /ended the connection/)
    await using other = await sshWorld()
    await servesOthers(other)
    assert.equal(world.told('bug').length, 0)
  })
}

test('RFC 4253 UNIMPLEMENTED: a message that nobody knows is answered so, and all goes on', async () => {
  await using world = await sshWorld()
  const raw = await loggedIn(world)
  raw.say(Uint8Array.of(199), Uint8Array.of(48))
  await raw.open(0)
  assert.equal(world.server.sessions, 1)
})

test('a no to a request that wanted no answer is nothing: phpseclib says so when our host keys are announced', async () => {
  await using world = await sshWorld()
  const raw = await loggedIn(world)
  raw.say(Uint8Array.of(message.requestFailure))
  await raw.open(0)
  assert.equal(world.server.sessions, 1)
})

test('a channel may end twice: Go says so from two places at once', async () => {
  await using world = await sshWorld({ services: { sftp: () => new Promise<number>(() => undefined) } })
  const raw = await loggedIn(world)
  const to = await raw.open(0)
  const end = new Writer().byte(message.channelEof).uint32(to).done()
  raw.say(end, end, new Writer().byte(message.channelClose).uint32(to).done())
  await raw.until(message.channelClose)
  await raw.open(1)
  assert.equal(world.server.sessions, 1)
})

test('a flood of channels, and of requests whose answers nobody reads, costs no memory', async () => {
  await using world = await sshWorld({ settings: { channels: 3 } })
  const raw = await loggedIn(world)
  for (let id = 0; id < 1000; id += 1)
    raw.say(
      new Writer().byte(message.channelOpen).string('session').uint32(id).uint32(1000).uint32(32_768).done(),
    )
  for (let count = 0; count < 3; count += 1) await raw.until(message.channelOpenConfirmation)
  for (let count = 0; count < 997; count += 1) await raw.until(message.channelOpenFailure)
  const before = process.memoryUsage().arrayBuffers
  const wish = new Writer().byte(message.globalRequest).string('keepalive@openssh.com').boolean(true).done()
  for (let turn = 0; turn < 20_000; turn += 1) raw.say(wish)
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024)
})

test('a client that logs in without end is sent away', async () => {
  await using world = await sshWorld()
  const raw = new RawSsh(await world.dial())
  await raw.until(0)
  raw.say(new Writer().byte(message.serviceRequest).string('ssh-userauth').done())
  const none = new Writer()
    .byte(message.authRequest)
    .string('anna')
    .string('ssh-connection')
    .string('none')
    .done()
  for (let turn = 0; turn < 100; turn += 1) raw.say(none)
  assert.match((await raw.over).message, /ended|not allowed/)
})

test('the state machine survives whatever is said to it, before and behind the login', async () => {
  await using world = await sshWorld({ services: { sftp: async () => 0 } })
  const payload = fc.tuple(fc.constantFrom(...Object.values(message)), fc.uint8Array({ maxLength: 60 }))
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(payload, { minLength: 1, maxLength: 12 }),
      async (inside, payloads) => {
        const raw = new RawSsh(await world.dial())
        if (inside) await raw.login()
        else await raw.until(0)
        raw.say(...payloads.map(([number, more]) => Uint8Array.from([number, ...more])))
        raw.say(new Writer().byte(message.disconnect).uint32(11).string('done').string('').done())
        await raw.over
        assert.equal(world.told('bug').length, 0, world.told('bug')[0]?.text)
      },
    ),
    { seed: 4254, numRuns: 150 },
  )
  await settleSessions(world)
})

test('noise in clear never does more than end its own connection', async () => {
  await using world = await sshWorld()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 6 }), async (payloads) => {
      const conn = await world.dial()
      await conn.write(version)
      try {
        for (const payload of payloads) await conn.write(plainPacket(Uint8Array.from([20, ...payload])))
        await conn.end()
      } catch {
        // It was cut meanwhile.
      }
      await restOf(conn)
      conn.destroy()
      assert.equal(world.told('bug').length, 0, world.told('bug')[0]?.text)
    }),
    { seed: 4252, numRuns: 150 },
  )
  await settleSessions(world)
})

async function settleSessions(world: SshWorld): Promise<void> {
  for (let turn = 0; world.server.sessions > 0 && turn < 1000; turn += 1)
    await new Promise((resolve) => setImmediate(resolve))
  assert.equal(world.server.sessions, 0)
}
