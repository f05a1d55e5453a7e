import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rootPath } from '../core/path.ts'
import type { Entry } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { compareFiles, type Compare } from './same.ts'

const end = { store: memoryStore({ clock: new FakeClock() }), path: rootPath }
const file: Entry = { name: 'a', kind: 'file', size: 1000, modified: new Date('2026-03-03T10:11:12Z') }

function compare(source: Partial<Entry>, target: Partial<Entry>, by: Compare): Promise<string> {
  return compareFiles(end, { ...file, ...source }, end, { ...file, ...target }, by)
}

void test('files are the same by size and time, or by size alone', async () => {
  assert.equal(await compare({}, {}, 'size+mtime'), 'same')
  assert.equal(await compare({ size: 1 }, {}, 'size+mtime'), 'size')
  assert.equal(await compare({ modified: new Date(0) }, {}, 'size+mtime'), 'time')
  assert.equal(await compare({ modified: new Date(0) }, {}, 'size'), 'same')
})

void test('a size in blocks, or that nobody told, says nothing: the time alone decides, or the file is copied again', async () => {
  for (const told of [
    { size: 1024, rounded: true },
    { size: 0, rounded: true },
  ]) {
    assert.equal(await compare(told, {}, 'size+mtime'), 'same')
    assert.equal(await compare({}, told, 'size+mtime'), 'same')
    assert.equal(await compare({ ...told, modified: new Date(0) }, {}, 'size+mtime'), 'time')
    assert.equal(await compare({ ...told, size: 1000 }, {}, 'size'), 'size')
  }
})
