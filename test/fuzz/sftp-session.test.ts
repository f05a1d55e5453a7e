import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn } from '../../src/core/network.ts'
import { extensionNames } from '../../src/sftp/wire/extension.ts'
import { SftpWorld } from '../../src/testing/sftp-world.ts'

/*
 * Whole sessions of SFTP made of requests that are right, half right and wrong, many at once, to the end or cut anywhere. The server
 * must stay without a bug, answer each request once, leave nothing open and serve the next. A failure prints its seed; FUZZ_SEED
 * runs that session again, FUZZ_SECONDS goes on for longer.
 */
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 2)
const firstSeed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 0x7fffffff))

const paths = [
  '/',
  '/a',
  '/b',
  '/d',
  '/d/e',
  '/link',
  '..',
  '',
  'a\0b',
  '/d/../a',
  'x'.repeat(300),
  '/.ferry-part-x',
  '~',
  '/ü',
]
const types = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 200, 0, 1, 99, 255]

/** A generator that a seed repeats (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

function string(bytes: Uint8Array): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

/** One request with this number, its fields often those that its type has. */
function request(roll: (sides: number) => number, id: number): Buffer {
  const type = types[roll(types.length)] ?? 0
  const path = () => string(Buffer.from(paths[roll(paths.length)] ?? ''))
  const handle = () => string(uint32(1 + roll(6)))
  const uint64 = () => Buffer.concat([uint32(roll(8) === 0 ? roll(0x7fffffff) : 0), uint32(roll(5000))])
  const attributes = () => Buffer.concat([uint32(roll(16)), Buffer.alloc(roll(40), roll(256))])
  const parts: Record<number, () => Buffer[]> = {
    3: () => [path(), uint32(roll(64)), uint32(0)],
    4: () => [handle()],
    5: () => [handle(), uint64(), uint32(roll(2) === 0 ? roll(3000) : 0xffffffff)],
    6: () => [handle(), uint64(), string(Buffer.alloc(roll(3000), 120))],
    8: () => [handle()],
    9: () => [path(), attributes()],
    10: () => [handle(), attributes()],
    12: () => [handle()],
    14: () => [path(), uint32(0)],
    18: () => [path(), path()],
    20: () => [path(), path()],
    200: () => [
      string(Buffer.from(extensionNames[roll(extensionNames.length)] ?? '')),
      ...[path, handle, uint64, attributes].slice(roll(3)).map((make) => make()),
    ],
  }
  const fields = (parts[type] ?? (() => [path()]))()
  const body = Buffer.concat([Buffer.of(type), uint32(id), ...fields])
  // Sometimes cut or longer than its fields: the length in front stays true.
  const sized = roll(12) === 0 ? body.subarray(0, 5 + roll(Math.max(1, body.length - 5))) : body
  return string(sized)
}

async function session(world: SftpWorld, seed: number): Promise<number> {
  const roll = dice(seed)
  const conn = await world.dial()
  const count = 1 + roll(60)
  const reading = idsFrom(conn)
  await conn.write(string(Buffer.concat([Buffer.of(1), uint32(3)])))
  const ids: number[] = []
  for (let index = 0; index < count; index += 1) {
    ids.push(index + 1)
    await conn.write(request(roll, index + 1))
  }
  const cut = roll(4) === 0
  if (cut) conn.destroy()
  else await conn.end()
  const answered = await reading
  if (!cut)
    assert.deepEqual(
      answered.toSorted((a, b) => a - b),
      ids,
      `FUZZ_SEED=${seed}`,
    )
  conn.destroy()
  await world.over()
  return count
}

/** The numbers of all answers, up to the end. */
async function idsFrom(conn: Conn): Promise<number[]> {
  let bytes = Buffer.alloc(0)
  try {
    for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read())
      bytes = Buffer.concat([bytes, ...pieces])
  } catch {
    // Cut: what came is what there is.
  }
  const ids: number[] = []
  let first = true
  for (let at = 0; at + 9 <= bytes.length; at += 4 + bytes.readUInt32BE(at)) {
    if (!first) ids.push(bytes.readUInt32BE(at + 5))
    first = false
  }
  return ids
}

test(`sessions of SFTP at random never leave a bug, an open file or a request without its answer (FUZZ_SEED=${firstSeed})`, async (t) => {
  const until = performance.now() + seconds * 1000
  let requests = 0
  let sessions = 0
  for (let seed = firstSeed; performance.now() < until; seed += 1) {
    requests += await session(new SftpWorld(), seed)
    sessions += 1
    if (process.env['FUZZ_SEED'] !== undefined && seconds === 2) break
  }
  t.diagnostic(`${sessions} sessions, ${requests} requests`)
})
