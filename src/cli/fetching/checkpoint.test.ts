import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Entry } from '../../core/store.ts'
import { Checkpoint } from './checkpoint.ts'

const entry: Entry = { name: 'a', kind: 'file', size: 3, modified: new Date(0) }

void test('what a run has noted the next one knows, until all is done', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'notes-'))
  t.after(() => rm(folder, { recursive: true }))
  process.env['XDG_CACHE_HOME'] = folder
  const told: string[] = []
  const open = (): Promise<Checkpoint> => Checkpoint.open('ftp://h/a', '/b', (text) => told.push(text))
  const first = await open()
  first.note('begun', 'a', entry)
  first.note('whole', 'a', entry)
  const second = await open()
  assert.equal(second.noted('a', entry), 'whole')
  assert.equal(second.noted('a', { ...entry, size: 4 }), undefined)
  await second.forget()
  assert.equal((await open()).noted('a', entry), undefined)
  assert.deepEqual(told, [])
})

void test('notes that cannot be made are told of once, and hinder nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'notes-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'no-folder')
  await writeFile(file, '')
  process.env['XDG_CACHE_HOME'] = file
  const told: string[] = []
  const checkpoint = await Checkpoint.open('ftp://h/a', '/b', (text) => told.push(text))
  checkpoint.note('begun', 'a', entry)
  checkpoint.note('whole', 'a', entry)
  assert.equal(checkpoint.noted('a', entry), undefined)
  await checkpoint.forget()
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /cannot be noted.*(?:ENOTDIR|EEXIST)/u)
})

void test('notes that fail in the middle are told of once', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'notes-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  process.env['XDG_CACHE_HOME'] = folder
  const told: string[] = []
  const checkpoint = await Checkpoint.open('ftp://h/a', '/b', (text) => told.push(text))
  await rm(folder, { recursive: true })
  checkpoint.note('begun', 'a', entry)
  checkpoint.note('whole', 'a', entry)
  assert.equal(told.length, 1)
})
