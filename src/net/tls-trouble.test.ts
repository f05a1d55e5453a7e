import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect as connectSocket, type Socket } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { suite, test, type TestContext } from 'node:test'
import type { SecureConn, TlsLimits } from '../core/tls.ts'
import { testCertificate } from '../testing/tls-settings.ts'
import { tcpNetwork } from './tcp.ts'
import { tlsError } from './tls-error.ts'

const certificate = testCertificate('ferry.example')

/** What became of a handshake on the server's side. */
interface Met {
  readonly conn: Promise<SecureConn>
  readonly client: TLSSocket
  /** What is under the client's TLS. */
  readonly raw: Socket
}

async function meet(
  t: TestContext,
  how: ConnectionOptions,
  { watched = false, ...limits }: TlsLimits & { watched?: boolean } = {},
): Promise<Met> {
  const network = tcpNetwork()
  const met = Promise.withResolvers<SecureConn>()
  met.promise.catch(() => undefined)
  const port = await network.listen({ host: '127.0.0.1', port: 0 }, (conn) => {
    const binding = {
      identity: { certificate, ...limits },
      name: randomBytes(16),
      secret: randomBytes(32),
      sessions: new Map(),
    }
    network
      .secure(conn, { side: 'server', binding, protocols: ['ftp'], timeoutMs: 2000, watched })
      .then(met.resolve, met.reject)
  })
  t.after(() => port.close())
  const raw = connectSocket(port.local.port, '127.0.0.1')
  const client = connect({ socket: raw, rejectUnauthorized: false, ...how })
  client.on('error', () => undefined)
  t.after(() => client.destroy())
  return { conn: met.promise, client, raw }
}

test('alerts are told alike, whichever name OpenSSL has for them', () => {
  for (const [code, words, wanted] of [
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /demands a certificate of ours/u, true],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', /nothing in common/u, undefined],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', /nothing in common/u, undefined],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not know who signed/u, undefined],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', /does not take the certificate/u, undefined],
    ['ERR_SSL_DH_KEY_TOO_SMALL', /key exchange of the peer is too weak/u, undefined],
    ['ERR_SSL_SOMETHING_NEW', /TLS failed: something new/u, undefined],
  ] as const) {
    const { message, facts } = tlsError(Object.assign(new Error('x'), { code }))
    assert.match(message, words)
    assert.equal(facts.wantsCertificate, wanted)
  }
})

suite('TLS that comes to nothing is said in words', () => {
  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    test(`a client that knows ${version} and nothing newer`, async (t) => {
      const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }
      const { conn } = await meet(t, old)
      await assert.rejects(conn, /no version of TLS in common/)
    })
  }

  test('a client of TLS 1.2 where 1.3 is the least', async (t) => {
    const { conn } = await meet(t, { maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' })
    await assert.rejects(conn, /no version of TLS in common/)
  })

  test('no cipher in common', async (t) => {
    const client = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' } as const
    const { conn } = await meet(t, client, { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })
    await assert.rejects(conn, /no cipher in common/)
  })

  test('another protocol (ALPN), as in ALPACA', async (t) => {
    const { conn } = await meet(t, { ALPNProtocols: ['http/1.1'] })
    await assert.rejects(conn, /another protocol than FTP/)
  })

  test('a client that asks for a new handshake in TLS 1.2 is refused that', async (t) => {
    const { conn, client } = await meet(t, { maxVersion: 'TLSv1.2', ALPNProtocols: ['ftp'] })
    await new Promise((resolve) => client.once('secureConnect', resolve))
    const server = await conn
    const refused = await new Promise<Error | null>((resolve) => {
      client.once('error', resolve)
      client.renegotiate({}, resolve)
      void server.read().catch(() => undefined)
    })
    assert.match(refused?.message ?? '', /no renegotiation/i)
    server.destroy()
  })

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
    for (const watched of [false, true])
      test(`${maxVersion}${watched ? ', watched' : ''}: what is damaged behind the handshake ends the reading at once`, async (t) => {
        const { conn, client, raw } = await meet(t, { maxVersion }, { watched })
        const server = await conn
        client.write('whole')
        assert.deepEqual(await server.read(), [Buffer.from('whole')])
        const record = Buffer.concat([Buffer.from([23, 3, 3, 0, 40]), randomBytes(40)])
        raw.write(record)
        await assert.rejects(server.read(), /damaged or forged/)
      })
})
