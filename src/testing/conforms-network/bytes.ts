import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Conn } from '../../core/network.ts'
import { bytesOf, pour, readExactly, readToEnd, stoodStill, turns, type NetworkCase } from './case.ts'

/** More than this may no network keep of what nobody reads, all its buffers and the system's together. */
const mostUnread = 64 * 1024 * 1024

export const byteCases: readonly NetworkCase[] = [
  {
    name: 'what one end writes the other reads, in both directions',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.write(bytesOf('ping'))
      assert.equal((await readExactly(far, 4)).toString(), 'ping')
      await far.write(bytesOf('pong'))
      assert.equal((await readExactly(near, 4)).toString(), 'pong')
    },
  },
  {
    name: 'a read has at least one piece, and each piece a byte',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.write(new Uint8Array(0))
      await near.write(bytesOf('abc'))
      await near.write(new Uint8Array(0))
      await near.end()
      for (let pieces = await far.read(); pieces !== undefined; pieces = await far.read()) {
        assert.ok(pieces.length > 0)
        for (const piece of pieces) assert.ok(piece.length > 0)
      }
    },
  },
  {
    name: 'many small writes come in their order, also when nobody waits for one before the next',
    async run(scene) {
      const [near, far] = await scene.link()
      const lines = Array.from({ length: 2000 }, (_, index) => `${index}\n`)
      const wanted = lines.join('')
      const writing = Promise.all(lines.map((line) => near.write(bytesOf(line))))
      assert.equal((await readExactly(far, wanted.length)).toString(), wanted)
      await writing
    },
  },
  {
    name: 'the bytes of a write may be changed once it is done, also while nobody has read them',
    async run(scene) {
      // Not only of a Uint8Array: the slice() of a Buffer is no copy.
      for (const bytes of [bytesOf('first'), Buffer.from('first')]) {
        const [near, far] = await scene.link()
        await near.write(bytes)
        bytes.set(bytesOf('again'))
        await near.write(bytes)
        bytes.fill(0)
        assert.equal((await readExactly(far, 10)).toString(), 'firstagain')
      }
    },
  },
  {
    name: 'what was read stays as it is until the next read, whatever comes meanwhile',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.write(new Uint8Array(1000).fill(1))
      const pieces = (await far.read()) ?? []
      const writing = near.write(new Uint8Array(100_000).fill(2))
      await turns(20)
      assert.ok(pieces.length > 0)
      for (const piece of pieces) assert.ok(piece.length > 0 && piece.every((byte) => byte === 1))
      far.destroy()
      await writing.catch(() => undefined)
      for (const piece of pieces) assert.ok(piece.length > 0 && piece.every((byte) => byte === 1))
    },
  },
  {
    name: 'a read waits for what comes later',
    async run(scene) {
      const [near, far] = await scene.link()
      const reading = readExactly(far, 4)
      await turns(10)
      await near.write(bytesOf('late'))
      assert.equal((await reading).toString(), 'late')
    },
  },
  {
    name: 'a second read while one waits is an error, and takes nothing from the first',
    async run(scene) {
      const [near, far] = await scene.link()
      const first = far.read()
      await assert.rejects(far.read(), /one read at a time/u)
      await near.write(bytesOf('x'))
      assert.equal((await first)?.length, 1)
    },
  },
  {
    name: 'much in odd pieces, both ways at once, arrives byte for byte',
    async run(scene) {
      const [near, far] = await scene.link()
      const [there, got, back, had] = await Promise.all([
        send(near, scene.bulk, 3),
        receive(far),
        send(far, scene.bulk, 5),
        receive(near),
      ])
      assert.deepEqual(got, { size: scene.bulk, hash: there })
      assert.deepEqual(had, { size: scene.bulk, hash: back })
    },
  },
  {
    name: 'who writes to someone who does not read comes to wait, and goes on when that one does',
    async run(scene) {
      const [near, far] = await scene.link()
      const poured = pour(near, mostUnread)
      const written = await stoodStill(() => poured.written)
      assert.ok(written < mostUnread, `${written} bytes were taken and nobody read one`)
      await readExactly(far, scene.bulk)
      await stoodStill(() => poured.written)
      assert.ok(poured.written > written)
    },
  },
  {
    name: 'who has read once is not read ahead for without end',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.write(bytesOf('x'))
      await readExactly(far, 1)
      const poured = pour(near, mostUnread)
      const written = await stoodStill(() => poured.written)
      assert.ok(written < mostUnread, `${written} bytes were taken and nobody read one`)
    },
  },
  {
    name: 'what was written is there for one who reads late, also when the writer has left in good order',
    async run(scene) {
      const [near, far] = await scene.link()
      const bytes = new Uint8Array(100_000).fill(9)
      await near.write(bytes)
      await near.end()
      await turns(10)
      near.destroy()
      await turns(10)
      assert.ok((await readToEnd(far)).equals(bytes))
    },
  },
]

const sizes = [1, 65_537, 3, 4097, 1000, 262_143, 17]

/** Sends so many bytes in odd pieces, then the end: their hash. */
async function send(conn: Conn, total: number, seed: number): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0, turn = seed; at < total; turn += 1) {
    const bytes = new Uint8Array(Math.min(sizes[turn % sizes.length] ?? 1, total - at))
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = ((at + index) * 31 + turn) & 255
    hash.update(bytes)
    await conn.write(bytes)
    at += bytes.length
  }
  await conn.end()
  return hash.digest('hex')
}

async function receive(conn: Conn): Promise<{ size: number; hash: string }> {
  const hash = createHash('sha256')
  let size = 0
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    for (const piece of pieces) {
      hash.update(piece)
      size += piece.length
    }
  }
  return { size, hash: hash.digest('hex') }
}
