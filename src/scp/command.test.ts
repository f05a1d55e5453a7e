import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseScpCommand } from './command.ts'

test('the commands of scp are cut into words as a shell cuts them', () => {
  for (const [command, way, paths] of [
    ['scp -t /a', 'receive', ['/a']],
    ['scp -v -r -p -d -t -- -odd', 'receive', ['-odd']],
    ['scp -pf a b', 'send', ['a', 'b']],
    [String.raw`scp -f "a b" 'c"d' e\ f g"h"'i'`, 'send', ['a b', 'c"d', 'e f', 'ghi']],
    [String.raw`scp -f "a\"b\$c\x"`, 'send', [String.raw`a"b$c\x`]],
    ['scp -f *.txt', 'send', ['*.txt']],
    ['scp -t ~/a', 'receive', ['//a']],
    ['scp -t ""', 'receive', ['']],
    ['scp -t .', 'receive', ['.']],
  ] as const) {
    const found = parseScpCommand(command)
    assert.equal(found?.way, way, command)
    assert.deepEqual(found?.paths, paths, command)
  }
})

test('what is no scp, or would need a shell, is nothing', () => {
  for (const command of [
    'id',
    'scp',
    'scp -t',
    'scp a b',
    'scp -t -f a',
    'scp -t a b',
    'scp -S /bin/sh -t a',
    'scp -t a; id',
    'scp -t $(id)',
    'scp -t `id`',
    'scp -t a | cat',
    'scp -t a > b',
    'scp -t "a',
    "scp -t 'a",
    'scp -t "$HOME"',
    'scp -t a & b',
    'sh -c "scp -t a"',
    `scp -f ${'a '.repeat(300)}`,
    `scp -f ${'a'.repeat(20_000)}`,
  ]) {
    assert.equal(parseScpCommand(command), undefined, command)
  }
})

test('fuzz: no text makes it throw, or gives a path with what a shell would act on unquoted', () => {
  const words = fc.constantFrom(
    'scp',
    ' ',
    '-t',
    '-f',
    '-r',
    '"',
    "'",
    '\\',
    '$',
    ';',
    'a',
    '|',
    '\n',
    '*',
    '`',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 20 }), (parts) => {
      const text = `scp -t ${parts.join('')}`
      const found = parseScpCommand(text)
      if (found !== undefined && !/["'\\]/u.test(text)) assert.doesNotMatch(found.paths.join(' '), /[;|$`]/u)
    }),
    { seed: 5, numRuns: 20_000 },
  )
})
