import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { dataFolder, usualDataFolder } from './data-folder.ts'

test('what is kept is made once, also when two ask at once, and nobody else may read it', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'ferry-data-'))
  t.after(() => rm(home, { recursive: true }))
  const folder = await dataFolder(join(home, 'a', 'b'))
  let made = 0
  const make = async (): Promise<Uint8Array> => Uint8Array.of((made += 1))
  const [first, second] = await Promise.all([folder.keep('key', make), folder.keep('key', make)])
  assert.deepEqual([...first], [...second])
  assert.deepEqual([...(await folder.keep('key', make))], [...first])
  assert.deepEqual(await readdir(folder.path), ['key'])
  assert.equal((await stat(folder.file('key'))).mode & 0o777, 0o600)
  assert.equal((await stat(folder.path)).mode & 0o777, 0o700)
})

test('new content takes the place of the old in one step', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'ferry-data-'))
  t.after(() => rm(home, { recursive: true }))
  const folder = await dataFolder(home)
  await folder.replace('key', Uint8Array.of(1))
  await folder.replace('key', Uint8Array.of(2))
  assert.deepEqual([...(await folder.keep('key', async () => Uint8Array.of(3)))], [2])
})

test('a folder is known also when nobody names one', () => {
  assert.match(usualDataFolder(), /ferry$/u)
})
