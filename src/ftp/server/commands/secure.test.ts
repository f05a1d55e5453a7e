import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateFor } from '../../../core/certificate-for.ts'
import type { Store } from '../../../core/store.ts'
import type { TlsIdentity } from '../../../core/tls.ts'
import { memoryStore } from '../../../stores/memory.ts'
import { readAll } from '../../../testing/ftp-talk.ts'
import { turns } from '../../../testing/conforms-network/case.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'
import { testCertificate, tlsSettings } from '../../../testing/tls-settings.ts'
import { fingerprintOf } from '../../../server/certificates.ts'

const anna = ['USER anna', 'PASS secret']

test('RFC 4217 AUTH: TLS and SSL are taken, others are 504, a second is 503, and FEAT names it', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings() } })
  const talk = await world.connect()
  assert.match(await talk.say('FEAT'), /\n ?AUTH TLS\n[\s\S]*PBSZ\n[\s\S]*PROT\n/)
  assert.match(await talk.say('AUTH GSSAPI'), /^504 /)
  await talk.secure({}, false)
  assert.match(await talk.say('AUTH TLS'), /^503 /)
  const other = await world.connect()
  assert.match(await other.say('AUTH SSL'), /^234 /)
  await other.begin()
  assert.match(await other.say('NOOP'), /^200 /)
})

test('without TLS there is no AUTH, and nothing of it in FEAT', async () => {
  await using world = await ftpWorld()
  const talk = await world.connect()
  assert.doesNotMatch(await talk.say('FEAT'), /AUTH|PBSZ|PROT/)
  assert.match(await talk.say('AUTH TLS'), /^502 /)
})

test('RFC 4217 PROT: needs AUTH, then PBSZ; P and C are taken, S and E are 536', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings() } })
  const talk = await world.connect()
  assert.match(await talk.say('PBSZ 0'), /^503 /)
  assert.match(await talk.say('PROT P'), /^503 /)
  await talk.secure({}, false)
  assert.match(await talk.say('PROT P'), /^503 /)
  assert.match(await talk.say('PBSZ x'), /^501 /)
  assert.equal(await talk.say('PBSZ 16384'), '200 PBSZ=0')
  assert.match(await talk.say('PROT S'), /^536 /)
  assert.match(await talk.say('PROT E'), /^536 /)
  assert.match(await talk.say('PROT X'), /^504 /)
  assert.match(await talk.say('PROT C'), /^200 /)
  assert.match(await talk.say('PROT P'), /^200 /)
})

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`files cross under ${maxVersion}, and each data connection resumes the session`, async () => {
    const tls = tlsSettings({}, { maxVersion })
    await using world = await ftpWorld({ settings: { tls } })
    await world.put('/a.bin', Buffer.alloc(300_000, 1))
    const talk = await world.connect()
    await talk.secure()
    for (const line of anna) await talk.say(line)
    for (let turn = 0; turn < 4; turn += 1) {
      const { data, answer } = await talk.fetch('RETR a.bin')
      assert.match(answer, /^226 /)
      assert.equal(data.length, 300_000)
      assert.equal(await talk.store('STOR b.txt', 'one ', 'two'), '226 Stored whole, 7 bytes (closed-clean).')
    }
    assert.equal(await world.text('/b.txt'), 'one two')
    assert.deepEqual(world.told('warning'), [])
  })
}

test('a file that takes minutes to open is taken all the same, as the client begins TLS at 150', async () => {
  const opened = Promise.withResolvers<void>()
  const slow = new Proxy(memoryStore(), {
    get: (store, key) => {
      if (key === 'open')
        return (...words: Parameters<Store['open']>) => opened.promise.then(() => store.open(...words))
      const value: unknown = Reflect.get(store, key)
      return typeof value === 'function' ? value.bind(store) : value
    },
  })
  await using world = await ftpWorld({ settings: { tls: tlsSettings() }, home: slow })
  const talk = await world.connect()
  await talk.secure()
  for (const line of anna) await talk.say(line)
  const stored = talk.store('STOR b.txt', 'one')
  await turns(20)
  for (let second = 0; second < 120; second += 1) await world.clock.advance(1000)
  opened.resolve()
  assert.match(await stored, /^226 /)
})

