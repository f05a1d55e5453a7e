import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalAddress, familyOf, isPrivate, sameAddress } from '../../src/core/address.ts'
import { FileError, ProtocolError } from '../../src/core/error.ts'
import { parsePath, partsOf } from '../../src/core/path.ts'
import { decodeText, encodeText } from '../../src/core/text.ts'
import { parseEprt, parseEpsvReply, parsePasvReply, parsePort } from '../../src/ftp/wire/address.ts'
import { FromNetwork, LocalOffset, NetworkLength, ToNetwork } from '../../src/ftp/wire/ascii.ts'
import { parseCommand } from '../../src/ftp/wire/command.ts'
import { parseFacts } from '../../src/ftp/wire/mlsx.ts'
import { decodeReply, formatReply, oneLine, reply } from '../../src/ftp/wire/reply.ts'
import { cleanTelnet } from '../../src/ftp/wire/telnet.ts'
import { formatTime, parseTime } from '../../src/ftp/wire/time.ts'
import { cut } from '../../src/testing/cut.ts'
import { compileGlob } from '../../src/wire/glob.ts'
import { Lines } from '../../src/wire/lines.ts'
import { forAWhile } from './for-a-while.ts'

/* Every decoder, fed what nobody would send. */

/** The words of the protocol, whole and broken, among random bytes. */
// prettier-ignore
const words = [
  '\r\n', '\n', '\r', '\0', ' ', '-', '226', '211-', '211 ', 'STOR ', 'PORT ', 'ABOR', '1,2,3,4,5,6', '|1|1.2.3.4|21|',
  '|2|::1|21|', '(|||21|)', '::', 'ffff:', '%eth0', '20250228235960', '.5', '..', '/', '*', '?', '[!a-', ']', '\\',
  '\xff', '\xff\xf4', '\xff\xf2', '\xff\xfd\x01', '\xff\xfa', '\xff\xf0', '\xc3', '\xa9', '\xed\xa0\x80', '\xf0\x9f\x98\x80',
]
const bytes = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...words.map((word) => Buffer.from(word, 'latin1'))) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
    ),
    { maxLength: 30 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)))
const sizes = fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 4 })

function fuzz(name: string, check: (bytes: Uint8Array, sizes: readonly number[]) => void): void {
  test(name, () => {
    forAWhile(fc.property(bytes, sizes, check), 0.1)
  })
}

function linesOf(chunks: readonly Uint8Array[]): unknown[] {
  const lines = new Lines(24)
  const seen: unknown[] = []
  for (const chunk of chunks) {
    lines.push(chunk)
    drain(lines, seen)
    assert.ok(lines.pending <= 25)
  }
  return seen
}

function drain(lines: Lines, seen: unknown[]): void {
  try {
    for (let line = lines.next(); line; line = lines.next()) seen.push(line)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    seen.push('too long')
    drain(lines, seen)
  }
}

fuzz('lines are the same for any cutting', (bytes, sizes) => {
  assert.deepEqual(linesOf(cut(bytes, sizes)), linesOf([bytes]))
})

fuzz('a text survives', (bytes) => {
  assert.deepEqual(new Uint8Array(encodeText(decodeText(bytes))), bytes)
})

fuzz('a command line is read without a throw, behind its Telnet', (bytes) => {
  const { line, answers } = cleanTelnet(bytes)
  assert.ok(line.length <= bytes.length && answers.length <= bytes.length)
  assert.match(parseCommand(line).verb, /^(?:[A-Z][A-Z0-9]{0,15})?$/)
})

function decodeOrRefuse(bytes: Uint8Array, limit: number): ReturnType<typeof decodeReply> {
  try {
    return decodeReply(bytes, limit)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

fuzz('a reply is whole, not yet there, or refused; and what was read can be sent again', (bytes, sizes) => {
  const limit = 10 * (sizes[0] ?? 1)
  const decoded = decodeOrRefuse(bytes, limit)
  if (!decoded) return
  assert.ok(decoded.used > 0 && decoded.used <= limit)
  const { code, lines } = decoded.value
  assert.deepEqual(decodeReply(formatReply(decoded.value))?.value, reply(code, ...lines.map(oneLine)))
  for (let end = 0; end < decoded.used; end += 1) {
    assert.equal(decodeReply(bytes.subarray(0, end), limit), undefined)
  }
})

fuzz('a reply of any text is one reply', (bytes, sizes) => {
  const lines = cut(bytes, sizes).map((part) => decodeText(part))
  const formatted = formatReply(reply(211, ...lines))
  const decoded = decodeReply(formatted)
  assert.equal(decoded?.used, formatted.length)
  assert.equal(decoded?.value.lines.length, Math.max(1, lines.length))
})

fuzz('an address is one way of writing it, or none', (bytes) => {
  const text = decodeText(bytes)
  const canonical = canonicalAddress(text)
  assert.equal(canonicalAddress(canonical), canonical)
  assert.ok(sameAddress(text, canonical))
  assert.ok(familyOf(text) !== undefined || !isPrivate(text))
  for (const peer of [parsePort(text), parsePasvReply(text)]) assert.ok(!peer || familyOf(peer.address) === 4)
  const extended = parseEprt(text)
  assert.ok(extended.kind !== 'peer' || familyOf(extended.peer.address) !== undefined)
  assert.ok((parseEpsvReply(text) ?? 1) >= 1)
})

fuzz('a time is read as what it says, or refused', (bytes) => {
  const text = decodeText(bytes)
  const time = parseTime(text)
  assert.ok(!time || text.endsWith('60', 14) || formatTime(time) === text.slice(0, 14))
})

fuzz('a choice of facts is a subset', (bytes) => {
  assert.ok(parseFacts(decodeText(bytes)).size <= 9)
})

fuzz('a path stays below the root', (bytes) => {
  try {
    const path = parsePath(decodeText(bytes))
    assert.ok(partsOf(path).every((part) => part !== '' && part !== '.' && part !== '..'))
  } catch (error) {
    assert.ok(error instanceof FileError && error.fault === 'invalid')
  }
})

fuzz('a pattern of any kind matches or not, in good time', (bytes, sizes) => {
  const text = decodeText(bytes)
  const start = performance.now()
  const name = text.repeat(10)
  for (const part of cut(bytes, sizes)) compileGlob(decodeText(part).repeat(5))?.(name)
  compileGlob(text)?.(name)
  assert.ok(performance.now() - start < 1000)
})

fuzz('ASCII is the same for any cutting, and SIZE and REST agree with it', (bytes, sizes) => {
  const encoder = new ToNetwork()
  const decoder = new FromNetwork()
  const length = new NetworkLength()
  const chunks = cut(bytes, sizes)
  const network = Buffer.concat(chunks.map((chunk) => encoder.encode(chunk)))
  const local = Buffer.concat([...chunks.map((chunk) => decoder.decode(chunk)), decoder.end()])
  for (const chunk of chunks) length.add(chunk)
  const whole = new FromNetwork()
  assert.deepEqual(network, Buffer.from(new ToNetwork().encode(bytes)))
  assert.deepEqual(local, Buffer.concat([whole.decode(bytes), whole.end()]))
  assert.equal(length.length, network.length)
  const wanted = (sizes[0] ?? 1) % (network.length + 1)
  const search = new LocalOffset(wanted)
  const place = wanted === 0 ? undefined : chunks.map((chunk) => search.scan(chunk)).find((found) => found)
  const rest = new ToNetwork(place?.before).encode(bytes.subarray(place?.local))
  assert.deepEqual(Buffer.concat([network.subarray(0, wanted), rest]), network)
})
