import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect, createSecureContext } from 'node:tls'
import { suite, test, type TestContext } from 'node:test'
import type { SecureConn, TlsBinding, TlsIdentity } from '../core/tls.ts'
import { turns } from '../testing/conforms-network/case.ts'
import { testCertificate } from '../testing/tls-settings.ts'
import { contextOf, shownTo } from './tls-contexts.ts'
import { tcpNetwork } from './tcp.ts'

const certificate = testCertificate('ferry.example')

function newBinding(): TlsBinding {
  return {
    // No other test has contexts like these.
    identity: { certificate, minVersion: 'TLSv1.3' },
    name: randomBytes(16),
    secret: randomBytes(32),
    sessions: new Map(),
  }
}

/** A connection under a binding, until it is closed: whether it was resumed, and a session for the next where it was not. */
async function come(t: TestContext, binding: TlsBinding, session?: Buffer) {
  const network = tcpNetwork()
  const met = Promise.withResolvers<SecureConn>()
  const port = await network.listen({ host: '127.0.0.1', port: 0 }, (conn) => {
    network
      .secure(conn, { side: 'server', binding, protocols: ['ftp'], timeoutMs: 10_000 })
      .then(met.resolve, met.reject)
  })
  t.after(() => port.close())
  const given = session === undefined ? {} : { session }
  const client = connect({ host: '127.0.0.1', port: port.local.port, rejectUnauthorized: false, ...given })
  const told = new Promise<Buffer>((resolve) => client.once('session', resolve))
  const closed = new Promise((resolve) => client.once('close', resolve))
  client.on('error', () => undefined).resume()
  const conn = await met.promise
  const { resumed } = conn.tls
  // Not every Node gives one to who resumes.
  const ticket = resumed ? undefined : await told
  conn.destroy()
  client.destroy()
  await closed
  await turns(20)
  return { resumed, ticket }
}

/** Two sessions, one behind the other: no ticket of the first is worth anything in the second, and their own are. */
async function oneBehindTheOther(t: TestContext): Promise<boolean> {
  const [first, second] = [newBinding(), newBinding()]
  const before = contextOf(first, 'usual')
  const { ticket } = await come(t, first)
  const after = contextOf(second, 'usual')
  const stranger = await come(t, second, ticket)
  assert.equal(stranger.resumed, false)
  assert.equal((await come(t, second, stranger.ticket)).resumed, true)
  assert.equal((await come(t, first, ticket)).resumed, true)
  assert.equal((await come(t, first, stranger.ticket)).resumed, false)
  return before === after
}

suite('the context of a session that is over', () => {
  test('is that of the next one, and opens no ticket of the first any more', async (t) => {
    assert.equal(await oneBehindTheOther(t), true)
  })

  test('is nobody’s as long as one of its connections lives', async (t) => {
    const [first, second] = [newBinding(), newBinding()]
    const network = tcpNetwork()
    const met = Promise.withResolvers<SecureConn>()
    const port = await network.listen({ host: '127.0.0.1', port: 0 }, (conn) => {
      network
        .secure(conn, { side: 'server', binding: first, protocols: ['ftp'], timeoutMs: 10_000 })
        .then(met.resolve, met.reject)
    })
    t.after(() => port.close())
    const client = connect({ host: '127.0.0.1', port: port.local.port, rejectUnauthorized: false })
    client.on('error', () => undefined)
    const conn = await met.promise
    await come(t, first)
    const taken = contextOf(first, 'usual')
    assert.notEqual(contextOf(second, 'usual'), taken)
    conn.destroy()
    client.destroy()
  })

  test('is not used again where Node gives it no other keys, and sessions are kept apart all the same', async (t) => {
    const proto: object = Object.getPrototypeOf(createSecureContext().context) as object
    const hook: unknown = Reflect.get(proto, 'enableTicketKeyCallback')
    assert.equal(typeof hook, 'function')
    Reflect.set(proto, 'enableTicketKeyCallback', undefined)
    t.after(() => Reflect.set(proto, 'enableTicketKeyCallback', hook))
    assert.equal(await oneBehindTheOther(t), false)
  })
})

test('a certificate is read once, and anew where other authorities sign the clients’ certificates', () => {
  const identity: TlsIdentity = { certificate: testCertificate('once.example') }
  const before = shownTo(identity)
  assert.equal(shownTo(identity), before)
  const signed = { ...identity, clientAuthorities: testCertificate('authority.example').chain }
  const after = shownTo(signed)
  assert.notEqual(after, before)
  assert.equal(shownTo(signed), after)
  assert.notEqual(shownTo({ ...signed, clientAuthorities: testCertificate('another.example').chain }), after)
})
