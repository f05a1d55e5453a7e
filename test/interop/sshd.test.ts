import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { systemClock } from '../../src/core/clock.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { connectSsh } from '../../src/ssh/client/connect.ts'
import type { SshConnection } from '../../src/ssh/client/connection.ts'
import type { SshOptions } from '../../src/ssh/client/options.ts'
import { signerOf } from '../../src/ssh/private-key.ts'
import { signers } from '../../src/testing/ssh-world.ts'
import { noSshd, SshdPlace } from './ssh/sshd-place.ts'

const skip = noSshd

async function withSshd<Result>(
  options: readonly string[],
  work: (connect: () => Promise<SshConnection>) => Promise<Result>,
  more: Partial<SshOptions> = {},
): Promise<Result> {
  await using place = await SshdPlace.open(...options)
  const { port, user, key } = place
  return await work(async () =>
    connectSsh({
      conn: await tcpNetwork().connect({ host: '127.0.0.1', port, timeoutMs: 5000 }),
      clock: systemClock,
      host: '127.0.0.1',
      port,
      user,
      trust: { known: async () => [], check: async () => undefined },
      keys: signers(signerOf(key)),
      ask: { secret: async () => undefined, trust: async () => 'no' },
      ...more,
    }),
  )
}

/** Says hello in SFTP, and is answered. */
async function speaks(connection: SshConnection): Promise<void> {
  const channel = await connection.openSubsystem('sftp')
  await channel.write(Uint8Array.of(0, 0, 0, 5, 1, 0, 0, 0, 3))
  const pieces = await channel.read()
  assert.equal(Buffer.concat([...(pieces ?? [])])[4], 2, 'SSH_FXP_VERSION')
  await connection.end()
}

const algorithms = {
  KexAlgorithms: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  HostKeyAlgorithms: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-256', 'rsa-sha2-512'],
  Ciphers: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
  ],
} as const

for (const [option, names] of Object.entries(algorithms)) {
  for (const name of names) {
    test(`our client to OpenSSH's sshd: ${option} ${name}`, { skip }, async () => {
      await withSshd([`${option}=${name}`], async (connect) => {
        const connection = await connect()
        assert.ok(connection.agreed.includes(name), connection.agreed.join(', '))
        assert.ok(connection.agreed.includes('strict kex'))
        await speaks(connection)
      })
    })
  }
}

for (const mac of [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
]) {
  test(`our client to OpenSSH's sshd: MACs ${mac}`, { skip }, async () => {
    await withSshd(['Ciphers=aes128-ctr', `MACs=${mac}`], async (connect) => {
      const connection = await connect()
      assert.ok(connection.agreed.includes(mac), connection.agreed.join(', '))
      await speaks(connection)
    })
  })
}

test(
  "our client to OpenSSH's sshd: 16 MiB through cat and back while sshd exchanges keys each MiB",
  { skip },
  async () => {
    await withSshd(['RekeyLimit=1M'], async (connect) => {
      const connection = await connect()
      const channel = await connection.openExec('cat')
      const block = new Uint8Array(256 * 1024).fill(7)
      const writing = (async () => {
        for (let turn = 0; turn < 64; turn += 1) await channel.write(block)
        await channel.end()
      })()
      let back = 0
      for (let pieces = await channel.read(); pieces !== undefined; pieces = await channel.read())
        for (const piece of pieces) {
          assert.ok(piece.every((byte) => byte === 7))
          back += piece.length
        }
      await writing
      assert.equal(back, 16 * 1024 * 1024)
      await connection.end()
    })
  },
)

test("our client to OpenSSH's sshd: a connection through it, as a jump needs", { skip }, async () => {
  await withSshd([], async (connect) => {
    const outer = await connect()
    const other = createServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const direct = await outer.openDirect('127.0.0.1', (other.address() as AddressInfo).port)
    assert.equal(Buffer.concat([...((await direct.read()) ?? [])]).toString(), 'hello')
    assert.equal(await direct.read(), undefined)
    direct.destroy()
    other.close()
    await speaks(outer)
  })
})

for (const [option, name] of [
  ['KexAlgorithms', 'diffie-hellman-group14-sha1'],
  ['KexAlgorithms', 'diffie-hellman-group1-sha1'],
  ['HostKeyAlgorithms', 'ssh-rsa'],
  ['Ciphers', 'aes256-cbc'],
  ['Ciphers', '3des-cbc'],
  ['MACs', 'hmac-sha1'],
] as const) {
  test(`our client to OpenSSH's sshd: the old ${name}, only where it is asked for`, { skip }, async () => {
    const options = [`${option}=${name}`, ...(option === 'MACs' ? ['Ciphers=aes128-ctr'] : [])]
    await withSshd(options, async (connect) => {
      await assert.rejects(connect(), /no .* in common/u)
    })
    await withSshd(
      options,
      async (connect) => {
        const connection = await connect()
        assert.ok(connection.agreed.includes(name), connection.agreed.join(', '))
        await speaks(connection)
      },
      { legacy: [name] },
    )
  })
}
