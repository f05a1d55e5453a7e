import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsOf, type Row } from '../../core/rows.ts'
import { decodeText } from '../../core/text.ts'
import { namesHead, namesHeadSize, readReply } from '../wire/reply.ts'
import { listedNames } from './listed-names.ts'
import { Owners } from './owners.ts'

const now = Date.UTC(2026, 10, 30)

/** What a client reads of a listing in answers of so many bytes, and how many it is told in each. */
function read(rows: readonly Row[], most: number) {
  const parts = listedNames(rowsOf(rows), now, new Owners(), most)
  const replies = parts.map((part) => {
    const message = Buffer.concat([namesHead(7, part), part.bytes])
    assert.equal(message.readUInt32BE(), message.length - 4)
    assert.ok(message.length <= most || part.count === 1, `${message.length} bytes`)
    const reply = readReply(message.subarray(4))
    assert.ok(reply.kind === 'name' && reply.id === 7)
    assert.equal(reply.names.length, part.count)
    return reply.names
  })
  return { names: replies.flat(), counts: parts.map(({ count }) => count) }
}

const row = (name: string, more: Partial<Row> = {}): Row => ({
  name,
  kind: 'file',
  size: 5,
  modified: Date.UTC(2026, 10, 29, 12, 30),
  ...more,
})

test('names of any letters and bytes arrive, however long, with their lines and attributes', () => {
  const names = [
    'plain',
    'größe',
    '文件',
    '😀',
    decodeText(Uint8Array.of(102, 0xe9, 120)),
    'x'.repeat(30_000),
  ]
  const { names: told } = read(
    names.map((name) => row(name)),
    32_000,
  )
  assert.deepEqual(
    told.map(({ name }) => name),
    names,
  )
  for (const { name, longname } of told) assert.ok(longname.endsWith(` 5 Nov 29 12:30 ${name}`), longname)
  const most = row('large', {
    size: 2 ** 40 + 3,
    mode: 0o4755,
    owner: '17',
    group: 'staff',
    modified: new Date(1_000_000_000_999),
  })
  const [large] = read([most], 32_000).names
  assert.deepEqual(large?.attributes, {
    size: 2 ** 40 + 3,
    owner: { user: 17, group: 100_000 },
    mode: 0o104755,
    times: { accessed: 1_000_000_000, modified: 1_000_000_000 },
  })
})

test('a line says nothing of where a link leads', () => {
  const [link] = read([row('link', { kind: 'link', target: 'elsewhere' })], 32_000).names
  assert.ok(link?.longname.endsWith(' link'), link?.longname)
})

test('answers are as long as they may be and no longer, and one name that is longer goes alone', () => {
  const rows = Array.from({ length: 100 }, (_, index) => row(`file-${String(index).padStart(2, '0')}`))
  const each = listedNames(rowsOf(rows.slice(0, 1)), now, new Owners(), 1000)[0]?.bytes.length ?? 0
  assert.deepEqual(read(rows, namesHeadSize + 25 * each).counts, [25, 25, 25, 25])
  assert.deepEqual(read(rows, namesHeadSize + 25 * each - 1).counts, [24, 24, 24, 24, 4])
  const long = [row('a'), row('b'.repeat(300)), row('c')]
  assert.deepEqual(read(long, 300).counts, [1, 1, 1])
  assert.deepEqual(read([], 300).counts, [])
})
