import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Accounts } from '../core/account.ts'
import type { Visitor } from '../core/session.ts'
import { bad, counted, doorWorld, fails, good, isIn, isOut, peer, verify } from '../testing/door-world.ts'

const silent = async (): Promise<never> => Promise.reject(new Error('no ledger'))
const nothing = (): void => undefined

void test('past the limit of all connections the next one is turned away, until one leaves', async () => {
  const { events, entrance, enter } = doorWorld({ limits: { connections: 2 } })
  const first = await enter('192.0.2.1')
  await enter('192.0.2.2')
  const refusal = isOut(await entrance.enter('ftp', peer))
  assert.equal(refusal.final, true)
  assert.match(refusal.text, /too many connections/i)
  assert.deepEqual(events.of('turned-away'), [
    {
      kind: 'turned-away',
      protocol: 'ftp',
      peer,
      reason: 'there are 2 connections already',
      rule: 'connections',
    },
  ])
  first.leave()
  await enter()
})

void test('the limit of one address does not touch another', async () => {
  const { entrance, enter, events } = doorWorld({ limits: { connectionsPerAddress: 1 } })
  const first = await enter('192.0.2.1')
  assert.match(isOut(await entrance.enter('ftp', { address: '192.0.2.1', port: 2 })).text, /your address/)
  assert.equal(events.of('turned-away')[0]?.rule, 'connectionsPerAddress')
  await enter('192.0.2.2')
  first.leave()
  await enter('192.0.2.1')
})

void test('one network of IPv6 is one address', async () => {
  const { entrance, enter } = doorWorld({ limits: { connectionsPerAddress: 1 } })
  await enter('2001:db8::1')
  isOut(await entrance.enter('ftp', { address: '2001:db8::2', port: 1 }))
  await enter('2001:db8:0:1::1')
})

void test('a connection that is turned away is not counted', async () => {
  const one = doorWorld({ limits: { connectionsPerAddress: 0 } })
  isOut(await one.entrance.enter('ftp', peer))
  assert.deepEqual(await counted(one), [0, 0, 0])
})

void test('the sessions of an account have a limit, over all its connections', async () => {
  const { events, enter } = doorWorld()
  const visitors = [await enter(), await enter(), await enter()]
  const [first, second, third] = visitors as [Visitor, Visitor, Visitor]
  isIn(await first.login(good))
  isIn(await second.login(good))
  assert.match(isOut(await third.login(good)).text, /too many sessions/i)
  assert.match(events.of('login-failed')[0]?.reason ?? '', /2 sessions/)
  second.logout()
  isIn(await third.login(good))
})

void test('a login on top of a login gives the first one back', async () => {
  const one = doorWorld()
  const visitor = await one.enter()
  const first = isIn(await visitor.login(good))
  isIn(await visitor.login(good))
  assert.equal(first.signal.aborted, true)
  assert.deepEqual(await counted(one), [1, 1, 1])
})

void test('whatever comes in is counted, and is given back once', async () => {
  const one = doorWorld()
  const visitor = await one.enter()
  isIn(await visitor.login(good))
  const other = await one.enter()
  assert.deepEqual(await counted(one), [2, 2, 1])
  visitor.logout()
  visitor.logout()
  assert.deepEqual(await counted(one), [2, 2, 0])
  isIn(await visitor.login(good))
  visitor.leave()
  visitor.leave()
  visitor.logout()
  assert.deepEqual(await counted(one), [1, 1, 0])
  other.leave()
  assert.deepEqual(await counted(one), [0, 0, 0])
})

void test('who leaves while the accounts are asked is not let in, and nothing stays behind', async () => {
  for (const how of [good, bad]) {
    const asked = Promise.withResolvers<void>()
    const accounts: Accounts = { verify: async (attempt) => asked.promise.then(async () => verify(attempt)) }
    const one = doorWorld({ accounts })
    const visitor = await one.enter()
    const login = visitor.login(how)
    visitor.leave()
    asked.resolve()
    isOut(await login)
    assert.deepEqual(await counted(one), [0, 0, 0])
    assert.equal(one.clock.pending, 0)
    assert.deepEqual(one.events.of('login'), [])
  }
})

void test('who leaves while the session is counted is not let in, and nothing stays counted', async () => {
  let leave = nothing
  const one = doorWorld({
    ledger: (inner) => ({
      ...inner,
      async add(key, amount, ceiling) {
        const added = await inner.add(key, amount, ceiling)
        if (key === 'sessions of anna' && amount > 0) leave()
        return added
      },
    }),
  })
  const visitor = await one.enter()
  leave = () => visitor.leave()
  isOut(await visitor.login(good))
  assert.deepEqual(await counted(one), [0, 0, 0])
  assert.deepEqual(one.events.of('login'), [])
})

void test('nobody comes in uncounted when the ledger does not answer', async () => {
  const shut = doorWorld({ ledger: (inner) => ({ ...inner, add: silent }) })
  assert.match(isOut(await shut.entrance.enter('ftp', peer)).text, /come back later/)
  const [turned] = shut.events.of('turned-away')
  assert.match(turned?.reason ?? '', /no ledger/)
  assert.equal(turned?.rule, 'ledger')
  const half = doorWorld({
    ledger: (inner) => ({
      ...inner,
      add: async (key, amount, ceiling) =>
        key.startsWith('sessions') ? silent() : inner.add(key, amount, ceiling),
    }),
  })
  assert.match((await fails(await half.enter(), half.clock, good)).text, /try again later/)
})

void test('a ledger that does not take back is told of, and hurts nobody', async () => {
  const { events, enter } = doorWorld({
    ledger: (inner) => ({
      ...inner,
      add: async (key, amount, ceiling) =>
        amount < 0 ? Promise.reject(new Error('no ledger')) : inner.add(key, amount, ceiling),
    }),
  })
  const visitor = await enter()
  visitor.leave()
  await new Promise(setImmediate)
  assert.equal(events.of('warning').length, 2)
})
