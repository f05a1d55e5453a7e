import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { authorizedKeys } from './authorized-keys.ts'
import { UsageError } from '../usage-error.ts'

const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBXcyNbVsvbNhCbS+NUMgwCNbMlmhbTGPtQtnVJ4bBZx'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferry-keys-'))
})
after(() => rm(folder, { recursive: true, force: true }))

test('each user has the keys of the files that are named for all, and of their own', async () => {
  await writeFile(join(folder, 'all'), `${line}\n`)
  await writeFile(join(folder, 'anna'), `${line}\n${line}\n`)
  assert.equal((await authorizedKeys([join(folder, 'all'), join(folder, '%u')], 'anna')).length, 3)
  assert.deepEqual(await authorizedKeys([], 'anna'), [])
})

test('a file that is missing, empty or restricts what is not kept stops the start and is named', async () => {
  await writeFile(join(folder, 'empty'), '# nobody\n')
  await writeFile(join(folder, 'strict'), `from="10.0.0.1" ${line}\n`)
  for (const [name, why] of [
    ['nothing', /nothing cannot be read/],
    ['empty', /empty holds no public key/],
    ['strict', /strict, line 1: the option from/],
  ] as const) {
    await assert.rejects(
      authorizedKeys([join(folder, name)], 'anna'),
      (thrown: unknown) => thrown instanceof UsageError && why.test(thrown.message),
    )
  }
})
