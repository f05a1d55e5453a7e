import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '../../src/core/clock.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { connectSsh } from '../../src/ssh/client/connect.ts'
import type { SshConnection } from '../../src/ssh/client/connection.ts'
import { blobOf } from '../../src/ssh/public-key.ts'
import { signerOf } from '../../src/ssh/private-key.ts'
import { freshKey, signers } from '../../src/testing/ssh-world.ts'
import { programVersion } from './program.ts'

const sshd = '/usr/sbin/sshd'
const has =
  programVersion('ssh', { words: ['-V'] }) !== undefined && spawnSync(sshd, ['-V']).error === undefined
const skip = has ? false : 'OpenSSH is not installed (apt-get install openssh-server)'

const key = freshKey()
let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferry-sshd-'))
  if (!has) return
  for (const kind of ['ed25519', 'ecdsa', 'rsa'])
    spawnSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-f', join(folder, kind)])
  const blob = Buffer.from(blobOf(createPublicKey(key))).toString('base64')
  await writeFile(join(folder, 'authorized'), `ssh-ed25519 ${blob}\n`)
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
})
after(() => rm(folder, { recursive: true, force: true }))

/** sshd as inetd starts it, one process a connection, on the socket itself. */
async function withSshd<Result>(
  options: readonly string[],
  work: (connect: () => Promise<SshConnection>) => Promise<Result>,
): Promise<Result> {
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => {
    const words = [...settings(), ...options].flatMap((option) => ['-o', option])
    const child = spawn(sshd, ['-i', '-e', '-f', '/dev/null', ...words], {
      stdio: [socket, socket, 'ignore'],
    })
    child.on('error', () => socket.destroy())
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await work(async () =>
      connectSsh({
        conn: await tcpNetwork().connect({ host: '127.0.0.1', port, timeoutMs: 5000 }),
        clock: systemClock,
        host: '127.0.0.1',
        port,
        user: userInfo().username,
        trust: { known: async () => [], check: async () => undefined },
        keys: signers(signerOf(key)),
        ask: { secret: async () => undefined, trust: async () => 'no' },
      }),
    )
  } finally {
    server.close()
  }
}

function settings(): string[] {
  return [
    ...['ed25519', 'ecdsa', 'rsa'].map((kind) => `HostKey=${join(folder, kind)}`),
    `AuthorizedKeysFile=${join(folder, 'authorized')}`,
    'StrictModes=no',
    'UsePAM=no',
    'PermitRootLogin=yes',
    'AllowTcpForwarding=yes',
    'Subsystem=sftp internal-sftp',
  ]
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
