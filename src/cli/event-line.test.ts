import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerEvent } from '../core/event.ts'
import { eventLine } from './event-line.ts'

const of = {
  session: 's1',
  protocol: 'ftp',
  peer: { address: '192.0.2.1', port: 5 },
  account: 'anna',
} as const

test('a transfer is told with its size, time and rate', () => {
  const event: ServerEvent = {
    ...of,
    kind: 'upload',
    path: '/a',
    bytes: 2_000_000,
    ms: 500,
    outcome: 'complete',
  }
  assert.equal(eventLine(event, 'normal'), 'anna@192.0.2.1 uploaded /a, 2.0 MB in 0.50 s, 4.0 MB/s')
  assert.equal(eventLine(event, 'quiet'), undefined)
})

test('a transfer that is not complete is told even when little is said', () => {
  const event: ServerEvent = {
    ...of,
    kind: 'download',
    path: '/a',
    bytes: 5,
    ms: 1,
    outcome: 'incomplete',
    reason: 'the client left',
  }
  assert.equal(
    eventLine(event, 'quiet'),
    'anna@192.0.2.1 INCOMPLETE download of /a, 5 bytes moved: the client left',
  )
})

test('a name cannot break the line or speak to the terminal', () => {
  const event: ServerEvent = { ...of, kind: 'file', deed: 'remove', path: '/a\nb\u001b[2J' }
  assert.equal(eventLine(event, 'normal'), 'anna@192.0.2.1 removed /a?b?[2J')
})

test('an IPv6 address stands in brackets', () => {
  const event: ServerEvent = {
    kind: 'turned-away',
    protocol: 'ftp',
    peer: { address: '2001:db8::1', port: 5 },
    reason: 'too many',
  }
  assert.equal(eventLine(event, 'quiet'), '[2001:db8::1] was turned away: too many')
})
