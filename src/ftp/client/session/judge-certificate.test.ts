import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pinOf, type KnownCertificates, type TlsTrust } from '../../../core/certificate.ts'
import { TrustError } from '../../../core/error.ts'
import type { TrustWanted } from '../../../core/remote.ts'
import type { PeerCertificate } from '../../../core/tls.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import type { TlsWish } from '../options.ts'
import type { ClientHouse } from '../house.ts'
import { judgeCertificate } from './judge-certificate.ts'

const print = Array.from({ length: 32 }, (_, index) => (index + 160).toString(16).toUpperCase()).join(':')
const other = print.replace('A0', '00')

const peer: PeerCertificate = {
  fingerprint: print,
  keyDigest: `${'A'.repeat(43)}=`,
  subject: 'CN=files.example',
  issuer: 'CN=files.example',
  names: 'DNS:files.example',
  validFrom: new Date('2020-01-01'),
  validTo: new Date('2049-01-01'),
  fault: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  otherFaults: [],
}

interface Case {
  readonly tls?: TlsWish
  readonly trust?: TlsTrust
  readonly answer?: 'no' | 'once' | 'always'
  readonly shown?: PeerCertificate
}

interface Judged {
  readonly error: TrustError | undefined
  readonly asked: readonly TrustWanted[]
  readonly notes: readonly string[]
}

async function judged({ tls = 'require', trust = {}, answer = 'no', shown = peer }: Case): Promise<Judged> {
  const asked: TrustWanted[] = []
  const notes: string[] = []
  const house = {
    host: 'files.example',
    port: 21,
    clock: new FakeClock(),
    options: { tls, trust },
    certificate: undefined,
    ask: {
      async trust(wanted: TrustWanted) {
        asked.push(wanted)
        return answer
      },
    },
    said: (_from: string, line: string) => notes.push(line),
  } as unknown as ClientHouse
  try {
    await judgeCertificate(house, shown)
    assert.equal(house.certificate, shown.fingerprint)
    return { error: undefined, asked, notes }
  } catch (thrown) {
    assert.ok(thrown instanceof TrustError)
    assert.equal(house.certificate, undefined)
    return { error: thrown, asked, notes }
  }
}

function known(fingerprint?: string): KnownCertificates & { kept: string[] } {
  const kept: string[] = []
  return {
    name: 'the list',
    kept,
    find: async () => kept[0] ?? fingerprint,
    keep: async (host, port, print) => void kept.push(print, `${host}:${port}`),
  }
}

void test('a self-signed certificate is asked about once, and then known', async () => {
  const list = known()
  const first = await judged({ trust: { known: list }, answer: 'always' })
  assert.equal(first.asked.length, 1)
  assert.deepEqual(list.kept, [print, 'files.example:21'])
  assert.deepEqual((await judged({ trust: { known: list } })).asked, [])
})

void test('a certificate that is accepted once is not kept', async () => {
  const list = known()
  assert.equal((await judged({ trust: { known: list }, answer: 'once' })).error, undefined)
  assert.deepEqual(list.kept, [])
})

void test('where nobody answers, the refusal says the option that accepts it', async () => {
  const { error } = await judged({})
  assert.match(error?.facts.hint ?? '', new RegExp(`--pin ${pinOf(print)}, or its authority with --ca`, 'u'))
})

void test('an authority is no way out where one is known and the certificate is wrong in itself', async () => {
  for (const shown of [
    { ...peer, fault: 'CERT_HAS_EXPIRED', validTo: new Date('1969-01-01') },
    { ...peer, validTo: new Date('1969-01-01') },
    { ...peer, fault: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    { ...peer, fault: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', otherFaults: ['ERR_TLS_CERT_ALTNAME_INVALID'] },
  ]) {
    const { error } = await judged({ shown })
    assert.match(error?.facts.hint ?? '', /accept it with --pin sha256:[0-9a-f]{64};/u)
  }
})

void test('a certificate that is revoked is refused whoever accepted it, and no hint says how to accept it', async () => {
  const shown = { ...peer, fault: 'CERT_REVOKED' }
  for (const list of [known(), known(print), known(other)]) {
    const { error, asked } = await judged({ shown, trust: { known: list }, answer: 'always' })
    assert.match(error?.message ?? '', /revoked/u)
    assert.doesNotMatch(error?.facts.hint ?? '', /--pin|--ca|known|line of/u)
    assert.deepEqual([asked, list.kept], [[], []])
  }
})

for (const tls of ['require', 'prefer', 'implicit'] as const) {
  void test(`with ${tls}, a certificate that has changed is refused, and nobody is asked`, async () => {
    const { error, asked } = await judged({ tls, trust: { known: known(other) }, answer: 'always' })
    assert.match(error?.message ?? '', /changed/u)
    assert.match(error?.facts.hint ?? '', /line of files\.example:21 out of the list/u)
    assert.deepEqual(asked, [])
  })

  void test(`with ${tls}, pins decide alone: one that differs is refused, though an authority vouches`, async () => {
    const vouched = { ...peer, fault: undefined }
    const wrong = await judged({ tls, trust: { pins: [pinOf(other)] }, shown: vouched, answer: 'always' })
    assert.match(wrong.error?.message ?? '', /not the one that is pinned/u)
    for (const pin of [pinOf(print), `sha256:${print}`, `sha256//${peer.keyDigest}`])
      assert.equal((await judged({ tls, trust: { pins: [pinOf(other), pin] } })).error, undefined, pin)
  })
}

void test('a certificate of an authority may follow one that was accepted by hand', async () => {
  const { error } = await judged({ trust: { known: known(other) }, shown: { ...peer, fault: undefined } })
  assert.equal(error, undefined)
})

void test('where TLS is preferred, an unknown certificate is told and taken', async () => {
  const { error, asked, notes } = await judged({ tls: 'prefer' })
  assert.equal(error, undefined)
  assert.deepEqual(asked, [])
  assert.match(notes.join(), /self-signed/u)
})

const faults: readonly (readonly [string, RegExp])[] = [
  ['CERT_HAS_EXPIRED', /one of the certificates that vouch for it has expired/u],
  ['CERT_NOT_YET_VALID', /not valid before 2020-01-01/u],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /another name than files\.example: DNS:files\.example/u],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed/u],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /does not know who issued its/u],
  ['SELF_SIGNED_CERT_IN_CHAIN', /authority that this machine does not know/u],
  ['UNABLE_TO_GET_CRL', /revoked is not known/u],
  ['EE_KEY_TOO_SMALL', /too weak/u],
  ['SOMETHING_NEW', /SOMETHING_NEW/u],
]
for (const [fault, words] of faults) {
  void test(`${fault} is told in words, with its fingerprint and how to accept it`, async () => {
    const { error, asked } = await judged({ shown: { ...peer, fault } })
    assert.match(error?.message ?? '', words)
    assert.match(error?.message ?? '', new RegExp(print, 'u'))
    assert.match(asked[0]?.trouble ?? '', words)
  })
}

void test('one that has expired, vouches for itself and bears another name, is told all of it', async () => {
  const otherFaults = ['ERR_TLS_CERT_ALTNAME_INVALID']
  const { error } = await judged({ shown: { ...peer, otherFaults, validTo: new Date('1999-12-31') } })
  assert.match(
    error?.message ?? '',
    /is self-signed.*; it is for another name than files.*; it expired on 1999-12-31/u,
  )
})
