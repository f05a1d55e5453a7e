import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionNow } from '../server/serve.ts'
import { certificateText, recordingText, topText } from './sessions.ts'

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
  const lines = topText([idle, busy], new Map([['a-2', 1_000_000]]), 1000, 125_000).split('\n')
  assert.equal(lines[0], '2 sessions, 1 transfer')
  assert.match(lines[2] ?? '', /^a-2 +ftp +anna +192\.0\.2\.1 +2 min +2\.0 MB\/s +↑ \/in\/x\?\[2J 3\.0 MB$/u)
  assert.match(lines[3] ?? '', /^a-1 +ftp +- +192\.0\.2\.1 +2 min$/u)
})

test('top names FTP in TLS, and SFTP by its name alone', () => {
  const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', resumed: false }
  const text = topText(
    [
      { ...idle, tls },
      { ...idle, id: 'a-3', protocol: 'sftp' },
    ],
    new Map(),
    1000,
    0,
  )
  assert.match(text, /^a-1 +ftp\+tls /mu)
  assert.match(text, /^a-3 +sftp /mu)
})

test('a recording is read from the top, with times, rules, and nothing that speaks to the terminal', () => {
  const who = { session: 'a-2', protocol: 'ftp', peer: { address: '192.0.2.1', port: 5 } } as const
  const text = recordingText({
    session: 'a-2',
    began: 0,
    lost: 3,
    events: [
      { ms: 0, event: { kind: 'connected', ...who } },
      { ms: 12, event: { kind: 'said', ...who, from: 'client', line: 'PASS ****\u0007' } },
      {
        ms: 1500,
        event: {
          kind: 'login-failed',
          ...who,
          user: 'x',
          reason: 'the user is not known',
          rule: 'unknown user',
        },
      },
    ],
  })
  assert.deepEqual(text.split('\n'), [
    'session a-2, begun 1970-01-01T00:00:00.000Z',
    '    0.000 * 192.0.2.1 connected',
    '    0.012 > PASS ****?',
    '    1.500 * 192.0.2.1 was not let in as "x": the user is not known [rule: unknown user]',
    '3 lines in the middle were not kept',
  ])
})

test('status says until when a certificate holds, and that one has expired', () => {
  const shown = { subject: 'CN=ferry.example\u0007', expires: Date.UTC(2026, 11, 24, 12), fingerprint: 'AB' }
  const now = Date.UTC(2026, 10, 24, 12)
  assert.equal(certificateText(shown, now), 'certificate of CN=ferry.example?: until 2026-12-24, 30 d')
  assert.match(certificateText(shown, shown.expires + 1), /HAS EXPIRED on 2026-12-24/)
})
