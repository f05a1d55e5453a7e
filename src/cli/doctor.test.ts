import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { helpText } from './help.ts'
import { commonOptions } from './options.ts'
import { parseDoctorWords } from './doctor-words.ts'
import { UsageError } from './usage-error.ts'

const doctor = join(import.meta.dirname, '..', 'doctor')

/** What clients of ours take, and the doctor itself. */
const others = [
  ...Object.keys(commonOptions).map((name) => `--${name}`),
  '--connections',
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
        const known = helpText.includes(`${option} `) || others.includes(option)
        if (!known) unknown.push(`${file}: ${option}`)
      }
    }
  }
  assert.deepEqual(unknown, [])
})

test('URLs of each scheme are taken, and what is no place, no number or a second URL is refused', () => {
  assert.equal(parseDoctorWords(['files.example.com']).scheme, 'ftp')
  assert.equal(parseDoctorWords(['ftpes://[2001:db8::1]:2121/']).host, '2001:db8::1')
  assert.equal(parseDoctorWords(['tftp://boot.example/pxe/a.img']).file, 'pxe/a.img')
  assert.equal(parseDoctorWords(['sftp://anna:s%23t@h/', '--idle', '300']).password, 's#t')
  for (const words of [
    [],
    ['a', 'b'],
    ['gopher://a'],
    ['file:///etc'],
    ['ftp:///x'],
    ['a', '--patience', '0'],
    ['a', '--idle', 'x'],
  ]) {
    assert.throws(() => parseDoctorWords(words), UsageError)
  }
})
