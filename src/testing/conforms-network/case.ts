import assert from 'node:assert/strict'
import { NetworkError, type NetworkFault } from '../../core/error.ts'
import type { Conn, Peer } from '../../core/network.ts'
import type { Scene } from './scene.ts'

/** One promise of a Network. */
export interface NetworkCase {
  readonly name: string
  run(scene: Scene): Promise<void>
}

/** One promise that needs an address from which no answer ever comes. */
export interface DeafCase {
  readonly name: string
  run(scene: Scene, deaf: Peer): Promise<void>
}

/** Asserts that something fails, and for the right reason. */
export async function fails(fault: NetworkFault, deed: Promise<unknown>): Promise<void> {
  await assert.rejects(deed, (error: unknown) => {
    assert.ok(error instanceof NetworkError, `expected a NetworkError, not ${String(error)}`)
    assert.equal(error.fault, fault, `expected '${fault}', not '${error.fault}' (${error.message})`)
    assert.notEqual(error.message, '')
    return true
  })
}

/** Asserts that something fails as a connection does, whatever the reason. */
export async function breaks(deed: Promise<unknown>): Promise<void> {
  await assert.rejects(deed, NetworkError)
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Reads so many bytes, which must come before the end. */
export async function readExactly(conn: Conn, count: number): Promise<Buffer> {
  const all: Uint8Array[] = []
  for (let size = 0; size < count;) {
    const pieces = await conn.read()
    assert.ok(pieces !== undefined, `the end came after ${size} of ${count} bytes`)
    for (const piece of pieces) {
      all.push(Buffer.from(piece))
      size += piece.length
    }
  }
  return Buffer.concat(all)
}

/** Reads to the end. */
export async function readToEnd(conn: Conn): Promise<Buffer> {
  const all: Uint8Array[] = []
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    for (const piece of pieces) all.push(Buffer.from(piece))
  }
  return Buffer.concat(all)
}

/** Reads until the connection breaks: what came until then. That it ends instead is the worst of lies. */
export async function readToCut(conn: Conn): Promise<number> {
  let size = 0
  const reading = async (): Promise<void> => {
    for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
      for (const piece of pieces) size += piece.length
    }
  }
  await fails('reset', reading())
  return size
}

/** Lets everything else that can go on do so. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Resolves when a number has stood still for so many turns of the event loop that whatever moves it must be waiting. */
export async function stoodStill(value: () => number): Promise<number> {
  let last = value()
  for (let still = 0; still < 300; still += 1) {
    await turns(1)
    if (value() !== last) still = 0
    last = value()
  }
  return last
}

/** Writes piece after piece until a write fails, and counts what was taken. More than `most` is never written. */
export function pour(
  conn: Conn,
  most: number,
): { readonly written: number; readonly over: Promise<unknown> } {
  const piece = new Uint8Array(64 * 1024).fill(7)
  const poured = { written: 0, over: Promise.resolve<unknown>(undefined) }
  const run = async (): Promise<void> => {
    while (poured.written < most) {
      await conn.write(piece)
      poured.written += piece.length
    }
  }
  poured.over = run().catch((thrown: unknown) => thrown)
  return poured
}
