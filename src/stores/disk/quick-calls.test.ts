import assert from 'node:assert/strict'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock, type Clock } from '../../core/clock.ts'
import { offersDescriptors } from './descriptors.ts'
import { Pace } from './pace.ts'
import { quickCalls } from './quick-calls.ts'

const skip = !(await offersDescriptors()) && 'there is no /proc'

test(
  'large writes are waited for until one is slow, then go through the pool; names need not',
  { skip },
  async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'ferry-quick-calls-'))
    const path = join(directory, 'file')
    const fd = openSync(path, 'w')
    context.after(() => {
      closeSync(fd)
      rmSync(directory, { recursive: true })
    })
    const { paces, time } = await twoPaces()
    const calls = quickCalls(...paces)
    const pieces = [Buffer.alloc(300_000, 'a'), Buffer.alloc(500_000, 'b')]
    assert.equal(calls.writeMuch(fd, pieces, 0), 800_000, 'the tests lie on a disk of this machine')
    time.perLook = 20
    assert.equal(calls.writeMuch(fd, pieces, 800_000), 800_000)
    time.perLook = 0
    const slow = calls.writeMuch(fd, pieces, 1_600_000)
    assert.ok(slow instanceof Promise)
    assert.equal(await slow, 800_000)
    assert.ok(!(calls.lstat(path) instanceof Promise))
    time.at += 100
    assert.equal(calls.writeMuch(fd, pieces, 2_400_000), 800_000)
    const written = Buffer.concat(pieces)
    assert.ok(readFileSync(path).equals(Buffer.concat([written, written, written, written])))
  },
)

test(
  'large reads go through the pool, or at once as long as the disk is quick',
  { skip },
  async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'ferry-quick-calls-'))
    const path = join(directory, 'file')
    writeFileSync(path, Buffer.alloc(100_000, 'a'))
    const fd = openSync(path, 'r')
    context.after(() => {
      closeSync(fd)
      rmSync(directory, { recursive: true })
    })
    const { paces, time } = await twoPaces()
    const into = Buffer.alloc(100_000)
    const pooled = quickCalls(...paces).readMuch(fd, into, 0)
    assert.ok(pooled instanceof Promise)
    assert.equal(await pooled, 100_000)
    const calls = quickCalls(...paces, 'at-once')
    assert.equal(calls.readMuch(fd, into, 50_000), 50_000)
    time.perLook = 20
    assert.equal(calls.readMuch(fd, into, 0), 100_000)
    time.perLook = 0
    const slow = calls.readMuch(fd, into, 0)
    assert.ok(slow instanceof Promise)
    assert.equal(await slow, 100_000)
  },
)

test(
  'a piece of a large file is read at once until one read is slow, then from the pool; names need not',
  { skip },
  async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'ferry-quick-calls-'))
    const path = join(directory, 'file')
    writeFileSync(path, Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.alloc(100_000, 'b')]))
    const fd = openSync(path, 'r')
    context.after(() => {
      closeSync(fd)
      rmSync(directory, { recursive: true })
    })
    const { paces, time } = await twoPaces()
    const calls = quickCalls(...paces)
    const into = Buffer.alloc(50_000)
    time.perLook = 20
    assert.equal(calls.readPiece(fd, into, 120_000), 50_000)
    assert.ok(into.equals(Buffer.alloc(50_000, 'b')))
    time.perLook = 0
    const slow = calls.readPiece(fd, into, 0)
    assert.ok(slow instanceof Promise)
    assert.equal(await slow, 50_000)
    assert.ok(into.equals(Buffer.alloc(50_000, 'a')))
    assert.ok(!(calls.lstat(path) instanceof Promise))
    time.at += 100
    assert.equal(calls.readPiece(fd, into, 0), 50_000)
  },
)

test(
  'modes, times, links and names are had at once until one call is slow, then from the pool',
  { skip },
  async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'ferry-quick-calls-'))
    const path = join(directory, 'file')
    const link = join(directory, 'link')
    writeFileSync(path, 'content')
    symlinkSync('file', link)
    context.after(() => rmSync(directory, { recursive: true }))
    const { paces, time } = await twoPaces()
    const calls = quickCalls(...paces)
    const day = new Date(86_400_000)
    const all = [
      () => calls.chmod(path, 0o640),
      () => calls.utimes(path, day, day),
      () => calls.readlink(link),
      () => calls.readdir(directory),
    ]
    const wanted = [undefined, undefined, Buffer.from('file'), ['file', 'link']]
    const quick = all.map((call) => call())
    assert.ok(quick.every((result) => !(result instanceof Promise)))
    assert.deepEqual(quick, wanted)
    const { mode, mtimeMs } = statSync(path)
    assert.equal(mode & 0o777, 0o640)
    assert.equal(mtimeMs, day.getTime())
    time.perLook = 20
    void calls.lstat(path)
    time.perLook = 0
    const slow = all.map((call) => call())
    assert.ok(slow.every((result) => result instanceof Promise))
    assert.deepEqual(await Promise.all(slow), wanted)
  },
)

/** Of whom each looks at the time twice for a call, which then has taken so long. */
async function twoPaces() {
  const time = { at: 0, perLook: 0 }
  const clock: Clock = { ...systemClock, ticks: () => (time.at += time.perLook) }
  const paces = [new Pace('/proc/self/cwd', clock), new Pace('/proc/self/cwd', clock)] as const
  for (const pace of paces) await pace.look()
  return { paces, time }
}
