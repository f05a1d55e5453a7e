import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWindowsName } from './windows-name.ts'

test('a name that would mean something else on Windows is none', () => {
  for (const name of [
    'a:stream',
    'C:',
    'a\\b',
    '..\\outside',
    'NUL',
    'nul.txt',
    'Com1',
    'COM¹.log',
    'lpt9',
    'conin$',
    'dot.',
    'space ',
    'what?',
    'a*b',
    'tab\t',
    '"',
    '<',
    '|',
  ]) {
    assert.equal(isWindowsName(name), false, name)
  }
  for (const name of [
    'file.txt',
    '.hidden',
    'null',
    'com',
    'com10',
    'console',
    'a b',
    "it's",
    'Grüße',
    '🚀',
    '-x',
  ]) {
    assert.equal(isWindowsName(name), true, name)
  }
})
