import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastWord, LineError, quoteWord, splitLine } from './split.ts'

function split(line: string): unknown[] {
  return splitLine(line).map(({ words, when, background, into }) => [
    words.join('|'),
    when,
    background ? '&' : '',
    into === undefined ? '' : `${into.kind} ${into.text}`,
  ])
}

void test('words are split as a shell does, with quotes and backslashes', () => {
  assert.deepEqual(split(String.raw`get "a b" c\ d 'e"f' "g\"h"`), [
    ['get|a b|c d|e"f|g"h', 'always', '', ''],
  ])
})

void test('; & && and || join commands', () => {
  assert.deepEqual(split('cd x && get y || ls; put z & jobs'), [
    ['cd|x', 'always', '', ''],
    ['get|y', 'if-done', '', ''],
    ['ls', 'if-failed', '', ''],
    ['put|z', 'always', '&', ''],
    ['jobs', 'always', '', ''],
  ])
})

void test('what a command prints goes to a file or a program', () => {
  assert.deepEqual(split('ls > "a b"; ls >> c; cat x | sort -u | head'), [
    ['ls', 'always', '', 'file a b'],
    ['ls', 'always', '', 'append c'],
    ['cat|x', 'always', '', 'program sort -u | head'],
  ])
})

void test('a comment ends the line, inside a word # is a letter', () => {
  assert.deepEqual(split('get a#1 # the first'), [['get|a#1', 'always', '', '']])
})

void test('a quoted pattern stays a pattern, and a marked letter is itself', () => {
  assert.deepEqual(splitLine(String.raw`get *.txt a\*b`)[0]?.words, ['get', '*.txt', String.raw`a\*b`])
})

void test('what cannot be read is said', () => {
  for (const bad of ['get "a', 'ls >', 'ls |', 'ls > > x']) assert.throws(() => splitLine(bad), LineError)
})

void test('the last word of a line is found, for completing it', () => {
  assert.deepEqual(lastWord('get "a b/c'), { words: ['get'], last: 'a b/c', at: 4, quote: '"' })
  assert.deepEqual(lastWord('cd x && get '), { words: ['get'], last: '', at: 12, quote: '' })
  assert.deepEqual(lastWord(String.raw`cat a\ b`), { words: ['cat'], last: 'a b', at: 4, quote: '' })
})

void test('a name is quoted so that it is read as itself', () => {
  for (const name of ['a b', 'a"b', "it's", String.raw`a\b`, 'x;y', 'a&b']) {
    assert.equal(splitLine(`get ${quoteWord(name)}`)[0]?.words[1], name)
    assert.equal(splitLine(`get ${quoteWord(name, '"')}"`)[0]?.words[1], name)
  }
})