test('where resuming is required one session does for every file, up and down, in TLS 1.2', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings({ reuse: 'require' }) } })
  await world.put('/a.bin', Buffer.alloc(300_000, 1))
  const talk = await world.connect()
  await talk.secure()
  for (const line of anna) await talk.say(line)
  for (let turn = 0; turn < 4; turn += 1) {
    assert.match((await talk.fetch('RETR a.bin')).answer, /^226 /)
    assert.match(await talk.store('STOR b.txt', 'one'), /^226 /)
  }
})

test('STARTTLS injection: what comes behind AUTH in clear ends the session, in the same packet or byte by byte', async () => {
  for (const injected of ['USER eve\r\n', 'U', '\r\n', '\n', 'PASS x\r\nSTOR y\r\n']) {
    await using world = await ftpWorld({ settings: { tls: tlsSettings() } })
    const talk = await world.connect()
    await talk.send(Buffer.from(`AUTH TLS\r\n${injected}`))
    assert.match(await talk.heard(), /^421 .*AUTH/)
    assert.ok(await talk.closed())
    assert.match(world.told('closed')[0]?.reason ?? '', /behind AUTH/)
  }
})

test('STARTTLS injection: what comes behind AUTH a moment later breaks the handshake, and is no command', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings() }, chop: 'bytes' })
  const talk = await world.connect()
  await talk.send('AUTH TLS')
  await talk.send('USER eve')
  assert.ok(await talk.closed())
  await turns(20)
  assert.match(world.told('closed')[0]?.reason ?? '', /encryption could not be changed|behind AUTH/)
})

test('what was agreed in clear is forgotten at AUTH: the login, the folder, REST and RNFR', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings() } })
  await world.put('/a.txt', 'content')
  const talk = await world.login()
  await talk.say('MKD sub')
  await talk.say('CWD sub')
  await talk.say('REST 3')
  await talk.secure()
  assert.match(await talk.say('PWD'), /^530 /)
  for (const line of anna) await talk.say(line)
  assert.match(await talk.say('PWD'), /"\/"/)
  assert.match(await talk.say('RNTO b.txt'), /^503 /)
  assert.equal((await talk.fetch('RETR a.txt')).data.toString(), 'content')
})

test('where TLS is required nobody logs in without, and no file crosses in clear', async () => {
  const tls = tlsSettings({ users: { control: 'required', data: 'required' } })
  const accounts = { accounts: allAccounts }
  await using world = await ftpWorld({ settings: { tls }, ...accounts })
  const talk = await world.connect()
  assert.match(await talk.say('USER anna'), /^530 .*AUTH TLS/)
  assert.match(await talk.say('PASS secret'), /^503 /)
  assert.match(await talk.say('USER ftp'), /^331 /)
  await talk.secure({}, false)
  for (const line of anna) await talk.say(line)
  const { answer } = await talk.fetch('LIST')
  assert.match(answer, /^521 .*PROT P/)
  await talk.say('PBSZ 0')
  assert.match(await talk.say('PROT C'), /^534 /)
})

test('where TLS is off for guests and their data, they are told so', async () => {
  const tls = tlsSettings({ anonymous: { control: 'off', data: 'off' } })
  await using world = await ftpWorld({ settings: { tls }, accounts: allAccounts })
  const talk = await world.connect()
  await talk.secure()
  assert.match(await talk.say('USER anonymous'), /^534 /)
})

