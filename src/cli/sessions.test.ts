import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateText, recordingText } from './sessions.ts'

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
