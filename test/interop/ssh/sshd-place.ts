import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { blobOf } from '../../../src/ssh/public-key.ts'
import { freshKey } from '../../../src/testing/ssh-world.ts'
import { programVersion } from '../program.ts'

const sshd = '/usr/sbin/sshd'

const has =
  programVersion('ssh', { words: ['-V'] }) !== undefined && spawnSync(sshd, ['-V']).error === undefined

/** Why there is no sshd to test with; false: there is. */
export const noSshd = has ? false : 'OpenSSH is not installed (apt-get install openssh-server)'

/** OpenSSH's sshd as inetd starts it, one process a connection, for whoever runs the tests and holds `key`. */
export class SshdPlace implements AsyncDisposable {
  readonly folder: string
  readonly port: number
  readonly user = userInfo().username
  readonly key: KeyObject
  readonly #server: Server
  readonly #children: ReadonlySet<ChildProcess>

  private constructor(folder: string, key: KeyObject, server: Server, children: ReadonlySet<ChildProcess>) {
    this.folder = folder
    this.key = key
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#children = children
  }

  /** Where the key lies. */
  get keyFile(): string {
    return join(this.folder, 'key')
  }

  /** `options`: more lines of sshd_config. */
  static async open(...options: readonly string[]): Promise<SshdPlace> {
    const folder = await mkdtemp(join(tmpdir(), 'ferry-sshd-'))
    const key = freshKey()
    // RSA keys as short as may be: longer ones take a second to make.
    for (const kind of ['ed25519', 'ecdsa', 'rsa'])
      spawnSync('ssh-keygen', [
        '-q',
        '-t',
        kind,
        ...(kind === 'rsa' ? ['-b', '2048'] : []),
        '-N',
        '',
        '-f',
        join(folder, kind),
      ])
    const blob = Buffer.from(blobOf(createPublicKey(key))).toString('base64')
    await writeFile(join(folder, 'authorized'), `ssh-ed25519 ${blob}\n`)
    await writeFile(join(folder, 'key'), key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
    const words = [...settings(folder), ...options].flatMap((option) => ['-o', option])
    const children = new Set<ChildProcess>()
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      const child = spawn(sshd, ['-i', '-e', '-f', '/dev/null', ...words], {
        stdio: [socket, socket, 'ignore'],
      })
      children.add(child)
      child.once('exit', () => children.delete(child))
      child.on('error', () => socket.destroy())
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new SshdPlace(folder, key, server, children)
  }

  /** Ends all connections, as a network that is gone does. */
  cut(): void {
    for (const child of this.#children) child.kill('SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    for (const child of this.#children) child.kill()
    await rm(this.folder, { recursive: true, force: true })
  }
}

function settings(folder: string): string[] {
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
