import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../core/clock.ts'
import type { Conn } from '../core/network.ts'
import { encodeText } from '../core/text.ts'
import type { FtpTls } from '../ftp/server/ftp-tls.ts'
import { memoryNetwork } from '../net/memory.ts'
import { ftpWorld, type FtpWorld } from '../testing/ftp-world.ts'
import { tlsSettings } from '../testing/tls-settings.ts'
import type { Examination } from './checks/examination.ts'
import { examineFtp } from './examine-ftp.ts'
import { reportFtp } from './report-ftp.ts'
import type { Findings } from './findings.ts'
import { judge } from './verdicts/all.ts'

const address = '198.51.100.7'

function world(more: Partial<FtpTls> = {}, identity = {}): Promise<FtpWorld> {
  return ftpWorld({
    address,
    hosts: { 'ferry.example': [address], 'other.example': [address] },
    settings: { tls: tlsSettings(more, identity), implicitPort: 990 },
  })
}

async function examine(at: FtpWorld, more: Partial<Examination> = {}): Promise<Findings> {
  return examineFtp({
    network: at.network,
    clock: systemClock,
    host: 'ferry.example',
    port: 21,
    user: 'anna',
    password: 'secret',
    security: 'explicit',
    anyCertificate: true,
    mayWrite: true,
    patienceMs: 5000,
    idleMs: 0,
    said: () => undefined,
    ...more,
  })
}

function ids(found: Findings): readonly string[] {
  return judge(found).map(({ id }) => id)
}

test('explicit TLS: each data mode, resumed sessions, their orderly end, and the versions that are offered', async () => {
  await using at = await world()
  const found = await examine(at)
  assert.deepEqual(ids(found), ['healthy', 'certificate-self-signed'])
  assert.match(judge(found)[0]?.sentence ?? '', /EPSV, PASV, PORT, EPRT under TLSv1\.3/)
  assert.equal(found.tls?.again?.listing?.tls?.resumed, true)
  assert.equal(found.tls?.again?.listing?.tls?.ending, 'closed-clean')
  assert.equal(found.tls?.withoutSession?.listing?.tls?.resumed, false)
  assert.deepEqual(
    found.tls?.old?.map(({ version, outcome }) => [version, outcome]),
    [
      ['TLS 1.0', 'rejected'],
      ['TLS 1.1', 'rejected'],
      ['TLS 1.2', 'works'],
    ],
  )
  assert.equal(found.tls?.ccc?.outcome, 'rejected')
  assert.equal(found.roundTrip?.outcome, 'works')
  assert.deepEqual(await at.names(), [])
})

test('implicit TLS is looked at as that, and a port that speaks first is told as one for explicit TLS', async () => {
  await using at = await world()
  const found = await examine(at, { security: 'implicit', port: 990 })
  assert.deepEqual(ids(found), ['healthy', 'certificate-self-signed'])
  const wrong = await examine(at, { security: 'implicit', port: 21, patienceMs: 300 })
  assert.equal(ids(wrong)[0], 'tls-comes-later')
})

test('a server that requires resumed sessions is told as that, and is no trouble for who resumes', async () => {
  await using at = await world({ reuse: 'require' })
  const found = await examine(at)
  assert.deepEqual(
    ids(found),
    ['healthy', 'certificate-self-signed', 'tls-reuse-required'].toSorted(byWeight),
  )
  assert.match(found.tls?.withoutSession?.listing?.reply ?? '', /^522/)
})

/** The order of the rules: TLS before the certificate. */
function byWeight(a: string, b: string): number {
  const order = ['healthy', 'tls-reuse-required', 'certificate-self-signed']
  return order.indexOf(a) - order.indexOf(b)
}

test('in clear and under TLS in one go, and that passwords are taken in clear', async () => {
  await using at = await world()
  const found = await examine(at, { security: 'clear', mayWrite: false })
  assert.match(judge(found)[0]?.sentence ?? '', /in clear and under TLSv1\.3/)
  assert.ok(ids(found).includes('login-in-clear'))
  assert.match(reportFtp(found, judge(found)), /TLS EPSV +works/)
})