test('RFC 4217 CCC: is 534 unless allowed, and then goes on in clear in both directions', async () => {
  await using strict = await ftpWorld({ settings: { tls: tlsSettings() } })
  const refused = await strict.connect()
  assert.match(await refused.say('CCC'), /^533 /)
  await refused.secure()
  for (const line of anna) await refused.say(line)
  assert.match(await refused.say('CCC'), /^534 /)

  await using world = await ftpWorld({ settings: { tls: tlsSettings({ ccc: true }) } })
  await world.put('/a.txt', 'content')
  const talk = await world.connect()
  const conn = await talk.secure({ watched: true })
  assert.match(await talk.say('CCC'), /^530 /)
  for (const line of anna) await talk.say(line)
  assert.match(await talk.say('CCC'), /^200 /)
  const { session } = conn
  talk.conn = await conn.clear()
  assert.match(await talk.say('NOOP'), /^200 /)
  assert.match(await talk.say('STAT'), /in clear/)
  // Files stay encrypted, under the session that there was.
  if (talk.data !== undefined && session !== undefined) talk.data = { ...talk.data, session }
  assert.equal((await talk.fetch('RETR a.txt')).data.toString(), 'content')
})

test('STARTTLS injection: what comes behind CCC ends the session', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings({ ccc: true }) } })
  const talk = await world.connect()
  await talk.secure({ watched: true })
  for (const line of anna) await talk.say(line)
  await talk.send(Buffer.from('CCC\r\nDELE a.txt\r\n'))
  assert.match(await talk.heard(), /^421 .*CCC/)
  assert.ok(await talk.closed())
})

test('RFC 7151 HOST: chooses the certificate, and the name that TLS is asked for (SNI) before it', async () => {
  const [usual, b, c] = [
    testCertificate('ferry.example'),
    testCertificate('b.example'),
    testCertificate('*.example.org'),
  ]
  const others = [b, c].map((certificate, index) => ({
    names: [['b.example'], ['*.example.org']][index] ?? [],
    certificate,
  }))
  const shown: TlsIdentity = { certificate: usual, others }
  const identity = (host?: string): TlsIdentity => ({
    ...shown,
    certificate: certificateFor(shown, host ?? '') ?? usual,
  })
  await using world = await ftpWorld({ settings: { tls: tlsSettings({ identity }) } })
  for (const [host, sni, expected] of [
    [undefined, '192.0.2.1', usual],
    ['b.example', '192.0.2.1', b],
    ['a.example.org', '192.0.2.1', c],
    ['b.example', 'x.example.org', c],
    ['unknown.example', 'unknown.example', usual],
  ] as const) {
    const talk = await world.connect()
    if (host !== undefined) assert.match(await talk.say(`HOST ${host}`), /^220 /)
    const { tls } = await talk.secure({ host: sni }, false)
    assert.equal(tls.peer?.fingerprint, fingerprintOf(expected), `${host} ${sni}`)
  }
})

test('REIN under TLS asks for a new connection', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings() } })
  const talk = await world.connect()
  await talk.secure()
  assert.match(await talk.say('REIN'), /^502 /)
})

test('implicit FTPS: TLS begins with the connection, and data are encrypted without a word', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings(), implicitPort: 990 } })
  await world.put('/a.txt', 'content')
  const talk = await world.implicit()
  assert.match(await talk.heard(), /^220 /)
  for (const line of anna) await talk.say(line)
  assert.equal((await talk.fetch('RETR a.txt')).data.toString(), 'content')
  assert.match(await talk.say('PBSZ 0'), /^200 /)
  assert.match(await talk.say('PROT P'), /^200 /)
  assert.equal(world.told('login')[0]?.protocol, 'ftps')
})

