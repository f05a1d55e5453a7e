import { readFileSync } from 'node:fs'
import { blockPool } from '../../src/core/blocks.ts'
import { systemClock } from '../../src/core/clock.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { takeHandle, takeOk, takePath } from '../../src/sftp/client/answers.ts'
import { Link } from '../../src/sftp/client/link.ts'
import { SftpServer } from '../../src/sftp/client/server.ts'
import { status } from '../../src/sftp/wire/reply.ts'
import { openFlags } from '../../src/sftp/wire/request.ts'
import { connectSsh } from '../../src/ssh/client/connect.ts'
import type { SshConnection } from '../../src/ssh/client/connection.ts'
import { parseKeyFile } from '../../src/ssh/keys/parse-key-file.ts'
import { signerOf } from '../../src/ssh/private-key.ts'
import type { Signer } from '../../src/ssh/signer.ts'
import type { Address } from './task.ts'

/** How many requests are under way: as many as OpenSSH's sftp has at most. */
const mostUnderWay = 64
const block = new Uint8Array(255 * 1024).fill(46)

/** One session of SFTP by our own client, which throws away what it gets and sends one block again and again. */
export class SftpLoad {
  readonly #ssh: SshConnection
  readonly #server: SftpServer
  readonly #home: string

  private constructor(ssh: SshConnection, server: SftpServer, home: string) {
    this.#ssh = ssh
    this.#server = server
    this.#home = home
  }

  static async enter(at: Address, cipher?: string): Promise<SftpLoad> {
    const host = at.host ?? '127.0.0.1'
    const ssh = await connectSsh({
      conn: await tcpNetwork().connect({ host, port: at.port, timeoutMs: 20_000, muchMayCome: true }),
      clock: systemClock,
      host,
      port: at.port,
      user: at.user,
      trust: { known: async () => [], check: async () => undefined },
      keys: keysIn(at.key),
      ask: { secret: async () => undefined, trust: async () => 'no' },
      ...(cipher === undefined ? {} : { ciphers: [cipher] }),
    })
    const conn = await ssh.openSubsystem('sftp')
    const blocks = blockPool(257 * 1024, 8 * 1024 * 1024)
    const link = new Link({ conn, clock: systemClock, blocks, silenceMs: 30_000 })
    const server = new SftpServer(link, await link.greet())
    await server.learnLimits()
    return new SftpLoad(ssh, server, await server.ask('realpath', { path: '.' }, takePath('.')))
  }

  async get(path: string, bytes: number): Promise<void> {
    const handle = await this.#open(path, openFlags.read)
    const most = Math.min(this.#server.mostRead, block.length)
    const read = async (offset: number): Promise<number> => {
      let count = 0
      const length = Math.min(most, bytes - offset)
      while (count < length)
        count += await this.#server.ask(
          'read',
          { handle, offset: offset + count, length: length - count },
          (reply) => {
            if (reply.kind !== 'data') throw new Error(`${path}: ${reply.kind} instead of data at ${offset}`)
            return reply.data.length
          },
        )
      return count
    }
    await this.#inParts(bytes, most, read)
    await this.#close(handle)
  }

  async put(path: string, bytes: number): Promise<void> {
    const handle = await this.#open(path, openFlags.write | openFlags.create | openFlags.truncate)
    const most = Math.min(this.#server.mostWrite, block.length)
    await this.#inParts(bytes, most, async (offset) => {
      const data = block.subarray(0, Math.min(most, bytes - offset))
      await this.#server.ask('write', { handle, offset, data }, takeOk(path))
      return data.length
    })
    await this.#close(handle)
  }

  remove(path: string): Promise<void> {
    return this.#server.ask('remove', { path: this.#at(path) }, takeOk(path))
  }

  /** Reads a directory, whose names are counted and not kept. */
  async list(path: string, entries: number): Promise<void> {
    const handle = await this.#server.ask('opendir', { path: this.#at(path) }, takeHandle(path))
    let count = 0
    for (let came = 1; came > 0; count += came)
      came = await this.#server.ask('readdir', { handle }, (reply) => {
        if (reply.kind === 'name') return reply.names.length
        if (reply.kind === 'status' && reply.code === status.endOfFile) return 0
        throw new Error(`${path}: ${reply.kind} instead of names`)
      })
    await this.#close(handle)
    if (count !== entries + 2) throw new Error(`${path}: ${count} names of ${entries + 2} came`)
  }

  async leave(): Promise<void> {
    await this.#server.link.end()
    await this.#ssh.end()
  }

  /** Parts of a file one after the other, so many at once. */
  async #inParts(bytes: number, most: number, part: (offset: number) => Promise<number>): Promise<void> {
    let next = 0
    const lane = async () => {
      while (next < bytes) {
        const offset = next
        next += most
        await part(offset)
      }
    }
    await Promise.all(Array.from({ length: mostUnderWay }, lane))
  }

  #open(path: string, flags: number): Promise<string> {
    return this.#server.ask('open', { path: this.#at(path), flags, attributes: {} }, takeHandle(path))
  }

  #close(handle: string): Promise<void> {
    return this.#server.ask('close', { handle }, takeOk('close'))
  }

  /** sshd's root is that of the machine, ours is the folder: all begin where the login lands. */
  #at(path: string): string {
    return `${this.#home === '/' ? '' : this.#home}/${path.replace(/^\//u, '')}`
  }
}

async function* keysIn(file: string | undefined): AsyncGenerator<Signer> {
  if (file === undefined) return
  const found = parseKeyFile(readFileSync(file, 'utf8'))
  if (found.kind === 'open') yield signerOf(found.key, file)
}
