import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../usage-error.ts'
import { readMode } from './read-mode.ts'

function changed(text: string, mode: number, isDirectory = false): string {
  const change = readMode(text)
  return (typeof change === 'number' ? change : change(mode, isDirectory)).toString(8)
}

void test('a mode is read as chmod reads it', () => {
  for (const [text, mode, wanted] of [
    ['644', 0o777, '644'],
    ['4755', 0o644, '4755'],
    ['u+x', 0o644, '744'],
    ['+x', 0o644, '755'],
    ['+w', 0o444, '644'],
    ['go-rwx', 0o755, '700'],
    ['a+rX', 0o600, '644'],
    ['a+rX', 0o700, '755'],
    ['u=rw,go=r', 0o777, '644'],
    ['u+s,g+s', 0o755, '6755'],
    ['o=', 0o755, '750'],
    ['a=rx', 0o6755, '555'],
  ] as const)
    assert.equal(changed(text, mode), wanted, text)
  assert.equal(changed('a+X', 0o600, true), '711')
  assert.equal(changed('u=rwx', 0o2755, true), '2755')
})

void test('what is no mode is told', () => {
  for (const text of ['', '9', '64', 'abc', 'u*x', 'u+y', 'u+x,', '+x g-w'])
    assert.throws(() => readMode(text), UsageError, text)
})
