import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionNow } from '../server/serve.ts'
import { textWidth } from './text-width.ts'
import { topTable } from './top-table.ts'

const first = { now: 0, sinceMs: 1000, before: new Map<string, number>() }

const idle: SessionNow = {
  id: 'a-1',
  protocol: 'ftp',
  address: '192.0.2.1',
  port: 5,
  since: 0,
  transfers: [],
}
const busy: SessionNow = {
  ...idle,
  id: 'a-2',
  account: 'anna',
  transfers: [{ path: '/in/x\u001b[2J', since: 0, bytes: 3_000_000, direction: 'upload' }],
}

test('top tells who moves what, the busiest first, and how fast since the last look', () => {
  const lines = topTable([idle, busy], {
    now: 125_000,
    sinceMs: 1000,
    before: new Map([['a-2', 1_000_000]]),
  }).split('\n')
  assert.equal(lines[0], '2 sessions, 1 transfer')
  assert.match(lines[2] ?? '', /^a-2 +ftp +anna +192\.0\.2\.1 +2 min +2\.0 MB\/s +↑ 3\.0 MB \/in\/x\?\[2J$/u)
  assert.match(lines[3] ?? '', /^a-1 +ftp +- +192\.0\.2\.1 +2 min$/u)
})

test('top names FTP in TLS, and SFTP by its name alone', () => {
  const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', resumed: false }
  const text = topTable(
    [
      { ...idle, tls },
      { ...idle, id: 'a-3', protocol: 'sftp' },
    ],
    first,
  )
  assert.match(text, /^a-1 +ftp\+tls /mu)
  assert.match(text, /^a-3 +sftp /mu)
})

test('on a terminal no line of top is longer than it, and how many are left out is told', () => {
  const path = `/${'a long name 漢字 '.repeat(20)}`
  const one = { ...busy, transfers: [{ path, since: 0, bytes: 3_000_000, direction: 'upload' as const }] }
  const sessions = Array.from({ length: 30 }, (_, number) => ({ ...one, id: `f03d2b-${number}` }))
  const lines = topTable(sessions, first, { columns: 80, rows: 24 }).split('\n')
  assert.equal(lines.length, 23)
  assert.equal(lines.at(-1), 'and 10 more')
  for (const line of lines) assert.ok(textWidth(line) <= 80, line)
  assert.match(lines[2] ?? '', /↑ 3\.0 MB \/a long name .*…$/u)
  assert.equal(topTable(sessions.slice(0, 21), first, { columns: 80, rows: 24 }).split('\n').length, 23)
  assert.equal(topTable(sessions, first).split('\n').length, 32)
})
