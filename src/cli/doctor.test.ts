import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { commonOptions } from './options.ts'
import { serveRows } from './serving/serve-rows.ts'
import { parseDoctorWords, saysWhomToTrust } from './doctor/doctor-words.ts'
import { knownCertificatesFile } from './fetching/trust-words.ts'
import { UsageError } from './usage-error.ts'

const doctor = join(import.meta.dirname, '..', 'doctor')

/** What clients of ours take, and the doctor itself. */
const taken = [
  ...Object.keys(serveRows).map((name) => `--${name}`),
  ...Object.keys(commonOptions).map((name) => `--${name}`),
  '--trust-once',
  '--from',
]

test('every option of Ferry that the doctor names is one that there is', async () => {
  const files = (await readdir(doctor, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.includes('.test.'),
  )
  const unknown: string[] = []
  for (const file of files) {
    const text = await readFile(join(doctor, file), 'utf8')
    const lines = text.matchAll(/(?:program: 'Ferry',\s*line:|'Ferry',)\s*(?:'([^']*)'|`([^`]*)`)/gu)
    for (const [, plain, template] of lines) {
      for (const [option] of (plain ?? template ?? '').matchAll(/--[a-z][a-z-]+/gu)) {
        const known = taken.includes(option)
        if (!known) unknown.push(`${file}: ${option}`)
      }
    }
  }
  assert.deepEqual(unknown, [])
})

test('URLs of each scheme are taken, and what is no place, no number or a second URL is refused', async () => {
  assert.equal((await parseDoctorWords(['files.example.com'])).scheme, 'ftp')
  assert.equal((await parseDoctorWords(['ftpes://[2001:db8::1]:2121/'])).host, '2001:db8::1')
  assert.equal((await parseDoctorWords(['tftp://boot.example/pxe/a.img'])).file, 'pxe/a.img')
  assert.equal((await parseDoctorWords(['sftp://anna:s%23t@h/', '--idle', '300'])).password, 's#t')
  for (const words of [
    [],
    ['a', 'b'],
    ['gopher://a'],
    ['file:///etc'],
    ['ftp:///x'],
    ['a', '--patience', '0'],
    ['a', '--idle', 'x'],
    ['a', '--pin', 'sha256:abc'],
    ['sftp://a', '--tls-version', '1.3'],
  ]) {
    await assert.rejects(parseDoctorWords(words), UsageError)
  }
})

test('what our client takes for a word of trust, the doctor takes too', async () => {
  const pin = `sha256:${'ab'.repeat(32)}`
  const { trust } = await parseDoctorWords(['ftp://a', '--pin', pin, '--tls-version', '1.3'])
  assert.deepEqual(trust.pins, [pin])
  assert.equal(trust.minVersion, 'TLSv1.3')
  assert.ok(saysWhomToTrust(trust))
  const silent = await parseDoctorWords(['ftp://a'])
  assert.deepEqual(silent.trust, { known: knownCertificatesFile() })
  assert.ok(!saysWhomToTrust(silent.trust))
})
