import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pinOf, type KnownCertificates, type TlsTrust } from '../core/certificate.ts'
import { systemClock } from '../core/clock.ts'
import { ftpWorld, type FtpWorld } from '../testing/ftp-world.ts'
import { testCertificate, tlsSettings } from '../testing/tls-settings.ts'
import type { Examination } from './checks/examination.ts'
import { examineFtp } from './examine-ftp.ts'
import { reportFtp } from './report-ftp.ts'
import type { Findings } from './findings.ts'
import type { Verdict } from './verdict.ts'
import { judge } from './verdicts/all.ts'

const address = '198.51.100.7'
const other = 'AB:'.repeat(31) + 'CD'

function world(): Promise<FtpWorld> {
  return ftpWorld({ address, hosts: { 'ferry.example': [address] }, settings: { tls: tlsSettings() } })
}

interface Examined {
  readonly found: Findings
  readonly verdicts: readonly Verdict[]
  readonly ids: readonly string[]
  readonly text: string
  readonly saidPassword: boolean
}

async function examine(at: FtpWorld, trust: TlsTrust, more: Partial<Examination> = {}): Promise<Examined> {
  const lines: string[] = []
  const found = await examineFtp({
    network: at.network,
    clock: systemClock,
    host: 'ferry.example',
    port: 21,
    user: 'anna',
    password: 'secret',
    security: 'explicit',
    anyCertificate: false,
    trust,
    mayWrite: false,
    patienceMs: 5000,
    idleMs: 0,
    said: (_from, line) => void lines.push(line),
    ...more,
  })
  const verdicts = judge(found)
  return {
    found,
    verdicts,
    ids: verdicts.map(({ id }) => id),
    text: reportFtp(found, verdicts),
    saidPassword: lines.some((line) => line.startsWith('PASS')),
  }
}

function knows(fingerprint: string): KnownCertificates {
  return {
    name: 'known_certificates',
    find: async (host, port) => (host === 'ferry.example' && port === 21 ? fingerprint : undefined),
    keep: () => Promise.reject(new Error('the doctor keeps nothing')),
  }
}

async function fingerprintAt(at: FtpWorld): Promise<string> {
  const { found } = await examine(at, {})
  return found.tls?.handshake?.certificate?.fingerprint ?? ''
}

test('a certificate that is pinned, or was accepted before, is trusted and said to be', async () => {
  await using at = await world()
  const fingerprint = await fingerprintAt(at)
  const pinned = await examine(at, { pins: [pinOf(fingerprint)] })
  assert.deepEqual(pinned.ids, ['healthy', 'certificate-self-signed'])
  assert.match(pinned.text, /certificate +works .*the one that is pinned/u)
  const known = await examine(at, { known: knows(fingerprint) })
  assert.deepEqual(known.ids, ['healthy', 'certificate-self-signed'])
  assert.match(known.text, /certificate +works .*accepted before/u)
  assert.match(known.text, /accepted before \(known_certificates\)/u)
  assert.ok(!known.text.includes('--pin'), 'nothing is left to accept')
})

test('an authority of --ca vouches for what it has issued', async () => {
  await using at = await world()
  const { chain } = testAuthority
  await using own = await ftpWorld({
    address,
    hosts: { 'ferry.example': [address] },
    settings: { tls: tlsSettings({}, { certificate: testAuthority }) },
  })
  const vouched = await examine(own, { authorities: chain })
  assert.deepEqual(vouched.ids, ['healthy'])
  assert.equal((await examine(at, { authorities: chain })).ids[0], 'certificate-self-signed')
})

const testAuthority = testCertificate('ferry.example')

test('who shows another certificate than before, or than the pinned one, hears no password under any scheme', async () => {
  await using at = await world()
  for (const security of ['explicit', 'clear'] as const) {
    const changed = await examine(at, { known: knows(other) }, { security, anyCertificate: true })
    assert.equal(changed.ids[0], 'certificate-changed')
    assert.equal(changed.found.tls?.login?.outcome, 'not-tried')
    assert.ok(changed.text.includes(other) && changed.text.includes('known_certificates'))
    assert.equal(changed.saidPassword, security === 'clear')
  }
  const wrong = await examine(at, { pins: [pinOf(other)] }, { anyCertificate: true })
  assert.equal(wrong.ids[0], 'certificate-not-pinned')
  assert.equal(wrong.verdicts[0]?.broken, 'tls')
  assert.ok(!wrong.saidPassword)
})

test('a server that had a certificate and offers no TLS any more is trouble, even for who would go in clear', async () => {
  await using at = await ftpWorld({ address, hosts: { 'ferry.example': [address] } })
  const gone = await examine(at, { known: knows(other) }, { security: 'clear' })
  assert.equal(gone.ids[0], 'tls-gone')
  assert.ok(!(await examine(at, {}, { security: 'clear' })).ids.includes('tls-gone'))
})

test('--tls-version is what the doctor speaks', async () => {
  await using at = await world()
  const older = await examine(at, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }, { anyCertificate: true })
  assert.match(older.verdicts[0]?.sentence ?? '', /under TLSv1\.2/u)
})
