import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import type { DetailedPeerCertificate } from 'node:tls'
import { faultsAt } from '../testing/faults-at.ts'
import { isRevoked } from './revoked.ts'

/** Of `ferry.example`, good in 2020 alone, number 1 of its house. */
const leaf = `-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIBATAKBggqhkjOPQQDAjAQMQ4wDAYDVQQDDAVob3VzZTAe
Fw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBgxFjAUBgNVBAMMDWZlcnJ5
LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASv8mjN5F3KhrF8XJoA
SnOwaNlQaQRFFxgN8fhQ4+CEGaFk8aCdDINsm27CLH1aAAjwXnJwjGrEkHXolj/x
3yFqo1wwWjAYBgNVHREEETAPgg1mZXJyeS5leGFtcGxlMB0GA1UdDgQWBBQbsaTN
fUlyocw44bL33WN3xF4eNDAfBgNVHSMEGDAWgBQsRJTaWM8Bu9T7tEgG2TzuUrFf
nDAKBggqhkjOPQQDAgNIADBFAiBLqPy6PNyXNRx6FFB982GWi4zi9zS4jS4IbTQJ
IqnFNAIhAPNETKzXluMadOE4Jz4oyfcFJhAMzTFwQQpuvkCnGnRv
-----END CERTIFICATE-----
`

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2fjqxMwtTYZ5OO0n
UQJ8K3ghLIROJ4ycUIhQ6GfaHImhRANCAASv8mjN5F3KhrF8XJoASnOwaNlQaQRF
FxgN8fhQ4+CEGaFk8aCdDINsm27CLH1aAAjwXnJwjGrEkHXolj/x3yFq
-----END PRIVATE KEY-----
`

/** Who has signed it, until 2054. */
const house = `-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIUB/rAGThtp0qSItFIchkXdIFCEZswCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFaG91c2UwIBcNMjYxMTI5MjMyMjA4WhgPMjA1NDA0MTYyMzIy
MDhaMBAxDjAMBgNVBAMMBWhvdXNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
9BLt5/B2npvxI1R2+oDC8rEl2UrbHFg/QU78h6Nn4xo9V0OrqAOve4Dk4YzHZffW
dab7lIw5bWsceV3XUWjMs6NTMFEwHQYDVR0OBBYEFCxElNpYzwG71Pu0SAbZPO5S
sV+cMB8GA1UdIwQYMBaAFCxElNpYzwG71Pu0SAbZPO5SsV+cMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAPQE0YST6VAqiBJxprh3pFFcfFOkbl+Y
aAYPCe9yxv/NAiBa00MyAzNPz4CRXreh7UG5px94UQL2fU3m5N8w3H31yg==
-----END CERTIFICATE-----
`

/** Of that house: number 1 is taken back. */
const taken = `-----BEGIN X509 CRL-----
MIGsMFQwCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFaG91c2UXDTI2MTEyOTIzMjIw
OFoYDzIwNTQwNDE2MjMyMjA4WjAUMBICAQEXDTI2MTEyOTIzMjIwOFowCgYIKoZI
zj0EAwIDSAAwRQIhAIdU2JGdlGbe4YnK9BFo2xxKhgeTUBhYaCoPM5fgg209AiAt
jiGCq+QOyeiR5NoGq+SIXKcOkw8stV/6B+CvGBGrXA==
-----END X509 CRL-----
`

/** Of that house too: nobody is. */
const empty = `-----BEGIN X509 CRL-----
MIGWMD4wCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFaG91c2UXDTI2MTEyOTIzMjIw
OFoYDzIwNTQwNDE2MjMyMjA4WjAKBggqhkjOPQQDAgNIADBFAiEAqKfxk5H63bf2
5/BoAyDuySxvZEJQIZBKIz3MWuaplQECIBM1gqPgRwXpdPhiBmgKfD19f340w19S
98RqzYoY0gpJ
-----END X509 CRL-----
`

/** The certificate as Node shows it, with nobody above it. */
function shown(pem: string): DetailedPeerCertificate {
  return { raw: new X509Certificate(pem).raw } as DetailedPeerCertificate
}

function faultsBy(revoked: string): Promise<readonly string[]> {
  return faultsAt({ chain: leaf, key }, 'ferry.example', { authorities: house, revoked })
}

function asList(der: Uint8Array): string {
  return `-----BEGIN X509 CRL-----\n${Buffer.from(der).toString('base64')}\n-----END X509 CRL-----\n`
}

/** A short value of DER. */
function value(tag: number, ...content: readonly number[]): readonly number[] {
  return [tag, content.length, ...content]
}

test('a certificate that has expired and is taken back has both faults, the graver one first', async () => {
  assert.deepEqual(await faultsBy(taken), ['CERT_REVOKED', 'CERT_HAS_EXPIRED'])
  assert.deepEqual(await faultsBy(empty), ['CERT_HAS_EXPIRED'])
})

test('only who has that number with that house is taken back', () => {
  assert.ok(isRevoked(shown(leaf), empty + taken))
  assert.ok(!isRevoked(shown(house), taken))
  assert.ok(!isRevoked(shown(leaf), empty))
  assert.ok(isRevoked({ ...shown(house), issuerCertificate: { ...shown(leaf), fingerprint256: '' } }, taken))
})

test('a list that is cut or changed anywhere takes nobody back by mistake, and ends', () => {
  const [, body = ''] = /CRL-----([^-]*)-----/u.exec(taken) ?? []
  const bytes = Buffer.from(body, 'base64')
  for (let at = 0; at < bytes.length; at += 1) {
    assert.ok(!isRevoked(shown(leaf), asList(bytes.subarray(0, at))))
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ 0x80, at)
    isRevoked(shown(house), asList(changed))
  }
})

test('what is no certificate, or has no number or nobody who issued it, is in no list', () => {
  const number = value(0x02, 1)
  for (const der of [
    [],
    value(0x30),
    value(0x30, ...value(0x30)),
    value(0x30, ...value(0x30, ...number)),
    value(0x30, ...value(0x30, ...number, ...value(0x30))),
    value(0x30, ...value(0x30, ...value(0xa0, ...number))),
  ])
    assert.ok(!isRevoked({ raw: Buffer.from(der) } as DetailedPeerCertificate, taken), der.join(' '))
})
