import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { AccountSettings } from '../accounts/settings.ts'
import { FileError } from '../core/error.ts'
import { fileText, putFile } from '../testing/store-files.ts'
import { Homes } from './homes.ts'

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-homes-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

test('who names no home sees the usual folder, and one folder is opened once', async (t) => {
  const folder = await folderFor(t)
  await writeFile(join(folder, 'a'), 'usual')
  const homes = new Homes(folder, () => undefined)
  const home = await homes.open('anna', {})
  assert.equal(await fileText(home, '/a'), 'usual')
  assert.equal(await homes.open('bert', { home: folder }), home)
  assert.deepEqual(homes.toSweep(), [home])
})

test('%u is the name of the account: its folder is made, and no name leads out', async (t) => {
  const folder = await folderFor(t)
  const homes = new Homes(undefined, () => undefined)
  const home = `${folder}/%u/files`
  await putFile(await homes.open('anna', { home }), '/a', 'x')
  await assert.rejects(homes.open('anna', { home: `${folder}/missing` }), {
    fault: 'not-found',
    message: `${folder}/missing: no such file or directory`,
  })
  await writeFile(join(folder, 'file'), '')
  await assert.rejects(homes.open('anna', { home: `${folder}/file/%u` }), {
    name: 'FileError',
    message: new RegExp(`^${folder}/file/anna: `, 'u'),
  })
  for (const name of ['..', '.', 'a/b', '../b', ''])
    await assert.rejects(homes.open(name, { home }), FileError, name)
  await assert.rejects(homes.open('anna', {}), /no home/u)
  const other = await homes.open('$&', { home })
  await putFile(other, '/b', 'y')
  await assert.rejects(fileText(other, '/a'))
})

test('a folder that was removed, or renamed, and made anew is the new one to who comes then', async (t) => {
  const folder = await folderFor(t)
  const [usual, own] = [join(folder, 'usual'), join(folder, 'own')]
  await mkdir(usual)
  const homes = new Homes(usual, () => undefined)
  const shared = { mounts: { '/usual': { from: usual } } }
  const before = await homes.open('anna', {})
  await putFile(before, '/a', 'old')
  await putFile(await homes.open('bert', { home: `${own}/%u` }), '/b', 'x')
  await rename(usual, join(folder, 'old'))
  await rm(own, { recursive: true })
  await assert.rejects(homes.open('anna', {}), FileError)
  await mkdir(usual)
  await writeFile(join(usual, 'a'), 'new')
  assert.equal(await fileText(await homes.open('anna', {}), '/a'), 'new')
  assert.equal(await fileText(await homes.open('carl', shared), '/usual/a'), 'new')
  assert.equal(await fileText(before, '/a'), 'old')
  await putFile(await homes.open('bert', { home: `${own}/%u` }), '/c', 'y')
  assert.equal(await readFile(join(own, 'bert', 'c'), 'utf8'), 'y')
})

test('a home is of several places: folders, memory, what may not be changed, and what is another’s', async (t) => {
  const folder = await folderFor(t)
  await mkdir(join(folder, 'shared'))
  await mkdir(join(folder, 'bert'))
  await writeFile(join(folder, 'shared', 's'), 'shared')
  await symlink(join(folder, 'shared'), join(folder, 'bert', 'out'))
  const all: Record<string, AccountSettings> = {
    bert: { home: join(folder, 'bert') },
    ring: { mounts: { '/': { from: 'account ring2' } } },
    ring2: { mounts: { '/': { from: 'account ring' } } },
  }
  const homes = new Homes(undefined, (name) => all[name])
  const home = await homes.open('anna', {
    mounts: {
      '/': { from: 'memory' },
      '/shared': { from: join(folder, 'shared'), readOnly: true },
      '/bert': { from: 'account bert' },
    },
  })
  await putFile(home, '/own', 'x')
  assert.equal(await fileText(home, '/shared/s'), 'shared')
  await assert.rejects(putFile(home, '/shared/s', 'changed'), /may only read/u)
  await putFile(home, '/bert/b', 'from anna')
  assert.equal(await fileText(await homes.open('bert', all['bert'] ?? {}), '/b'), 'from anna')
  await assert.rejects(fileText(home, '/bert/out/s'))
  await assert.rejects(homes.open('ring', all['ring'] ?? {}), /leads to itself/u)
  await assert.rejects(homes.open('x', { home: 'account nobody' }), /no account/u)
  // Memory is one's own, as long as the server runs.
  assert.equal(await fileText(await homes.open('anna', { home: 'memory' }), '/own'), 'x')
  await assert.rejects(fileText(await homes.open('carl', { home: 'memory' }), '/own'))
})
