import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockPool, type Blocks } from '../../core/blocks.ts'
import { ProtocolError } from '../../core/error.ts'
import { Messages, type Message } from './messages.ts'

const body = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251)

function framed(...bodies: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    bodies.flatMap((one) => {
      const head = Buffer.alloc(4)
      head.writeUInt32BE(one.length)
      return [head, one]
    }),
  )
}

/** A connection that brings these bytes in parts of a size, then ends. */
function bringing(bytes: Uint8Array, size: number): { read(): Promise<Uint8Array[] | undefined> } {
  let at = 0
  return {
    async read() {
      if (at >= bytes.length) return undefined
      const part = Uint8Array.from(bytes.subarray(at, at + size))
      at += size
      return [part.subarray(0, 1), part.subarray(1)]
    },
  }
}

const next = async (messages: Messages): Promise<Message | undefined> => messages.next()

async function all(messages: Messages): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  for (let message = await messages.next(); message !== undefined; message = await messages.next()) {
    found.push(Uint8Array.from(message.bytes))
    message.release()
  }
  return found
}

const blocks = (): Blocks => blockPool(70_000, 140_000)

test('messages come out whole, however they are cut', async () => {
  const bodies = [body(5), body(3000), body(65_000), body(9)]
  for (const size of [1, 2, 3, 7, 4096, 1_000_000]) {
    const found = await all(new Messages(bringing(framed(...bodies), size), blocks(), 65_000))
    assert.deepEqual(found, bodies, `in parts of ${size}`)
  }
})

test('what has come whole is there at once, and what lies across two pieces is not', async () => {
  const bodies = [body(5), body(3000), body(9)]
  const bytes = framed(...bodies)
  const pieces = [bytes.subarray(0, bytes.length - 4), bytes.subarray(bytes.length - 4)]
  let read = false
  const conn = {
    async read() {
      if (read) return undefined
      read = true
      return pieces
    },
  }
  const messages = new Messages(conn, blocks(), 65_000)
  assert.deepEqual((await next(messages))?.bytes, bodies[0])
  const second = messages.next()
  assert.ok(!(second instanceof Promise))
  assert.deepEqual(second?.bytes, bodies[1])
  const third = messages.next()
  assert.ok(third instanceof Promise)
  assert.deepEqual((await third)?.bytes, bodies[2])
  assert.equal(await messages.next(), undefined)
})

test('a length that no message has ends it', async () => {
  for (const length of [0, 4, 1001, 0xffff_ffff]) {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(length)
    await assert.rejects(next(new Messages(bringing(head, 8), blocks(), 1000)), ProtocolError)
  }
})

test('text where SFTP belongs is shown, as a login script may print it', async () => {
  const text = Buffer.from('Welcome to the machine!\r\nplease behave\n')
  const shown = /sent text where SFTP belongs: "Welcome to the machine!"$/u
  for (const size of [text.length, 9000])
    await assert.rejects(next(new Messages(bringing(text, size), blocks(), 1000)), (thrown) => {
      assert.ok(thrown instanceof ProtocolError)
      assert.match(thrown.message, shown)
      assert.match(thrown.facts.hint ?? '', /\.bashrc/u)
      return true
    })
  const long = Buffer.from('x'.repeat(500))
  await assert.rejects(next(new Messages(bringing(long, 500), blocks(), 1000)), /: "x{80}"$/u)
})

test('an end inside a message is no end, and lends no block for ever', async () => {
  const whole = framed(body(3000))
  let out = 0
  const counted: Blocks = {
    take: () => {
      out += 1
      return { bytes: new Uint8Array(4000), release: () => void (out -= 1) }
    },
  }
  for (let length = 1; length < whole.length; length += 97) {
    const messages = new Messages(bringing(whole.subarray(0, length), 50), counted, 4000)
    await assert.rejects(next(messages), ProtocolError)
  }
  assert.equal(out, 0)
})
