import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { dataInFolder } from './data-in-folder.ts'

test('a data folder in what is shared is told, by whatever way it is named', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-inside-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const name of ['shared/data', 'shared-data', '..data'])
    await mkdir(join(folder, name), { recursive: true })
  await symlink(join(folder, 'shared'), join(folder, 'link'))
  const told = (data: string, shared: string) => dataInFolder(join(folder, data), join(folder, shared))
  for (const [data, shared] of [
    ['shared/data', 'shared'],
    ['shared/data', 'link'],
    ['link/data', 'shared'],
    ['shared', 'link'],
    ['..data', '.'],
  ] as const)
    assert.match((await told(data, shared)) ?? '', /lies in the folder that is shared/u, data)
  assert.equal(await told('shared-data', 'shared'), undefined)
  assert.equal(await told('shared', 'shared/data'), undefined)
})
