import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerEvent } from '../../core/event.ts'
import type { TlsEnding } from '../../core/tls.ts'
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

test('a warning names the address that it is about, if it is about one', () => {
  assert.equal(
    eventLine({ ...of, kind: 'warning', text: 'a line that is too long' }, 'quiet'),
    'warning: 192.0.2.1: a line that is too long',
  )
  assert.equal(eventLine({ kind: 'warning', text: 'the disk is full' }, 'quiet'), 'warning: the disk is full')
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

test('of TLS what is unusual is told, and the rest on request', () => {
  const upload = (ending: TlsEnding): ServerEvent => ({
    ...of,
    kind: 'tls',
    of: 'upload',
    version: 'TLSv1.3',
    cipher: 'AES',
    resumed: true,
    ending,
  })
  const text = 'ended fin-only'
  assert.match(
    eventLine(upload('fin-only'), 'normal') ?? '',
    /192\.0\.2\.1 upload in TLSv1\.3 with AES, resumed, ended fin-only/,
  )
  assert.equal(eventLine(upload('closed-clean'), 'normal'), undefined)
  assert.match(eventLine(upload('closed-clean'), 'verbose') ?? '', /ended closed-clean/)
  assert.equal(eventLine(upload('reset'), 'quiet'), undefined)
  const failed: ServerEvent = { ...of, kind: 'tls-failed', of: 'control', reason: text }
  assert.equal(eventLine(failed, 'normal'), `192.0.2.1 got no TLS for its control connection: ${text}`)
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
