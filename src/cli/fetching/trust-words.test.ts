import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { selfSigned } from '../../server/self-signed.ts'
import { trustWords } from './trust-words.ts'
import { UsageError } from '../usage-error.ts'

const nothing = {
  pin: [],
  ca: undefined,
  crl: undefined,
  cert: undefined,
  key: undefined,
  'tls-version': undefined,
}

void test('without a word only the list of accepted certificates is known', async () => {
  const { known, ...rest } = await trustWords(nothing)
  assert.ok(typeof known === 'string')
  assert.match(known, /ferry[/\\]known_certificates$/u)
  assert.deepEqual(rest, {})
})

void test('files are read, and one may hold certificate and key', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'words-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'both.pem')
  const other = join(folder, 'other.pem')
  const text = both()
  await writeFile(file, text)
  await writeFile(other, both())
  const read = await trustWords({ ...nothing, ca: file, cert: file, 'tls-version': '1.2' })
  assert.equal(read.authorities, text)
  assert.deepEqual(read.certificate, { chain: text, key: text })
  assert.equal(read.minVersion, 'TLSv1.2')
  assert.equal(read.maxVersion, 'TLSv1.2')
  await assert.rejects(trustWords({ ...nothing, cert: file, key: other }), /not the key/u)
  await assert.rejects(trustWords({ ...nothing, ca: file, crl: file }), /no x509 crl/u)
  await writeFile(file, 'DER')
  await assert.rejects(trustWords({ ...nothing, ca: file }), UsageError)
})

function both(): string {
  const { chain, key } = selfSigned({
    names: ['anna'],
    from: new Date('2020-01-01'),
    until: new Date('2049-01-01'),
  })
  return chain + key
}

for (const [what, said] of Object.entries({
  'a pin that is none': { pin: ['sha256:abc'] },
  'a key without its certificate': { key: 'x' },
  'a list of revoked ones without their authority': { crl: 'x' },
  'a file that is not there': { ca: '/nonexistent/ca.pem' },
  'a version that is none': { 'tls-version': '1.1' },
})) {
  void test(`${what} is a wrong word`, async () => {
    await assert.rejects(trustWords({ ...nothing, ...said }), UsageError)
  })
}
