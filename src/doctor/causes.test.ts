import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ftp, no, told, unreached, whole } from '../testing/causes/cause.ts'
import { dataCauses } from '../testing/causes/data.ts'
import { otherCauses } from '../testing/causes/other.ts'
import { reachingCauses } from '../testing/causes/reaching.ts'
import { secureCauses } from '../testing/causes/secure.ts'
import { serverCauses, wellServed } from '../testing/causes/server.ts'
import type { PassiveStep } from './step.ts'
import { judgeServer } from './server/verdicts.ts'

const clientCauses = [...reachingCauses, ...secureCauses, ...dataCauses, ...otherCauses]

for (const [side, causes, most] of [
  ['client', clientCauses, 36],
  ['server', serverCauses, 24],
] as const) {
  for (const [number, words, verdicts, id] of causes) {
    test(`${side} cause ${number}, ${words}: ${id}`, () => {
      const all = verdicts()
      const verdict = all.find((one) => one.id === id)
      assert.ok(verdict, `only ${all.map((one) => one.id).join(' ')}`)
      assert.ok(verdict.fixes.length > 0, 'no line to change')
      assert.match(verdict.sentence, /^\S.*[.?]$/u)
    })
  }

  test(`none of the ${most} causes at the ${side}'s side is missing`, () => {
    const known = new Set(causes.map(([number]) => number))
    const missing = Array.from({ length: most }, (_none, at) => at + 1).filter((number) => !known.has(number))
    assert.deepEqual(missing, [])
  })
}

test('where the account may not list, no firewall is blamed', () => {
  const refused = { whole: false, reply: '550 Permission denied.' }
  const epsv = { ...whole, listed: false, listing: refused }
  const portCommand = { ...no('550 Permission denied.'), told }
  assert.deepEqual(
    ftp({ epsv, pasv: epsv, portCommand })().map(({ id }) => id),
    ['listing-refused'],
  )
})

test('where full packets are lost, passive ports are not blamed, nor a helper where TLS hangs for the same cause', () => {
  const stalled = { ...whole, listed: false, listing: { whole: false, lines: 0, reply: '226 Sent.' } }
  const portCommand = { outcome: 'silence', ms: 8000, told } as const
  const hanging = { auth: whole, handshake: { outcome: 'silence', ms: 8000 } } as const
  const lost = { outcome: 'silence', ms: 8000, bytes: 0 } as const
  const listing = ftp({ epsv: stalled, pasv: stalled, portCommand, tls: hanging })
  assert.deepEqual(
    listing().map(({ id }) => id),
    ['listing-stalls'],
  )
  assert.deepEqual(
    ftp({ sample: lost, tls: hanging })().map(({ id }) => id),
    ['large-packets-lost'],
  )
})

test('a server that cannot connect out is not told as one that refuses active mode, nor our firewall as the only cause', () => {
  const at = { ...told, address: '203.0.113.20' }
  const [, active] = ftp({ local: at.address, portCommand: { ...no('425 Cannot connect.'), told: at } })()
  assert.match(active?.sentence ?? '', /or one at the server lets nobody out/u)
  const [, refused] = ftp({ local: at.address, portCommand: { ...no('502 No PORT.'), told: at } })()
  assert.match(refused?.sentence ?? '', /the server refuses it/u)
})

test('an address that is answered for by nobody is told apart from one that is rejected', () => {
  const knock = { outcome: 'unreachable', address: '203.0.113.10', port: 21 } as const
  const sentences = [3, 3060].map((ms) => unreached({ knocks: [{ ...knock, ms }] })()[0]?.sentence ?? '')
  assert.match(sentences[0] ?? '', /no route to it, or a router or firewall/u)
  assert.match(sentences[1] ?? '', /Nobody has the address/u)
})

function named(port: number): PassiveStep {
  return { ...whole, named: { address: '203.0.113.10', port } }
}

test('ports that take what they refused before are a balancer, and those that never do a half-open range', () => {
  const refused = { outcome: 'refused', listed: false } as const
  const ids = (again: 'refused' | 'works') =>
    ftp({
      epsv: { ...named(50_001), ...refused, again },
      pasv: named(50_002),
      tries: [
        { command: 'EPSV', ...named(50_003) },
        { command: 'PASV', ...named(50_004) },
      ],
    })().map(({ id }) => id)
  assert.deepEqual(ids('works'), ['balancer-between'])
  const always = { ...named(50_001), ...refused, again: 'works' } as const
  const portCommand = { outcome: 'works', ms: 2, told } as const
  assert.deepEqual(
    ftp({ epsv: always, pasv: always, portCommand })().map(({ id }) => id),
    ['balancer-between'],
  )
  assert.deepEqual(ids('refused'), ['passive-partly-open'])
})

test('that this machine has no IPv6, and that a router turns back, are no matters of the server', () => {
  const works = { outcome: 'works', ms: 2, address: '203.0.113.10', port: 21 } as const
  const noWay = { outcome: 'unreachable', address: '2001:db8::10', port: 21 } as const
  const ids = (ms: number) => ftp({ knocks: [works, { ...noWay, ms }] })().map(({ id }) => id)
  assert.deepEqual(ids(1), ['healthy'])
  assert.deepEqual(ids(3070), ['healthy', 'address-dead'])
  const pasv = { ...named(5), elsewhere: true }
  assert.deepEqual(
    ftp({ peer: '10.20.0.10', pasv })().map(({ id }) => id),
    ['healthy'],
  )
  assert.deepEqual(
    ftp({ otherFamily: { ...whole, address: '2001:db8::10' } })().map(({ id }) => id),
    ['healthy'],
  )
})

/** What is said where one port does not get through and others do. */
function halfOpen(outcome: 'silence' | 'refused'): string {
  const [first] = ftp({
    epsv: { ...named(50_007), outcome, listed: false },
    pasv: named(50_001),
    tries: [{ command: 'EPSV', ...named(50_002) }],
  })()
  return first?.sentence ?? ''
}

test('of a half-open range it is told whether transfers hang or fail', () => {
  assert.match(
    halfOpen('silence'),
    /ports 50001 and 50002 can be reached, port 50007 not, so transfers hang/u,
  )
  assert.match(halfOpen('refused'), /so transfers fail now and then/u)
})

test('a server that is well gets no verdict but that', () => {
  assert.deepEqual(
    judgeServer(wellServed).map(({ id }) => id),
    ['healthy'],
  )
  assert.deepEqual(
    ftp({})().map(({ id }) => id),
    ['healthy'],
  )
})

test('who is published through an SSH host need be reached at no address of this machine', () => {
  const unreached = { sees: '203.0.113.9', ports: [{ port: 21, outcome: 'not reached' as const }] }
  const publicAddress = { said: 'far.example', addresses: ['198.51.100.1'], lookupMs: 1 }
  const behind = { ...wellServed, addresses: ['10.0.0.5'], outside: unreached }
  for (const facts of [behind, { ...behind, publicAddress }]) {
    assert.ok(judgeServer(facts).length > 1)
    assert.deepEqual(
      judgeServer({ ...facts, published: 'far.example' }).map(({ id }) => id),
      ['healthy'],
    )
  }
})
