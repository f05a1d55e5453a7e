import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account, Accounts, Attempt, Verdict } from '../core/account.ts'
import type { Ledger } from '../core/ledger.ts'
import type { LoginTry, Policy, Refusal, Session, Visitor } from '../core/session.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { door, type DoorLimits } from './door.ts'

const anna: Account = {
  name: 'anna',
  home: memoryStore(),
  readOnly: false,
  rights: [],
  uploads: 'atomic',
  sessions: 2,
}

const peer = { address: '192.0.2.50', port: 40_000 }
const good: LoginTry = { secure: false, user: 'anna', proof: { kind: 'password', password: 'secret' } }
const bad: LoginTry = { ...good, proof: { kind: 'password', password: 'wrong' } }

/** Lets in anna with her password. */
async function verify({ user, proof }: Attempt): Promise<Verdict> {
  const known = user === 'anna' && proof.kind === 'password' && proof.password === 'secret'
  return known ? { kind: 'accept', account: anna } : { kind: 'refuse', reason: 'a secret of the house' }
}

interface Options {
  readonly limits?: Partial<DoorLimits>
  readonly accounts?: Accounts
  readonly policies?: readonly Policy[]
  readonly ledger?: (inner: Ledger) => Ledger
}

function world(options: Options = {}) {
  const clock = new FakeClock()
  const events = recordedEvents()
  const counters = memoryLedger(clock)
  const ledger = options.ledger?.(counters) ?? counters
  const entrance = door({
    accounts: options.accounts ?? { verify },
    events,
    ledger,
    clock,
    policies: options.policies ?? [],
    limits: { failedLoginDelayMs: 1000, ...options.limits },
  })
  const enter = async (address = peer.address): Promise<Visitor> => {
    const visitor = await entrance.enter('ftp', { address, port: 1 })
    assert.ok(!('refused' in visitor), 'was turned away')
    return visitor
  }
  return { clock, events, ledger: counters, entrance, enter }
}

const silent = async (): Promise<never> => Promise.reject(new Error('no ledger'))
const nothing = (): void => undefined

function isIn(result: Session | Refusal): Session {
  assert.ok(!('refused' in result), 'was not let in')
  return result
}

function isOut(result: object): Refusal {
  assert.ok('refused' in result, 'was let in')
  return result as Refusal
}

/** Tries to log in while the clock is turned past the delay. */
async function fails(visitor: Visitor, clock: FakeClock, how: LoginTry): Promise<Refusal> {
  const [result] = await Promise.all([visitor.login(how), clock.advance(1000)])
  return isOut(result)
}

async function counted({ ledger }: { ledger: Ledger }): Promise<number[]> {
  const keys = ['connections', `connections from ${peer.address}`, 'sessions of anna']
  return Promise.all(keys.map((key) => ledger.read(key)))
}

void test('whoever shows the right proof gets a session with the home behind the rules', async () => {
  const files = memoryStore()
  const seen: unknown[] = []
  const policies: Policy[] = [
    (inner, login) => {
      seen.push(inner, login.account)
      return files
    },
  ]
  const { events, enter } = world({ policies })
  const visitor = await enter()
  const session = isIn(await visitor.login(good))
  assert.deepEqual(seen, [anna.home, anna])
  assert.equal(session.files, files)
  assert.equal(session.account, anna)
  assert.equal(session.id, visitor.id)
  assert.equal(session.signal.aborted, false)
  const who = { session: visitor.id, protocol: 'ftp', peer: { address: peer.address, port: 1 } }
  assert.deepEqual(events.all, [
    { kind: 'connected', ...who },
    { kind: 'login', ...who, account: 'anna' },
  ])
})

void test('the accounts are told all that is known about the attempt', async () => {
  const attempts: Attempt[] = []
  const accounts: Accounts = {
    async verify(attempt) {
      attempts.push(attempt)
      return verify(attempt)
    },
  }
  const { enter } = world({ accounts })
  await (await enter()).login({ ...good, secure: true, host: 'files.example' })
  const at = { protocol: 'ftp', peer: { address: peer.address, port: 1 } } as const
  assert.deepEqual(attempts, [{ ...good, secure: true, host: 'files.example', ...at }])
})

