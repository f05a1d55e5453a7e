import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { compileGlob, hasGlob } from './glob.ts'

function matches(pattern: string, name: string): boolean {
  const match = compileGlob(pattern)
  assert.ok(match)
  return match(name)
}

/** Tries everything: short, plainly right and far too slow for use. */
function reference(pattern: readonly string[], name: readonly string[]): boolean {
  const [piece, ...more] = pattern
  const [character, ...rest] = name
  if (piece === undefined) return character === undefined
  if (piece === '*') return reference(more, name) || (character !== undefined && reference(pattern, rest))
  if (character === undefined) return false
  return accepts(piece, character) && reference(more, rest)
}

function accepts(piece: string, character: string): boolean {
  if (piece === '?') return true
  if (piece.length > 2 && piece.startsWith('[')) {
    const negated = piece.startsWith('[!') || piece.startsWith('[^')
    const members = piece.slice(negated ? 2 : 1, -1)
    const isIn =
      members.length === 3 && members[1] === '-'
        ? character >= members.charAt(0) && character <= members.charAt(2)
        : members.includes(character)
    return isIn !== negated
  }
  return piece.replace(/^\\/, '') === character
}

test('each sign of a pattern means what it means in a shell', () => {
  const table: [pattern: string, yes: string[], no: string[]][] = [
    ['*', ['', 'a', 'a.txt'], ['.hidden']],
    ['.*', ['.hidden', '.'], ['a']],
    ['*.txt', ['a.txt', 'a.txt.txt'], ['.txt', 'a.txt.', 'atxt']],
    ['a?c', ['abc', 'a?c', 'aöc', 'a😀c'], ['ac', 'abbc']],
    ['[a-c]x', ['ax', 'cx'], ['dx', 'x', 'a-x']],
    ['[!a-c]x', ['dx', '-x'], ['ax', '.x']],
    ['[^a-c]x', ['dx', '^x'], ['bx']],
    ['[]a]', [']', 'a'], ['[', '']],
    ['[a-]', ['a', '-'], ['b']],
    ['[-a]', ['a', '-'], ['b']],
    ['[\\]]', [']'], ['\\']],
    ['[z-a]', [], ['z', 'a', 'm']],
    ['[abc', ['[abc'], ['a']],
    ['[', ['['], ['']],
    ['a\\*', ['a*'], ['ab', 'a\\*']],
    ['\\.x', ['.x'], ['x']],
    ['a\\', ['a\\'], ['a']],
    ['[.]x', [], ['.x', 'x']],
    ['?x', ['ax'], ['.x']],
    ['', [''], ['a']],
    ['a*b*c', ['abc', 'aXbXbXc'], ['abX', 'ab']],
    ['{a,b}', ['{a,b}'], ['a', 'b']],
    ['*\udcc0', ['\udcc0', 'a\udcc0'], ['📀']],
    ['*??', ['😀a'], ['😀']],
  ]
  for (const [pattern, yes, no] of table) {
    for (const name of yes) assert.ok(matches(pattern, name), `${pattern} takes ${name}`)
    for (const name of no) assert.ok(!matches(pattern, name), `${pattern} refuses ${name}`)
  }
})

test('a random pattern agrees with a matcher that tries everything', () => {
  const piece = fc.constantFrom(
    '*',
    '?',
    'a',
    'b',
    '[ab]',
    '[!a]',
    '[^b]',
    '[a-b]',
    '\\*',
    '\\a',
    '😀',
    '\udcc0',
    '-',
  )
  const character = fc.constantFrom('a', 'b', 'c', '*', '😀', '📀', '\udcc0', '-')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), fc.array(character, { maxLength: 8 }), (pattern, name) => {
      assert.equal(matches(pattern.join(''), name.join('')), reference(pattern, name))
    }),
    { numRuns: 5000 },
  )
})

test('no text makes the compiler or the matcher throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (pattern, name) => {
      assert.equal(typeof compileGlob(pattern)?.(name), 'boolean')
    }),
  )
})

test('a pattern past 256 signs is refused', () => {
  assert.ok(compileGlob('a'.repeat(256)))
  assert.equal(compileGlob('a'.repeat(257)), undefined)
})

// An exponential matcher would not come back.
test('a pattern made to be slow is not', { timeout: 20_000 }, () => {
  const name = 'a'.repeat(4000) + 'b'
  for (const pattern of [
    '*a'.repeat(127),
    '*a?'.repeat(84) + 'c',
    '*'.repeat(255) + 'c',
    '*' + 'a'.repeat(250) + 'c',
  ]) {
    assert.ok(!matches(pattern, name))
  }
})

test('a plain name is not taken for a pattern', () => {
  for (const plain of ['a.txt', 'a]', '-l', '{a}', 'a\\b', '']) assert.ok(!hasGlob(plain), plain)
  for (const pattern of ['*', 'a?', '[a]', 'a\\*']) assert.ok(hasGlob(pattern), pattern)
})
