import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { configCommand } from './config.ts'

async function checking(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-check-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'ferry.yaml')
  const said: string[] = []
  const keep = (text: string): boolean => said.push(text) > 0
  t.mock.method(process.stdout, 'write', keep)
  t.mock.method(process.stderr, 'write', keep)
  return async (text: string) => {
    await writeFile(file, text)
    said.length = 0
    const status = await configCommand(['check', '--config', file])
    return `${status} ${said.join('').replaceAll(`${folder}/`, '')}`
  }
}

test('config check names the line of what ferry serve would not take', async (t) => {
  const check = await checking(t)
  assert.equal(await check('folder: /srv\nftp: 21\n'), '0 ferry.yaml is right.\n')
  assert.match(await check('folder: /srv\nftp: 99999\n'), /^2 ferry\.yaml:2:1: ftp takes /u)
  assert.match(await check('ftp: 21\n\npassive: 50000-40000\n'), /^2 ferry\.yaml:3:1: passive takes /u)
  assert.match(await check('ftp: 21\nuser:\n  - anna\n'), /^2 ferry\.yaml:2:1: user takes /u)
  assert.match(await check('write: true\nreadOnly: true\n'), /^2 ferry\.yaml: --write and /u)
})
