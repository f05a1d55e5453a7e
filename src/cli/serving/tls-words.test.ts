import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseServeWords } from './serve-options.ts'
import { UsageError } from '../usage-error.ts'

const wishes = (...words: readonly string[]) => {
  const { users, anonymous } = parseServeWords(words).tls
  return [users.control, users.data, anonymous.control, anonymous.data].join(' ')
}

test('TLS is offered, and what is said of control holds for data and guests that nothing is said of', () => {
  assert.equal(wishes(), 'offered offered offered offered')
  assert.equal(wishes('--tls', 'required'), 'required required required required')
  assert.equal(wishes('--tls', 'required', '--tls-data', 'offered'), 'required offered required offered')
  assert.equal(wishes('--tls-data', 'required'), 'offered required offered required')
  assert.equal(wishes('--tls', 'required', '--tls-guests', 'off'), 'required required off off')
  assert.equal(wishes('--tls-guests-data', 'off', '--tls', 'required'), 'required required required off')
})

test('certificates of users are taken unless that is off, and may be required', () => {
  assert.equal(parseServeWords([]).tls.clientCertificates, 'taken')
  assert.equal(parseServeWords(['--client-cert', 'required']).tls.clientCertificates, 'required')
  assert.equal(parseServeWords(['--client-ca', 'x']).tls.clientAuthorities, 'x')
  assert.equal(parseServeWords(['--client-cert', 'off']).tls.clientCertificates, 'off')
})

test('words of TLS that exclude one another are a usage error', () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--tls', 'yes'], /--tls takes required, offered, off/],
    [['--tls-data', 'x'], /--tls-data takes/],
    [['--tls', 'off', '--tls-data', 'required'], /--tls-data required needs TLS/],
    [['--tls-guests', 'off', '--tls-guests-data', 'required'], /--tls-guests is off/],
    [['--client-cert', 'off', '--client-ca', 'x'], /--client-cert is off/],
    [['--client-crl', 'x'], /no --client-ca/],
    [['--key', 'x'], /without its --cert/],
  ]
  for (const [words, why] of wrong) {
    assert.throws(
      () => parseServeWords(words),
      (error: Error) => error instanceof UsageError && why.test(error.message),
    )
  }
})
