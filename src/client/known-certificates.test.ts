import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { knownCertificates } from './known-certificates.ts'

const first = Array.from({ length: 32 }, () => 'AB').join(':')
const second = first.replaceAll('B', 'C')

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'known-'))
  t.after(() => rm(made, { recursive: true }))
  return made
}

void test('what is kept is found again, by host and port, whatever the letters of the host', async (t) => {
  const list = knownCertificates(join(await folder(t), 'config', 'ferry', 'known_certificates'))
  assert.equal(await list.find('files.example', 21), undefined)
  await list.keep('Files.example', 21, first)
  await list.keep('files.example', 990, second)
  await list.keep('2001:db8::1', 21, second)
  assert.equal(await list.find('files.EXAMPLE', 21), first)
  assert.equal(await list.find('files.example', 990), second)
  assert.equal(await list.find('2001:db8::1', 21), second)
  assert.equal(await list.find('files.example', 2121), undefined)
})

void test('the file is one that a person may edit: remarks, colons, and no newline at its end', async (t) => {
  const file = join(await folder(t), 'list')
  await writeFile(file, `# mine\n\nfiles.example:21   sha256:${first}  the rack\nother:21 nonsense`)
  const list = knownCertificates(file)
  assert.equal(await list.find('files.example', 21), first)
  assert.notEqual(await list.find('other', 21), undefined)
  await list.keep('third', 21, second)
  assert.equal(await list.find('third', 21), second)
  assert.match(await readFile(file, 'utf8'), /^other:21 nonsense$/mu)
})
