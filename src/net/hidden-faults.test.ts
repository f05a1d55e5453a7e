import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsAt } from '../testing/faults-at.ts'

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

test('a certificate that has expired and comes from nobody who is known has both faults, and its wrong name is a third', async () => {
  const none = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
  assert.deepEqual(await faultsAt({ chain: leaf, key }, 'ferry.example'), ['CERT_HAS_EXPIRED', none])
  assert.deepEqual(await faultsAt({ chain: leaf, key }, 'other.example'), [
    'CERT_HAS_EXPIRED',
    none,
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])
  assert.deepEqual(await faultsAt({ chain: leaf + house, key }, 'ferry.example'), [
    'CERT_HAS_EXPIRED',
    'SELF_SIGNED_CERT_IN_CHAIN',
  ])
})

test('where its authority is known, it has expired and nothing else', async () => {
  for (const chain of [leaf, leaf + house])
    assert.deepEqual(await faultsAt({ chain: chain, key }, 'ferry.example', { authorities: house }), [
      'CERT_HAS_EXPIRED',
    ])
})