void test('the words are the same for an unknown name and a wrong password, the log knows more', async () => {
  const { clock, events, enter } = world()
  const visitor = await enter()
  const first = await fails(visitor, clock, { ...bad, user: 'nobody' })
  const second = await fails(visitor, clock, bad)
  assert.deepEqual(first, { refused: true, final: false, text: 'Login incorrect.' })
  assert.deepEqual(second, first)
  assert.deepEqual(
    events.of('login-failed').map(({ user, reason }) => [user, reason]),
    [
      ['nobody', 'a secret of the house'],
      ['anna', 'a secret of the house'],
    ],
  )
})

void test('a failed login takes its time, a good one none', async () => {
  const { clock, enter } = world()
  const visitor = await enter()
  let over = false
  const failing = visitor.login(bad).finally(() => {
    over = true
  })
  await clock.advance(999)
  assert.equal(over, false)
  await clock.advance(1)
  assert.equal(over, true)
  isOut(await failing)
  isIn(await visitor.login(good))
  assert.equal(clock.pending, 0)
})

void test('the last try ends the connection, and a good login does not begin the count anew', async () => {
  const { clock, enter } = world({ limits: { triesPerConnection: 3 } })
  const visitor = await enter()
  assert.equal((await fails(visitor, clock, bad)).final, false)
  isIn(await visitor.login(good))
  visitor.logout()
  assert.equal((await fails(visitor, clock, bad)).final, false)
  assert.equal((await fails(visitor, clock, bad)).final, true)
})

void test('what wants more proof is no login, and no failure: it says at once what else is wanted', async () => {
  const accounts: Accounts = { verify: async () => ({ kind: 'continue', wanted: ['key'] }) }
  const { events, enter } = world({ accounts })
  const refusal = await (await enter()).login(good)
  assert.ok('refused' in refusal)
  assert.deepEqual(refusal.wanted, ['key'])
  assert.equal(refusal.final, false)
  assert.deepEqual(events.of('login-failed'), [])
})

void test('whether a key would be taken is told, and asking lets nobody in', async () => {
  const accounts: Accounts = {
    verify: async ({ user }) =>
      user === 'anna' ? { kind: 'continue', wanted: ['password'] } : { kind: 'refuse', reason: 'unknown' },
  }
  const { events, enter } = world({ accounts })
  const visitor = await enter()
  const proof = { kind: 'key', algorithm: 'ssh-ed25519', key: new Uint8Array(32), signed: false } as const
  assert.equal(await visitor.wouldTake({ secure: true, user: 'anna', proof }), true)
  assert.equal(await visitor.wouldTake({ secure: true, user: 'bert', proof }), false)
  assert.deepEqual(events.of('login'), [])
})

void test('when the accounts cannot be asked nobody comes in, and it says so without the reason', async () => {
  const accounts: Accounts = { verify: async () => Promise.reject(new Error('database at 10.0.0.7 is down')) }
  const { clock, events, enter } = world({ accounts })
  const { text } = await fails(await enter(), clock, good)
  assert.match(text, /try again later/)
  assert.doesNotMatch(text, /database/)
  assert.match(events.of('login-failed')[0]?.reason ?? '', /database at 10\.0\.0\.7 is down/)
})

void test('past the limit of all connections the next one is turned away, until one leaves', async () => {
  const { events, entrance, enter } = world({ limits: { connections: 2 } })
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
  const { entrance, enter } = world({ limits: { connectionsPerAddress: 1 } })
  const first = await enter('192.0.2.1')
  assert.match(isOut(await entrance.enter('ftp', { address: '192.0.2.1', port: 2 })).text, /your address/)
  await enter('192.0.2.2')
  first.leave()
  await enter('192.0.2.1')
})

void test('one network of IPv6 is one address', async () => {
  const { entrance, enter } = world({ limits: { connectionsPerAddress: 1 } })
  await enter('2001:db8::1')
  isOut(await entrance.enter('ftp', { address: '2001:db8::2', port: 1 }))
  await enter('2001:db8:0:1::1')
})

