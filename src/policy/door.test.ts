import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account, Accounts, Attempt } from '../core/account.ts'
import { FileError } from '../core/error.ts'
import type { Policy, Refusal, Session } from '../core/session.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { anna, bad, doorWorld, fails, good, isIn, isOut, peer, verify } from '../testing/door-world.ts'

void test('whoever shows the right proof gets a session with the home behind the rules', async () => {
  const files = memoryStore()
  const seen: unknown[] = []
  const policies: Policy[] = [
    (inner, login) => {
      seen.push(inner, login.account)
      return files
    },
  ]
  const { events, enter } = doorWorld({ policies })
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
  const { enter } = doorWorld({ accounts })
  await (await enter()).login({ ...good, secure: true, host: 'files.example' })
  const at = { protocol: 'ftp', peer: { address: peer.address, port: 1 } } as const
  assert.deepEqual(attempts, [{ ...good, secure: true, host: 'files.example', ...at }])
})

void test('an account that lacks something, as plain JavaScript allows, is not let in, and the log tells what', async () => {
  const { rights: _, ...without } = anna
  const faulty: readonly [object, RegExp][] = [
    [without, /must have rights, a list/],
    [{ ...anna, home: '/srv' }, /no home with the methods of a Store/],
    [{ ...anna, uploads: 'no' }, /must have uploads/],
    [{ ...anna, readOnly: undefined }, /must have readOnly/],
    [{ ...anna, name: '' }, /no name/],
  ]
  for (const [account, wanted] of faulty) {
    const accounts: Accounts = {
      verify: async () => ({ kind: 'accept', account: account as Account }),
    }
    const { clock, events, enter } = doorWorld({ accounts })
    const { text } = await fails(await enter(), clock, good)
    assert.match(text, /^Nobody can log in at the moment/)
    assert.match(events.of('login-failed')[0]?.reason ?? '', wanted)
  }
})

void test('the words are the same for an unknown name and a wrong password, the log knows more', async () => {
  const { clock, events, enter } = doorWorld()
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
  const { clock, enter } = doorWorld()
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
  const { clock, enter } = doorWorld({ limits: { triesPerConnection: 3 } })
  const visitor = await enter()
  assert.equal((await fails(visitor, clock, bad)).final, false)
  isIn(await visitor.login(good))
  visitor.logout()
  assert.equal((await fails(visitor, clock, bad)).final, false)
  assert.equal((await fails(visitor, clock, bad)).final, true)
})

void test('what wants more proof is no login, and no failure: it says at once what else is wanted', async () => {
  const accounts: Accounts = { verify: async () => ({ kind: 'continue', wanted: ['key'] }) }
  const { events, enter } = doorWorld({ accounts })
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
  const { events, enter } = doorWorld({ accounts })
  const visitor = await enter()
  const proof = { kind: 'key', algorithm: 'ssh-ed25519', key: new Uint8Array(32), signed: false } as const
  assert.equal(await visitor.wouldTake({ secure: true, user: 'anna', proof }), true)
  assert.equal(await visitor.wouldTake({ secure: true, user: 'bert', proof }), false)
  assert.deepEqual(events.of('login'), [])
})

void test('when the accounts cannot be asked nobody comes in, and it says so without the reason', async () => {
  const accounts: Accounts = { verify: async () => Promise.reject(new Error('database at 10.0.0.7 is down')) }
  const { clock, events, enter } = doorWorld({ accounts })
  const { text } = await fails(await enter(), clock, good)
  assert.match(text, /try again later/)
  assert.doesNotMatch(text, /database/)
  assert.match(events.of('login-failed')[0]?.reason ?? '', /database at 10\.0\.0\.7 is down/)
})

void test('nor where the home cannot be opened, which is not told as a fault of the accounts', async () => {
  const missing = new FileError('not-found', '/srv/anna: no such file or directory')
  const { clock, events, enter } = doorWorld({ accounts: { verify: async () => Promise.reject(missing) } })
  const { text } = await fails(await enter(), clock, good)
  assert.match(text, /try again later/u)
  assert.doesNotMatch(text, /srv/u)
  assert.equal(
    events.of('login-failed')[0]?.reason,
    'the home cannot be opened: /srv/anna: no such file or directory',
  )
})

void test('who leaves while a failed login is delayed does not wait for it, and leaves no timer', async () => {
  const { clock, enter } = doorWorld()
  const visitor = await enter()
  const login = visitor.login(bad)
  await clock.advance(10)
  assert.equal(clock.pending, 1)
  visitor.leave()
  isOut(await login)
  assert.equal(clock.pending, 0)
})

void test('only so many failed logins are delayed at once, the others end their connection', async () => {
  const { clock, enter } = doorWorld()
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
  const { enter } = doorWorld()
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
  const { enter } = doorWorld()
  const visitor = await enter()
  const session = isIn(await visitor.login(good))
  const { signal } = session
  visitor.logout()
  assert.ok(signal.aborted)
  assert.equal(visitor.signal.aborted, false)
  assert.equal(isIn(await visitor.login(good)).signal.aborted, false)
})

void test('every session has an id of its own', async () => {
  const { enter } = doorWorld()
  const ids = new Set<string>()
  for (let count = 0; count < 3000; count += 1) {
    const visitor = await enter()
    ids.add(visitor.id)
    visitor.leave()
  }
  assert.equal(ids.size, 3000)
})

void test('two logins at once on one connection are a bug of ours', async () => {
  const { clock, enter } = doorWorld()
  const visitor = await enter()
  const first = visitor.login(bad)
  await assert.rejects(visitor.login(good), /one login at a time/)
  await clock.advance(1000)
  isOut(await first)
  isIn(await visitor.login(good))
})

void test('who logs in sees the home as it is then, and where none is there nobody gets in', async () => {
  const [made, former] = [memoryStore(), memoryStore()]
  let now: Store | undefined = made
  const home: Store = Object.assign(former, {
    async atLogin() {
      if (now === undefined) throw new FileError('not-found', 'no such file or directory')
      return now
    },
  })
  const accounts: Accounts = { verify: async () => ({ kind: 'accept', account: { ...anna, home } }) }
  const policies: Policy[] = [(inner) => inner]
  const { clock, events, enter } = doorWorld({ accounts, policies })
  assert.equal(isIn(await (await enter()).login(good)).files, made)
  now = undefined
  const refused = await fails(await enter(), clock, good)
  assert.match(refused.text, /try again later/u)
  assert.match(events.of('login-failed')[0]?.reason ?? '', /the home cannot be opened: no such/u)
})
