import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ftp, no, told, whole } from '../testing/causes/cause.ts'
import { dataCauses } from '../testing/causes/data.ts'
import { otherCauses } from '../testing/causes/other.ts'
import { reachingCauses } from '../testing/causes/reaching.ts'
import { secureCauses } from '../testing/causes/secure.ts'
import { serverCauses, wellServed } from '../testing/causes/server.ts'
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