void test('a connection that is turned away is not counted', async () => {
  const one = world({ limits: { connectionsPerAddress: 0 } })
  isOut(await one.entrance.enter('ftp', peer))
  assert.deepEqual(await counted(one), [0, 0, 0])
})

void test('the sessions of an account have a limit, over all its connections', async () => {
  const { events, enter } = world()
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
  const one = world()
  const visitor = await one.enter()
  const first = isIn(await visitor.login(good))
  isIn(await visitor.login(good))
  assert.equal(first.signal.aborted, true)
  assert.deepEqual(await counted(one), [1, 1, 1])
})

void test('whatever comes in is counted, and is given back once', async () => {
  const one = world()
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
    const one = world({ accounts })
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
  const one = world({
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

void test('who leaves while a failed login is delayed does not wait for it, and leaves no timer', async () => {
  const { clock, enter } = world()
  const visitor = await enter()
  const login = visitor.login(bad)
  await clock.advance(10)
  assert.equal(clock.pending, 1)
  visitor.leave()
  isOut(await login)
  assert.equal(clock.pending, 0)
})

void test('only so many failed logins are delayed at once, the others end their connection', async () => {
  const { clock, enter } = world()
  const waiting: Promise<Session | Refusal>[] = []
  for (let count = 0; count < 1000; count += 1) waiting.push((await enter()).login(bad))
  await clock.advance(0)
  const refusal = isOut(await (await enter()).login(bad))
  assert.equal(refusal.final, true)
  assert.equal(clock.pending, 1000)
  await clock.advance(1000)
  assert.equal(isOut(await Promise.race(waiting)).final, false)
  assert.equal((await fails(await enter(), clock, bad)).final, false)
})

void test('a visitor who leaves is told so by the signals, asked for before or after', async () => {
  const { enter } = world()
  const visitor = await enter()
  const session = isIn(await visitor.login(good))
  const [before, ofSession] = [visitor.signal, session.signal]
  visitor.leave()
  assert.ok(before.aborted)
  assert.ok(ofSession.aborted)
  assert.ok(visitor.signal.aborted)
  assert.ok(session.signal.aborted)
})

void test('a logout ends the session and not the connection', async () => {
  const { enter } = world()
  const visitor = await enter()
  const session = isIn(await visitor.login(good))
  const { signal } = session
  visitor.logout()
  assert.ok(signal.aborted)
  assert.equal(visitor.signal.aborted, false)
  assert.equal(isIn(await visitor.login(good)).signal.aborted, false)
})

void test('nobody comes in uncounted when the ledger does not answer', async () => {
  const shut = world({ ledger: (inner) => ({ ...inner, add: silent }) })
  assert.match(isOut(await shut.entrance.enter('ftp', peer)).text, /come back later/)
  assert.match(shut.events.of('turned-away')[0]?.reason ?? '', /no ledger/)
  const half = world({
    ledger: (inner) => ({
      ...inner,
      add: async (key, amount, ceiling) =>
        key.startsWith('sessions') ? silent() : inner.add(key, amount, ceiling),
    }),
  })
  assert.match((await fails(await half.enter(), half.clock, good)).text, /try again later/)
})

void test('a ledger that does not take back is told of, and hurts nobody', async () => {
  const { events, enter } = world({
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

void test('every session has an id of its own', async () => {
  const { enter } = world()
  const ids = new Set<string>()
  for (let count = 0; count < 3000; count += 1) {
    const visitor = await enter()
    ids.add(visitor.id)
    visitor.leave()
  }
  assert.equal(ids.size, 3000)
})

void test('two logins at once on one connection are a bug of ours', async () => {
  const { clock, enter } = world()
  const visitor = await enter()
  const first = visitor.login(bad)
  await assert.rejects(visitor.login(good), /one login at a time/)
  await clock.advance(1000)
  isOut(await first)
  isIn(await visitor.login(good))
})
