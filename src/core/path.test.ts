import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { FileError } from './error.ts'
import {
  isWithin,
  joinPath,
  longestPath,
  nameOf,
  parentOf,
  parsePath,
  partsOf,
  pathBelow,
  resolvePath,
  rootPath,
} from './path.ts'

const invalid = (error: unknown): boolean => error instanceof FileError && error.fault === 'invalid'

/** Paths as an attacker would type them. */
const typed = fc
  .array(
    fc.constantFrom(
      '/',
      '//',
      '.',
      '..',
      '...',
      'a',
      'b c',
      '-x',
      '..a',
      'a..',
      '\\',
      '😀',
      '\udce9',
      '~',
      '\r',
    ),
  )
  .map((parts) => parts.join(''))

test('a path is absolute and has no dots, no empty part', () => {
  const table: [string, string][] = [
    ['', '/'],
    ['/', '/'],
    ['///', '/'],
    ['a', '/a'],
    ['/a/b/', '/a/b'],
    ['/a//b', '/a/b'],
    ['/./a/./', '/a'],
    ['/a/../b', '/b'],
    ['/..', '/'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['/a/../../..', '/'],
    ['/...', '/...'],
    ['/..a/a..', '/..a/a..'],
    ['/ a /-b', '/ a /-b'],
    ['/a\\..\\b', '/a\\..\\b'],
  ]
  for (const [text, path] of table) assert.equal(parsePath(text), path, text)
})

test('a path is read from where one stands', () => {
  const from = parsePath('/home/anna')
  assert.equal(resolvePath(from, 'x'), '/home/anna/x')
  assert.equal(resolvePath(from, ''), '/home/anna')
  assert.equal(resolvePath(from, '..'), '/home')
  assert.equal(resolvePath(from, '../../../..'), '/')
  assert.equal(resolvePath(from, '/x'), '/x')
})

test('NUL and too long a path are refused', () => {
  assert.throws(() => parsePath('/a\0b'), invalid)
  assert.throws(() => parsePath('a'.repeat(longestPath + 1)), invalid)
  assert.equal(parsePath(`/${'a'.repeat(longestPath - 1)}`).length, longestPath)
  assert.throws(() => resolvePath(parsePath('/home'), 'a'.repeat(longestPath - 4)), invalid)
})

test('whatever is typed, the path stays below the root and is read again as itself', () => {
  fc.assert(
    fc.property(typed, typed, (start, text) => {
      const path = resolvePath(parsePath(start), text)
      assert.ok(path.startsWith('/'))
      const parts = partsOf(path)
      assert.ok(parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('/')))
      assert.equal(parsePath(path), path)
      assert.equal(`/${parts.join('/')}`, path)
    }),
    { numRuns: 2000 },
  )
})

test('one name on the disk is one path, however its bytes were put together', () => {
  assert.equal(parsePath('/\udcc3\udca9'), '/é')
  assert.equal(parsePath('/\udce9'), '/\udce9')
  assert.equal(parsePath('/\ud800'), '/\ufffd')
})

test('a path is its parent and its name', () => {
  fc.assert(
    fc.property(typed, (text) => {
      const path = parsePath(text)
      if (path === rootPath) return
      assert.equal(joinPath(parentOf(path), nameOf(path)), path)
      assert.ok(isWithin(path, parentOf(path)))
      assert.ok(!isWithin(parentOf(path), path))
    }),
  )
  assert.equal(parentOf(rootPath), '/')
  assert.equal(nameOf(rootPath), '')
})

test('only one part is a name', () => {
  for (const name of ['', '.', '..', 'a/b', '/', 'a\0', '/a'])
    assert.throws(() => joinPath(rootPath, name), invalid, name)
  assert.equal(joinPath(rootPath, '...'), '/...')
  assert.equal(joinPath(parsePath('/a'), ' '), '/a/ ')
})

test('within compares parts, not beginnings of names', () => {
  const home = parsePath('/home/anna')
  assert.ok(isWithin(home, home))
  assert.ok(isWithin(parsePath('/home/anna/x'), home))
  assert.ok(isWithin(home, rootPath))
  assert.ok(!isWithin(parsePath('/home/annabel'), home))
  assert.ok(!isWithin(parsePath('/home'), home))
  assert.ok(!isWithin(rootPath, home))
})

test('a place seen from a directory that holds it, and back', () => {
  fc.assert(
    fc.property(typed, typed, (start, text) => {
      const directory = parsePath(start)
      const path = parsePath(`${directory}/${parsePath(text)}`)
      assert.ok(isWithin(path, directory))
      assert.equal(pathBelow(path, directory), parsePath(text))
    }),
  )
})
