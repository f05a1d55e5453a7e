import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { FakeClock } from '../testing/fake-clock.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { testCertificate } from '../testing/tls-settings.ts'
import { Certificates, fingerprintOf } from './certificates.ts'
import { keptCertificate } from './kept-certificate.ts'
import { selfSigned } from './self-signed.ts'

const dayMs = 24 * 3_600_000

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ferry-certificate-'))
  t.after(() => rm(path, { recursive: true }))
  return path
}

async function files(path: string, name: string, certificate = testCertificate(name)) {
  const written = { chain: join(path, `${name}.crt`), key: join(path, `${name}.key`) }
  await writeFile(written.chain, certificate.chain)
  await writeFile(written.key, certificate.key)
  return written
}

test('a certificate of our own is valid X.509 for its names, and is made once', async (t) => {
  const certificate = new X509Certificate(testCertificate('ferry.example', '192.0.2.1', '2001:db8::1').chain)
  assert.equal(certificate.checkHost('ferry.example'), 'ferry.example')
  assert.equal(certificate.checkIP('192.0.2.1'), '192.0.2.1')
  assert.equal(certificate.checkIP('2001:db8::1'), '2001:db8::1')
  assert.ok(certificate.verify(certificate.publicKey))
  const clock = new FakeClock()
  const path = await folder(t)
  const first = await readFile(await keptCertificate(path, clock))
  assert.deepEqual(await readFile(await keptCertificate(path, clock)), first)
  await clock.advance(3660 * dayMs)
  const second = await readFile(await keptCertificate(path, clock))
  assert.notDeepEqual(second, first)
  // The clock was years ahead when it was made.
  assert.notDeepEqual(await readFile(await keptCertificate(path, new FakeClock())), second)
})

test('dates before and behind 2050 are written as RFC 5280 wants them', () => {
  const from = new Date('2049-12-31T23:59:58Z')
  const until = new Date('2050-01-01T00:00:01Z')
  const { validFrom, validTo } = new X509Certificate(selfSigned({ names: ['a'], from, until }).chain)
  assert.deepEqual([new Date(validFrom), new Date(validTo)], [from, until])
})

test('new files are taken without a restart, and half a pair is not', async (t) => {
  const path = await folder(t)
  const clock = new FakeClock()
  const events = recordedEvents()
  const certificates = await Certificates.open({ files: [await files(path, 'a')], clock, events })
  t.after(() => certificates.close())
  const first = fingerprintOf(certificates.identity.certificate)
  const fresh = testCertificate('a')
  await writeFile(join(path, 'a.crt'), fresh.chain)
  assert.match((await certificates.look()).join(), /not taken.*does not belong/)
  assert.equal(fingerprintOf(certificates.identity.certificate), first)
  assert.deepEqual(events.of('warning'), [])
  // Where nobody asked, it is told.
  await clock.advance(10_000)
  while (events.of('warning').length === 0) await new Promise((resolve) => setImmediate(resolve))
  assert.match(events.of('warning')[0]?.text ?? '', /not taken.*does not belong/)
  await writeFile(join(path, 'a.key'), fresh.key)
  assert.deepEqual(await certificates.look(), [])
  assert.equal(certificates.identity.certificate.chain, fresh.chain)
  assert.match(events.of('warning')[1]?.text ?? '', /new certificate.*[0-9A-F:]{95}/)
})

test('a key that is too short for OpenSSL is told at the start, and not at each handshake', async (t) => {
  const path = await folder(t)
  const words = 'req -x509 -newkey rsa:1024 -nodes -subj /CN=a -keyout weak.key -out weak.crt'
  const made = spawnSync('openssl', words.split(' '), { cwd: path })
  if (made.status !== 0) return t.skip('there is no openssl')
  const weak = { chain: join(path, 'weak.crt'), key: join(path, 'weak.key') }
  await assert.rejects(
    Certificates.open({ files: [weak], clock: new FakeClock(), events: recordedEvents() }),
    /weak\.key has 1024 bits/u,
  )
})

test('further certificates are for the names that stand in them', async (t) => {
  const path = await folder(t)
  const clock = new FakeClock()
  const events = recordedEvents()
  const pairs = [await files(path, 'a'), await files(path, 'b')]
  const certificates = await Certificates.open({ files: pairs, clock, events })
  t.after(() => certificates.close())
  assert.deepEqual(
    certificates.identity.others?.map(({ names }) => names),
    [['b']],
  )
})

test('that a certificate expires soon is told, once a day', async (t) => {
  const path = await folder(t)
  const clock = new FakeClock()
  const events = recordedEvents()
  const until = new Date(clock.now() + 25 * dayMs)
  const short = selfSigned({ names: ['a'], from: new Date(clock.now() - 60 * dayMs), until })
  const certificates = await Certificates.open({ files: [await files(path, 'a', short)], clock, events })
  t.after(() => certificates.close())
  assert.deepEqual(events.of('warning'), [])
  for (let day = 0; day < 5; day += 1) {
    await clock.advance(dayMs)
    await certificates.look()
    await certificates.look()
  }
  assert.equal(events.of('warning').length, 2)
  assert.match(events.of('warning')[0]?.text ?? '', /CN=a expires in 2[01] days/)
})
