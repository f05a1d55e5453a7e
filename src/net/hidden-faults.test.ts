import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { certificateFaults } from '../core/certificate.ts'
import { memoryNetwork } from './memory.ts'

/** Of `ferry.example`, good in 2020 alone. */
const leaf = `-----BEGIN CERTIFICATE-----
MIIBdDCCARmgAwIBAgIBATAKBggqhkjOPQQDAjAQMQ4wDAYDVQQDDAVob3VzZTAe
Fw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBgxFjAUBgNVBAMMDWZlcnJ5
LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR9o95Dt1S2sf2GCN4n
q9H8d6fjLg2OG61hy5cuDerYxRAqq7/h7h0rKyTPGBiVf6YsctRzSwoMmINGwtd0
M+kno1wwWjAYBgNVHREEETAPgg1mZXJyeS5leGFtcGxlMB0GA1UdDgQWBBSlbjUs
tfZlR05j8lJ0x99QvIj+mzAfBgNVHSMEGDAWgBSFwPpmAyyLVz6Q5gMRUhST8arT
SzAKBggqhkjOPQQDAgNJADBGAiEAnT/ePQd2xdQWRr2YKrye18QOs+M61gbQv4Ro
OFmTDF4CIQDydWM52zV5FqHKkAv508ynv03QYTAkgxJ13/yK6Jw55g==
-----END CERTIFICATE-----
`

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgo455tr1BkfMj69Jc
OrAThxPvmFIgHp4Qd66ZIcaPVsKhRANCAAR9o95Dt1S2sf2GCN4nq9H8d6fjLg2O
G61hy5cuDerYxRAqq7/h7h0rKyTPGBiVf6YsctRzSwoMmINGwtd0M+kn
-----END PRIVATE KEY-----
`

/** Who has signed it, until 2054. */
const house = `-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIUXuDH6MpgesxBpTWjIHmxBabZGO0wCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFaG91c2UwIBcNMjYxMTI5MTkwMDE0WhgPMjA1NDA0MTYxOTAw
MTRaMBAxDjAMBgNVBAMMBWhvdXNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
AVR+EdPqE0XA4P63WEq5fPmFKb+PqCzVjt92mUDYTo+3n/bUTT9jeUilzKYpYcH1
GMYiJqfUuQJ8Egu9msEJjqNTMFEwHQYDVR0OBBYEFIXA+mYDLItXPpDmAxFSFJPx
qtNLMB8GA1UdIwQYMBaAFIXA+mYDLItXPpDmAxFSFJPxqtNLMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAOw47zaHTJEfTmhd4zjKqqN4tWxopuX1
vVdSeFEo4gImAiAbQiJ3HSLVDCspVdXzCOZH9gLA/d79iICaYVJUhlmqVA==
-----END CERTIFICATE-----
`

/** What a client finds wrong that asks for this host and trusts these. */
async function faultsAt(chain: string, host: string, authorities?: string): Promise<readonly string[]> {
  const network = memoryNetwork()
  const binding = {
    identity: { certificate: { chain, key } },
    name: randomBytes(16),
    secret: randomBytes(32),
    sessions: new Map<string, Uint8Array>(),
  }
  const port = await network.listen({ host: '127.0.0.1', port: 0 }, (accepted) => {
    const served = network.secure(accepted, { side: 'server', binding, protocols: [], timeoutMs: 5000 })
    served.catch(() => accepted.destroy())
  })
  const conn = await network.connect({ host: '127.0.0.1', port: port.local.port, timeoutMs: 5000 })
  const secured = await network.secure(conn, {
    side: 'client',
    host,
    protocols: [],
    timeoutMs: 5000,
    ...(authorities === undefined ? {} : { authorities }),
  })
  const { peer } = secured.tls
  secured.destroy()
  await port.close()
  assert.ok(peer !== undefined)
  return certificateFaults(peer, Date.parse('2026-01-01'))
}

test('a certificate that has expired and comes from nobody who is known has both faults, and its wrong name is a third', async () => {
  const none = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
  assert.deepEqual(await faultsAt(leaf, 'ferry.example'), ['CERT_HAS_EXPIRED', none])
  assert.deepEqual(await faultsAt(leaf, 'other.example'), [
    'CERT_HAS_EXPIRED',
    none,
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])
  assert.deepEqual(await faultsAt(leaf + house, 'ferry.example'), [
    'CERT_HAS_EXPIRED',
    'SELF_SIGNED_CERT_IN_CHAIN',
  ])
})

test('where its authority is known, it has expired and nothing else', async () => {
  for (const chain of [leaf, leaf + house])
    assert.deepEqual(await faultsAt(chain, 'ferry.example', house), ['CERT_HAS_EXPIRED'])
})
