import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClientHello, TlsBinding } from '../../core/tls.ts'
import { testCertificate } from '../../testing/tls-settings.ts'
import { place, type Awaited, type Shown } from './place.ts'

const identity = { certificate: testCertificate('ferry.example') }

function binding(byte: number): TlsBinding {
  return { identity, name: Buffer.alloc(16, byte), secret: Buffer.alloc(32, byte), sessions: new Map() }
}

function secure(address: string, byte: number, reuse: 'require' | 'prefer' | 'address' = 'prefer'): Awaited {
  return { address, proof: { binding: binding(byte), reuse } }
}

const clear = (address: string): Awaited => ({ address, proof: undefined })

function hello(...bytes: readonly number[]): Shown {
  const ticketKeys = bytes.map((byte) => Buffer.alloc(16, byte).toString('hex'))
  const shown: ClientHello = { resumes: ticketKeys.length > 0, takesOlder: true, ticketKeys, sessionId: '' }
  return { kind: 'hello', hello: shown, session: bytes.includes(99) ? { whose: 'anna' } : undefined }
}

const [here, there] = ['192.0.2.1', '198.51.100.1']

function placed(address: string, shown: Shown, awaited: readonly Awaited[], patient = false) {
  const placement = place({ address, shown, patient }, awaited)
  return placement.kind === 'give' ? awaited.indexOf(placement.to) : placement.kind
}

test('a session that is shown says whose a connection is, wherever it comes from', () => {
  const awaited = [secure(here, 1), secure(here, 2), clear(there), secure(there, 3)]
  assert.equal(placed(here, hello(2), awaited), 1)
  assert.equal(placed(there, hello(2), awaited), 1)
  assert.equal(placed('203.0.113.1', hello(7, 3), awaited), 3)
})

test('data-connection theft: who shows the session of another control connection gets nothing', () => {
  assert.equal(placed(here, hello(99), [secure(here, 1)]), 'refuse')
  assert.equal(placed(here, hello(99), [secure(here, 1, 'require'), clear(here)]), 'refuse')
})

test('where the address alone counts, another session of the same login will do for a lone transfer', () => {
  const of = (whose: string | undefined): Awaited => ({
    address: here,
    proof: { binding: binding(1), reuse: 'address', whose },
  })
  assert.equal(placed(here, hello(99), [of('anna')]), 0)
  assert.equal(placed(here, hello(99), [of('bert')]), 'refuse')
  assert.equal(placed(here, hello(99), [of(undefined)]), 'refuse')
  assert.equal(placed(there, hello(99), [of('anna')]), 'refuse')
  assert.equal(placed(here, hello(99), [of('anna'), of('anna')]), 'refuse')
})

test('where the address alone counts, it must be right as well', () => {
  const awaited = [secure(here, 1, 'address'), secure(here, 2, 'address')]
  assert.equal(placed(here, hello(2), awaited), 1)
  assert.equal(placed(there, hello(2), awaited), 'refuse')
})

test('who resumes nothing belongs to the only one of its address, and to nobody where there are several', () => {
  assert.equal(placed(here, hello(), [secure(there, 1), secure(here, 2)]), 1)
  assert.equal(placed(here, hello(), [secure(here, 1), secure(here, 2)]), 'unclear')
  assert.equal(placed(here, hello(), [secure(here, 1, 'require'), secure(here, 2)]), 1)
  assert.equal(placed(here, hello(), [secure(there, 1), clear(here)]), 'refuse')
  // It is told what is wrong.
  assert.equal(placed(here, hello(), [secure(here, 1, 'require')]), 0)
})

test('in clear a connection is given at once where none in TLS could be meant, and else after a while', () => {
  const nothing: Shown = { kind: 'nothing' }
  assert.equal(placed(here, nothing, [clear(here), clear(there)]), 0)
  assert.equal(placed(here, nothing, [clear(there)]), 'refuse')
  assert.equal(placed(here, nothing, [clear(here), clear(here)]), 'refuse')
  assert.equal(placed(here, nothing, [clear(here), secure(there, 1, 'address')]), 0)
  assert.equal(placed(here, nothing, [clear(here), secure(there, 1)]), 'wait')
  assert.equal(placed(here, nothing, [clear(here), secure(there, 1)], true), 0)
  assert.equal(placed(here, nothing, [clear(here), secure(here, 1)], true), 'wait')
  assert.equal(placed(here, { kind: 'some' }, [clear(here), secure(there, 1)], true), 'wait')
})

test('bytes that are no TLS belong to who waits for such', () => {
  const shown: Shown = { kind: 'clear' }
  assert.equal(placed(here, shown, [secure(here, 1), clear(here)]), 1)
  assert.equal(placed(here, shown, [secure(here, 1), secure(here, 2)]), 'refuse')
  assert.equal(placed(here, shown, [secure(here, 1), secure(there, 2)]), 0)
})