test('a client that shows a certificate which an account knows needs no password', async () => {
  const certificate = testCertificate('anna')
  const identity = { clientCertificates: 'ask' } as const
  const tls = tlsSettings({ certificates: 'taken' }, identity)
  const fingerprint = fingerprintOf(certificate).replaceAll(':', '').toLowerCase()
  await using world = await ftpWorld({
    settings: { tls },
    accounts: (home) => [
      { name: 'anna', certificates: [fingerprint], home },
      { name: 'bob', password: 'secret', home },
    ],
  })
  const talk = await world.connect()
  await talk.secure({ certificate })
  assert.match(await talk.say('USER anna'), /^232 /)
  assert.match(await talk.say('USER bob'), /^331 /)
  assert.match(await talk.say('PASS secret'), /^230 /)
  const stranger = await world.connect()
  await stranger.secure({ certificate: testCertificate('anna') })
  assert.match(await stranger.say('USER anna'), /^331 /)
})

test('where certificates are required nobody gets as far as the password without', async () => {
  const authority = testCertificate('authority')
  const identity = { clientCertificates: 'ask', clientAuthorities: authority.chain } as const
  const tls = tlsSettings({ certificates: 'required' }, identity)
  await using world = await ftpWorld({ settings: { tls } })
  const without = await world.connect()
  await without.secure()
  assert.match(await without.say('USER anna'), /^530 .*certificate/)
  const unsigned = await world.connect()
  await unsigned.secure({ certificate: testCertificate('anna') })
  assert.match(await unsigned.say('USER anna'), /^530 .*certificate/)
  const signed = await world.connect()
  await signed.secure({ certificate: authority })
  assert.match(await signed.say('USER anna'), /^331 /)
})

test('garbage, a plain client and a stalled handshake on the implicit port are ended, and told', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings(), implicitPort: 990 } })
  const noise = [
    Buffer.from('USER anna\r\n'),
    Buffer.alloc(20_000, 0x16),
    Buffer.from([0x16, 3, 1, 0xff, 0xff, 1]),
  ]
  for (const bytes of noise) {
    const conn = await world.dial('192.0.2.50', 990)
    await conn.write(bytes)
    await readAll(conn).catch(() => undefined)
  }
  // Only who says nothing is to be late, however busy the machine is.
  const hurried = tlsSettings({ handshakeMs: 30 })
  await world.server.change({ ftp: { host: '192.0.2.1', port: 21, implicitPort: 990, tls: hurried } })
  const silent = await world.dial('192.0.2.50', 990)
  await readAll(silent).catch(() => undefined)
  await turns(20)
  assert.equal(world.told('closed').length, 4)
  for (const { reason } of world.told('closed')) assert.match(reason, /encryption could not be changed/)
  const failed = world.told('tls-failed').map(({ of, reason }) => `${of}: ${reason}`)
  assert.deepEqual(failed.slice(0, 1), ['control: what came is no TLS'])
  assert.match(failed.at(-1) ?? '', /^control: the TLS handshake took too long/)
  assert.equal(failed.length, 4)
})

function allAccounts(home: Store) {
  return [
    { name: 'anna', password: 'secret', home },
    { name: 'guest', anonymous: true as const, home },
  ]
}

test('garbage, too much of it, and silence in place of a ClientHello for data are 522 or 425, told and counted', async () => {
  await using world = await ftpWorld({ settings: { tls: tlsSettings() } })
  await world.put('/a.txt', 'content')
  const talk = await world.connect()
  await talk.secure()
  for (const line of anna) await talk.say(line)
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n'),
    Buffer.from([22, 3, 1, 0, 4, 1, 255, 255, 255]),
    Buffer.alloc(20_000, 22),
  ]) {
    const data = await talk.passive()
    assert.match(await talk.say('RETR a.txt'), /^150 /)
    await data.write(bytes)
    if (bytes.length < 10) await data.end()
    assert.match(await talk.heard(), /^522 TLS on the data connection failed: /)
    data.destroy()
  }
  assert.equal(world.told('tls-failed').length, 3)
  const silent = await talk.passive()
  assert.match(await talk.say('RETR a.txt'), /^150 /)
  await world.clock.advance(31_000)
  assert.match(await talk.heard(), /^425 /)
  silent.destroy()
})