test('a server that lets nobody in without TLS is told with the line of each client', async () => {
  await using at = await world({ users: { control: 'required', data: 'required' } })
  const found = await examine(at, { security: 'clear', mayWrite: false })
  assert.equal(ids(found)[0], 'login-needs-tls')
  assert.equal(found.tls?.epsv?.listed, true)
})

test('the password is not said to a certificate that is not to be trusted, unless one asks for it', async () => {
  await using at = await world()
  const lines: string[] = []
  const found = await examine(at, {
    anyCertificate: false,
    said: (_from, line) => void lines.push(line),
  })
  assert.equal(judge(found)[0]?.id, 'certificate-self-signed')
  assert.equal(judge(found)[0]?.broken, 'tls')
  assert.ok(!lines.some((line) => line.startsWith('PASS')), lines.join('\n'))
  assert.match(reportFtp(found, judge(found)), /not trusted/)
})

test('an expired certificate is told before its other faults, with the day', async () => {
  const { selfSigned } = await import('../server/self-signed.ts')
  const certificate = selfSigned({
    names: ['ferry.example'],
    from: new Date('2020-01-01'),
    until: new Date('2021-01-01'),
  })
  await using at = await world({}, { certificate })
  const verdict = judge(await examine(at)).find(({ id }) => id.startsWith('certificate'))
  assert.equal(verdict?.id, 'certificate-expired')
  assert.match(verdict?.sentence ?? '', /2021-01-01/)
  assert.ok(ids(await examine(at)).includes('certificate-self-signed'))
})

test('a certificate that vouches for itself under another name is told as both', async () => {
  await using at = await world()
  const found = await examine(at, { host: 'other.example', anyCertificate: false })
  assert.deepEqual(ids(found), ['certificate-self-signed', 'certificate-other-name'])
  assert.ok(judge(found).every(({ weight }) => weight === 'trouble'))
})

test('a server without TLS is trouble for who wants it, and says how to switch it on', async () => {
  await using at = await ftpWorld({ address, hosts: { 'ferry.example': [address] } })
  const [verdict] = judge(await examine(at))
  assert.equal(verdict?.id, 'tls-not-offered')
  assert.equal(verdict?.weight, 'trouble')
  assert.ok(verdict.fixes.some(({ program }) => program === 'Pure-FTPd'))
})

/** A server that takes AUTH and then speaks no TLS. */
async function agreeAndSay(conn: Conn, after: string): Promise<void> {
  await conn.write(encodeText('220 Ready.\r\n'))
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    const text = pieces.map((piece) => Buffer.from(piece).toString()).join('')
    if (text.startsWith('AUTH')) await conn.write(encodeText('234 Go on.\r\n'))
    else if (text.startsWith('FEAT')) await conn.write(encodeText('500 What?\r\n'))
    else if (after !== '') await conn.write(encodeText(after))
  }
}

test('who agrees to TLS and then says nothing, or something in clear, holds nobody up', async () => {
  for (const [after, id] of [
    ['', 'tls-hangs'],
    ['220 hello\r\n', 'tls-handshake-fails'],
  ] as const) {
    const network = memoryNetwork({ hosts: { 'ferry.example': [address] } })
    await network.listen({ host: address, port: 21 }, (conn) => {
      agreeAndSay(conn, after).catch(() => conn.destroy())
    })
    const found = await examineFtp({
      network,
      clock: systemClock,
      host: 'ferry.example',
      port: 21,
      user: 'anna',
      password: 'secret',
      security: 'explicit',
      anyCertificate: true,
      mayWrite: false,
      patienceMs: 150,
      idleMs: 0,
      said: () => undefined,
    })
    assert.equal(judge(found)[0]?.id, id)
  }
})
