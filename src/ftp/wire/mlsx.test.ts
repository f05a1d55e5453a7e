import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Entry } from '../../core/store.ts'
import { allFacts, formatFacts, formatFeature, parseFacts } from './mlsx.ts'

const entry: Entry = {
  name: 'own',
  kind: 'file',
  size: 5_368_709_120,
  modified: new Date('2025-01-02T03:04:05.678Z'),
  created: new Date('2024-02-29T00:00:00Z'),
  mode: 0o4644,
  owner: 'anna',
  group: 'staff',
  id: '803-1f4',
}
const all = new Set(allFacts)
const about = { perm: 'adfrw', name: 'name' }

test('a file tells all it knows, in one order, and the name behind one space', () => {
  assert.equal(
    formatFacts(entry, all, about),
    'Type=file;Size=5368709120;Modify=20250102030405;Create=20240229000000;Perm=adfrw;' +
      'Unique=803-1f4;UNIX.mode=4644;UNIX.owner=anna;UNIX.group=staff; name',
  )
})

test('what is not known is left out, and only a file has a size', () => {
  const bare: Entry = { name: 'd', kind: 'directory', size: 4096, modified: new Date(0) }
  assert.equal(formatFacts(bare, all, { perm: '', name: ' d ' }), 'Type=dir;Modify=19700101000000;Perm=;  d ')
})

test('only chosen facts are told; none leaves the name behind its space', () => {
  assert.equal(formatFacts(entry, new Set(['Size', 'Type']), about), 'Type=file;Size=5368709120; name')
  assert.equal(formatFacts(entry, new Set(), about), ' name')
})

const type = (more: Partial<Entry>, part?: 'cdir' | 'pdir'): string =>
  formatFacts({ ...entry, ...more }, new Set(['Type']), part ? { ...about, type: part } : about)

test('each kind has its type', () => {
  assert.equal(type({ kind: 'directory' }, 'cdir'), 'Type=cdir; name')
  assert.equal(type({ kind: 'directory' }, 'pdir'), 'Type=pdir; name')
  assert.equal(type({ kind: 'link', target: '/a/b c' }), 'Type=OS.unix=slink:/a/b c; name')
  assert.equal(type({ kind: 'link' }), 'Type=OS.unix=slink:; name')
  assert.equal(type({ kind: 'link', target: 'a;Perm=w' }), 'Type=OS.unix=slink:; name')
  assert.equal(type({ kind: 'other' }), 'Type=OS.unix=other; name')
})

test('no name, owner or id can end the line or invent a fact', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, text) => {
      const line = formatFacts(
        { ...entry, kind: 'link', owner: text, group: text, id: text, target: text },
        all,
        { perm: 'r', name },
      )
      assert.doesNotMatch(line, /[\r\n\0]/)
      const told = line.slice(0, line.indexOf('; ') + 1).match(/;/g) ?? []
      assert.ok(told.length <= allFacts.length)
    }),
  )
  assert.equal(
    formatFacts({ ...entry, owner: 'a;Perm=w' }, new Set(['UNIX.owner', 'Size']), about),
    'Size=5368709120; name',
  )
  assert.equal(formatFacts(entry, new Set(), { perm: '', name: 'a\r\n b' }), ' a?? b')
})

const chosen = (argument: string): string[] => [...parseFacts(argument)]

test('OPTS MLST chooses facts in any case and ignores what it does not know', () => {
  assert.deepEqual(chosen('size;TYPE;'), ['Type', 'Size'])
  assert.deepEqual(chosen('Type;x.foo;modify;unix.MODE;'), ['Type', 'Modify', 'UNIX.mode'])
  assert.deepEqual(chosen('type;size'), ['Type', 'Size'])
  assert.deepEqual(chosen(''), [])
  assert.deepEqual(chosen(';;;'), [])
})

test('FEAT marks the chosen facts', () => {
  assert.equal(
    formatFeature(parseFacts('type;size;modify;perm;')),
    'MLST Type*;Size*;Modify*;Create;Perm*;Unique;UNIX.mode;UNIX.owner;UNIX.group;',
  )
})
