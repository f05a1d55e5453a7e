import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expandAliases } from './aliases.ts'
import { LineError, splitLine, type Command } from './split.ts'

function expanded(line: string, aliases: Readonly<Record<string, string>>): readonly Command[] {
  return expandAliases(splitLine(line), new Map(Object.entries(aliases)))
}

function words(line: string, aliases: Readonly<Record<string, string>>): readonly string[] {
  return expanded(line, aliases).map((command) => command.words.join(' '))
}

void test('an alias gives way to what it stands for, and what was typed behind it follows', () => {
  assert.deepEqual(words('ll a b; pwd', { ll: 'ls -l' }), ['ls -l a b', 'pwd'])
  assert.deepEqual(words('up x', { up: 'cd ..; ls', ls: 'ls -l' }), ['cd ..', 'ls -l x'])
  assert.deepEqual(words('ls', { ls: 'ls -l' }), ['ls -l'])
  assert.deepEqual(words('get ll', { ll: 'ls -l' }), ['get ll'])
})

void test('what joins commands stays where it was', () => {
  const [first, second, third] = expanded('pwd && both x > file', { both: 'cd a; ls' })
  assert.deepEqual([first?.when, second?.when, third?.when], ['always', 'if-done', 'always'])
  assert.equal(second?.into, undefined)
  assert.deepEqual(third?.into, { kind: 'file', text: 'file' })
  assert.equal(expanded('ll &', { ll: 'ls -l' })[0]?.background, true)
})

void test('aliases that stand for one another end, however many there are', () => {
  assert.deepEqual(words('a', { a: 'b', b: 'a' }), ['a'])
  const chain = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${index}`, `a${index + 1}`]))
  assert.throws(() => words('a0', chain), LineError)
})
