import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ProtocolError } from '../core/error.ts'
import { cut } from '../testing/cut.ts'
import { Lines } from './lines.ts'

/** Feeds chunks and drains after each, as a connection does. */
function linesOf(chunks: readonly Uint8Array[], limit: number): string[] {
  const lines = new Lines(limit)
  const seen: string[] = []
  for (const chunk of chunks) {
    lines.push(chunk)
    drain(lines, seen)
  }
  return seen
}

function drain(lines: Lines, seen: string[]): void {
  for (;;) {
    try {
      const line = lines.next()
      if (line === undefined) return
      seen.push(`line ${Buffer.from(line).toString('latin1')}`)
    } catch (error) {
      assert.ok(error instanceof ProtocolError)
      seen.push('too long')
    }
  }
}

/** What must come out, said in the plainest way. */
function expected(bytes: Uint8Array, limit: number): string[] {
  const parts = Buffer.from(bytes).toString('latin1').split('\n')
  const begun = parts.pop() ?? ''
  const seen = parts
    .map((part) => (part.endsWith('\r') ? part.slice(0, -1) : part))
    .map((part) => (part.length > limit ? 'too long' : `line ${part}`))
  const mayStillEnd = begun.length <= limit || (begun.length === limit + 1 && begun.endsWith('\r'))
  return mayStillEnd ? seen : [...seen, 'too long']
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

test('a line ends at LF, and one CR before it is not part of it', () => {
  const seen = linesOf([latin1('NOOP\r\nPWD\nA\r\r\n\r\n\nleft')], 100)
  assert.deepEqual(seen, ['line NOOP', 'line PWD', 'line A\r', 'line ', 'line '])
})

test('any cutting of the stream gives the same lines', () => {
  const stream = fc.array(fc.constantFrom('\r', '\n', '\r\n', 'a', 'bc', '\0', '\xff', 'd'.repeat(9)), {
    maxLength: 200,
  })
  fc.assert(
    fc.property(
      stream,
      fc.array(fc.integer({ min: 1, max: 40 })),
      fc.integer({ min: 0, max: 12 }),
      (parts, sizes, limit) => {
        const bytes = latin1(parts.join(''))
        const wanted = expected(bytes, limit)
        assert.deepEqual(linesOf([bytes], limit), wanted)
        assert.deepEqual(linesOf(cut(bytes, sizes), limit), wanted)
        assert.deepEqual(linesOf(cut(bytes, [1]), limit), wanted)
      },
    ),
    { numRuns: 500 },
  )
})

test('a line of exactly the limit passes, one byte more does not, and the next line is not lost', () => {
  const seen = linesOf(cut(latin1('1234\r\n12345\r\n123\r\n'), [1]), 4)
  assert.deepEqual(seen, ['line 1234', 'too long', 'line 123'])
})

test('a line that never ends is told once and holds no memory', () => {
  const lines = new Lines(4096)
  const chunk = new Uint8Array(1000).fill(65)
  const seen: string[] = []
  for (let times = 0; times < 1000; times += 1) {
    lines.push(chunk)
    drain(lines, seen)
    assert.ok(lines.pending <= 4096 + chunk.length)
  }
  assert.deepEqual(seen, ['too long'])
  assert.equal(lines.pending, 0)
  lines.push(latin1('\nNOOP\n'))
  drain(lines, seen)
  assert.deepEqual(seen, ['too long', 'line NOOP'])
})

// Copying all that is there for each piece would be 137 GB here, and would not come back in time.
test('a long line in small pieces costs in proportion to its length', { timeout: 20_000 }, () => {
  const size = 4 * 1024 * 1024
  const lines = new Lines(size)
  const chunk = new Uint8Array(64).fill(65)
  for (let sent = 0; sent < size; sent += chunk.length) {
    lines.push(chunk)
    assert.equal(lines.next(), undefined)
  }
  assert.equal(lines.pending, size)
})

test('clear tells how many bytes came behind a command, and forgets them', () => {
  const lines = new Lines(100)
  lines.push(latin1('AUTH TLS\r\nPASS x\r\nhalf'))
  assert.equal(Buffer.from(lines.next() ?? []).toString(), 'AUTH TLS')
  assert.equal(lines.pending, 12)
  assert.equal(lines.clear(), 12)
  assert.equal(lines.clear(), 0)
  lines.push(latin1('PBSZ 0\r\n'))
  assert.equal(Buffer.from(lines.next() ?? []).toString(), 'PBSZ 0')
})

test('a line stays what it was when the memory it came from is used again', () => {
  const lines = new Lines(100)
  const chunk = latin1('one\ntwo\n')
  lines.push(chunk)
  const taken = [lines.next(), lines.next()]
  chunk.fill(0)
  lines.push(latin1('three\n'))
  taken.push(lines.next())
  assert.deepEqual(
    taken.map((line) => Buffer.from(line ?? []).toString()),
    ['one', 'two', 'three'],
  )
})

test('lines that nobody takes for a while are not lost', () => {
  const numbers = Array.from({ length: 1000 }, (_, at) => String(at))
  const lines = new Lines(10)
  const taken: string[] = []
  for (let at = 0; at < numbers.length; at += 50) {
    lines.push(latin1(numbers.slice(at, at + 50).join('\r\n')))
    for (let take = 0; take < 48; take += 1) taken.push(Buffer.from(lines.next() ?? []).toString())
    lines.push(latin1('\r\n'))
  }
  for (let line = lines.next(); line; line = lines.next()) taken.push(Buffer.from(line).toString())
  assert.deepEqual(taken, numbers)
  assert.equal(lines.pending, 0)
})

test('a line that lacks only its LF can be taken, and an LF that comes later belongs to it', () => {
  const seen = ['ABOR\r|\nNOOP\n', 'ABOR\r|NOOP\n', 'ABOR\r||\nNOOP\n', 'ABOR\r|\n\nNOOP\n'].map((stream) => {
    const lines = new Lines(100)
    const taken: string[] = []
    for (const chunk of stream.split('|')) {
      lines.push(latin1(chunk))
      drain(lines, taken)
      const line = lines.nextWithoutFeed(isAbort)
      if (line !== undefined) taken.push(`early ${Buffer.from(line).toString()}`)
    }
    return taken
  })
  const usual = ['early ABOR', 'line NOOP']
  assert.deepEqual(seen, [usual, usual, usual, ['early ABOR', 'line ', 'line NOOP']])
})

test('no other line is taken without its LF', () => {
  for (const begun of ['ABOR', 'ABO\r', 'ABOR \r', 'NOOP\r', 'NOOP\nABOR\r', '\r', '']) {
    const lines = new Lines(100)
    lines.push(latin1(begun))
    assert.equal(lines.nextWithoutFeed(isAbort), undefined, begun)
    assert.equal(lines.pending, begun.length)
  }
})

function isAbort(line: Uint8Array): boolean {
  return Buffer.from(line).toString() === 'ABOR'
}
