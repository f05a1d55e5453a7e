import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOf, parentOf, parsePath } from '../core/path.ts'
import { decodeText, encodeText } from '../core/text.ts'
import { isPartialName, isPartialPath, partialPath, tagOf } from './partials.ts'

const target = parsePath('/in/report.csv')

void test('a part lies beside its target and tells its name', () => {
  assert.equal(partialPath(target, 'abc'), '/in/.ferry-part-abc-report.csv')
  assert.equal(partialPath(target, 'abc', 2), '/in/.ferry-part-abc.2-report.csv')
})

void test('the tag of an account is always the same, and not that of another', () => {
  // FNV-1a, 64 bits, of "a" and of nothing, as its authors publish them.
  assert.equal(tagOf('a'), 'af63dc4c8601ec8c')
  assert.equal(tagOf(''), 'cbf29ce484222325')
  assert.notEqual(tagOf('anna'), tagOf('anne'))
})

void test('a part of a long name has a name of its own that disks take', () => {
  for (const name of ['n'.repeat(255), 'ü'.repeat(127), decodeText(new Uint8Array(255).fill(0xe9))]) {
    const long = parsePath(`/in/${name}`)
    const parts = [0, 1, 99].map((turn) => partialPath(long, tagOf('anna'), turn))
    assert.equal(new Set(parts).size, 3)
    for (const part of parts) {
      assert.ok(encodeText(nameOf(part)).length <= 255)
      assert.equal(parentOf(part), '/in')
      assert.ok(isPartialPath(part))
    }
  }
  const [one, other] = ['1', '2'].map((end) => partialPath(parsePath(`/${'n'.repeat(254)}${end}`), 'abc'))
  assert.notEqual(one, other)
})

void test('the longest name that fits is kept as it is', () => {
  const start = '.ferry-part-abc-'.length
  const fits = 'n'.repeat(255 - start)
  assert.equal(nameOf(partialPath(parsePath(`/${fits}`), 'abc')), `.ferry-part-abc-${fits}`)
  assert.match(nameOf(partialPath(parsePath(`/${fits}n`), 'abc')), /^\.ferry-part-abc~[0-9a-f]{16}$/)
})

void test('a name is a part in any case, and in any place of a path', () => {
  for (const name of ['.ferry-part-', '.ferry-part-abc-x', '.FERRY-Part-abc-x']) {
    assert.equal(isPartialName(name), true, name)
    assert.equal(isPartialPath(parsePath(`/a/${name}/b`)), true, name)
  }
  for (const name of ['', '.', 'ferry-part-x', '.ferry', 'x.ferry-part-x', '..ferry-part-']) {
    assert.equal(isPartialName(name), false, name)
  }
  assert.equal(isPartialPath(parsePath('/a/.ferry/x.ferry-part-b')), false)
})
