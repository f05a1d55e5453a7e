import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FileError } from '../../core/error.ts'
import { pooledCalls, type QuickCalls } from './quick-calls.ts'
import { renameToFree } from './rename.ts'

test('of many that want one name, one gets it', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'ferry-rename-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const names = Array.from({ length: 50 }, (_, index) => `file ${index}`)
  for (const name of names) writeFileSync(join(directory, name), name)
  const tries = names.map((name) =>
    renameToFree(pooledCalls, join(directory, name), join(directory, 'wanted')),
  )
  const outcomes = await Promise.allSettled(tries)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal(readdirSync(directory).length, 50)
  const winner = outcomes.findIndex(({ status }) => status === 'fulfilled')
  assert.equal(readFileSync(join(directory, 'wanted'), 'utf8'), names[winner])
})

test('a file that keeps its old name is not left with both', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'ferry-rename-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const from = join(directory, 'from')
  writeFileSync(from, 'x')
  const unlink: QuickCalls['unlink'] = (path) => {
    if (path === from) throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'unlink' })
    return pooledCalls.unlink(path)
  }
  await assert.rejects(renameToFree({ ...pooledCalls, unlink }, from, join(directory, 'to')), { code: 'EIO' })
  assert.deepEqual(readdirSync(directory), ['from'])
  await renameToFree({ ...pooledCalls, unlink: unlinkedTwice }, from, join(directory, 'to'))
  assert.deepEqual(readdirSync(directory), ['to'])
})

test('a directory does not take the place of anything', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'ferry-rename-'))
  context.after(() => rmSync(directory, { recursive: true }))
  for (const name of ['from', 'empty']) mkdirSync(join(directory, name))
  await assert.rejects(
    renameToFree(pooledCalls, join(directory, 'from'), join(directory, 'empty')),
    (error: unknown) => error instanceof FileError && error.fault === 'exists',
  )
  await renameToFree(pooledCalls, join(directory, 'from'), join(directory, 'to'))
  assert.deepEqual(readdirSync(directory), ['empty', 'to'])
})

/** As of somebody else who was quicker, or of a call to a disk of the network that was said again. */
const unlinkedTwice: QuickCalls['unlink'] = async (path) => {
  await pooledCalls.unlink(path)
  return pooledCalls.unlink(path)
}
