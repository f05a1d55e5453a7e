import assert from 'node:assert/strict'
import { createHash, randomInt } from 'node:crypto'
import { mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../../src/core/clock.ts'
import { FileError } from '../../src/core/error.ts'
import { parsePath } from '../../src/core/path.ts'
import type { RemoteStore } from '../../src/core/remote.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { connectTftp, type TftpOptions } from '../../src/tftp/client/connect.ts'
import { StartedProgram } from './program.ts'
import { makeFile, sha256, until } from './scene.ts'
import { tftpServers, type TftpServerProgram } from './servers/tftp.ts'

const mebibyte = 1024 * 1024
const sizes = { '0': 0, '1': 1, '511': 511, '512': 512, '513': 513, '1MiB': mebibyte } as const

/** One block more than there are numbers. */
const rolling = 32 * mebibyte + 1

/** A server of another house on a folder, at an address of its own: one of them listens on port 69 only. */
class Other {
  readonly #server: TftpServerProgram
  readonly #address = `127.${randomInt(60, 250)}.${randomInt(250)}.${randomInt(1, 250)}`
  readonly #port: number
  #folder = ''
  #program: StartedProgram | undefined

  constructor(server: TftpServerProgram) {
    this.#server = server
    this.#port = server.port ?? randomInt(20_000, 30_000)
  }

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'ferry-tftp-'))
    await mkdir(this.served())
    for (const [name, size] of Object.entries(sizes)) await makeFile(this.served(name), size)
    await writeFile(this.served('lines'), 'one\ntwo\n\nthree\n')
    const words = this.#server.words(this.#address, this.#port, this.served())
    this.#program = new StartedProgram(this.#server.find() ?? '', words, { folder: this.#folder })
    await this.#answers()
  }

  async close(): Promise<void> {
    this.#program?.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }

  served(name = ''): string {
    return join(this.#folder, 'served', name)
  }

  connect(more: Partial<TftpOptions> = {}): Promise<RemoteStore> {
    return connectTftp({
      network: tcpNetwork(),
      clock: systemClock,
      host: this.#address,
      port: this.#port,
      ask: { secret: async () => undefined, trust: async () => 'no' },
      ...more,
    })
  }

  /** Gets a file: its hash, and how sure it is. */
  async get(
    name: string,
    more: Partial<TftpOptions> = {},
  ): Promise<{ sha256: string; completeness: string }> {
    const remote = await this.connect(more)
    const file = await remote.open(parsePath(`/${name}`), { read: true })
    const hash = createHash('sha256')
    const block = Buffer.alloc(65_536)
    for (let at = 0; ;) {
      const count = await file.read(block, at)
      if (count === 0) break
      hash.update(block.subarray(0, count))
      at += count
    }
    await file.close()
    await remote.end()
    return { sha256: hash.digest('hex'), completeness: file.completeness }
  }

  async put(from: string, name: string, more: Partial<TftpOptions> = {}): Promise<string> {
    const remote = await this.connect(more)
    const { size } = await stat(from)
    const file = await remote.open(parsePath(`/${name}`), { write: true, create: 'allow', expected: size })
    await using local = await open(from)
    const block = Buffer.alloc(65_536)
    for (let at = 0; at < size;) {
      const { bytesRead } = await local.read(block, 0, block.length, at)
      await file.write([block.subarray(0, bytesRead)], at)
      at += bytesRead
    }
    await file.close()
    await remote.end()
    return file.completeness
  }

  /** It listens when it says that there is no such file. */
  async #answers(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const remote = await this.connect({ silenceMs: 200 })
      try {
        await remote.open(parsePath('/there-is-no-such-file'), { read: true })
      } catch (thrown) {
        if (thrown instanceof FileError) return
      }
      await delay(50)
    }
    throw new Error(`${this.#server.name} does not answer`)
  }
}

const root = process.getuid?.() === 0

for (const server of tftpServers) {
  const skip = !root
    ? 'it has to be started as root'
    : server.find() === undefined
      ? `it is not on this machine: ${server.install}`
      : false
  void describe(`our TFTP client with ${server.name}`, { skip }, () => {
    const other = new Other(server)
    before(() => other.open())
    after(() => other.close())

    for (const name of Object.keys(sizes)) {
      test(`gets a file, ${name}`, async () => {
        const { sha256: hash, completeness } = await other.get(name)
        assert.equal(hash, await sha256(other.served(name)))
        assert.equal(completeness, server.options ? 'proven' : 'unproven')
      })
    }
    for (const [blockSize, window] of [
      [512, 1],
      [1428, 1],
      [server.largestBlock, 1],
      [512, 16],
      [1428, 16],
      [1428, 64],
    ] as const) {
      test(`gets 1 MiB in blocks of ${blockSize}, asking for windows of ${window}`, async () => {
        const got = await other.get('1MiB', { blockSize, window })
        assert.equal(got.sha256, await sha256(other.served('1MiB')))
      })
    }
    test('gets more blocks than there are numbers', async () => {
      await makeFile(other.served('rolling'), rolling)
      const got = await other.get('rolling', { blockSize: 512 })
      assert.equal(got.sha256, await sha256(other.served('rolling')))
    })
    test('knows the size before it gets', async () => {
      const remote = await other.connect()
      assert.equal((await remote.stat(parsePath('/513'))).size, 513)
      await assert.rejects(remote.stat(parsePath('/nothing')), { fault: 'not-found' })
      await remote.end()
    })
    test('gets text as netascii', { skip: !server.netascii }, async () => {
      const got = await other.get('lines', { mode: 'netascii' })
      assert.equal(got.sha256, await sha256(other.served('lines')))
    })
    for (const name of Object.keys(sizes)) {
      test(`puts a file, ${name}`, { skip: !server.writes }, async () => {
        const completeness = await other.put(other.served(name), `up-${name}`)
        assert.equal(completeness, server.options ? 'proven' : 'unproven')
        const expected = await sha256(other.served(name))
        // atftpd says that it has the last block before it has written it.
        await until('the file', async () => (await sha256(other.served(`up-${name}`))) === expected)
      })
    }
    test('hears that uploads are refused', { skip: server.writes }, async () => {
      await assert.rejects(other.put(other.served('513'), 'up'), FileError)
    })
  })
}
