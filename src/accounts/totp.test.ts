import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeAt, formatSecret, parseSecret, stepOfCode } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

test('RFC 6238 appendix B: the codes of the standard, by their last six digits', () => {
  const golden: readonly [seconds: number, code: string][] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ]
  for (const [seconds, code] of golden) {
    assert.equal(codeAt(secret, seconds * 1000), code)
    assert.equal(stepOfCode(secret, code, seconds * 1000), Math.floor(seconds / 30))
  }
})

test('a code is taken one step early or late, and no more', () => {
  const now = 1_234_567_890_000
  const step = Math.floor(now / 30_000)
  const code = codeAt(secret, now)
  assert.equal(stepOfCode(secret, code, now + 30_000), step)
  assert.equal(stepOfCode(secret, code, now - 30_000), step)
  assert.equal(stepOfCode(secret, code, now + 60_000), undefined)
  assert.equal(stepOfCode(secret, code, now - 60_000), undefined)
})

test('what is no code is no code', () => {
  for (const code of ['', '12345', '1234567', '28708２', ' 287082', '287082\n', 'abcdef', '-87082'])
    assert.equal(stepOfCode(secret, code, 59_000), undefined, code)
})

test('secrets are read as apps print them, and come back the same', () => {
  assert.equal(formatSecret(secret), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  for (const text of [
    'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    'gezd gnbv gy3t qojq gezd gnbv gy3t qojq',
    'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====',
  ])
    assert.deepEqual(Buffer.from(parseSecret(text) ?? []), secret)
  for (const text of ['', 'GEZDGNBV', 'GEZDGNBVGY3TQOJ1GEZDGNBVGY3TQOJQ', 'A'.repeat(129)])
    assert.equal(parseSecret(text), undefined)
})
