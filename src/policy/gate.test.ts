import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerEvent } from '../core/event.ts'
import { openDatabase } from '../database/database.ts'
import { sqliteBans } from '../database/bans.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { banDefaults, Bans, type Ban } from './bans.ts'
import { Gate } from './gate.ts'

function world(settings: Partial<typeof banDefaults> = {}) {
  const clock = new FakeClock()
  const database = openDatabase(':memory:')
  const told: Ban[] = []
  const make = () =>
    new Bans(clock, sqliteBans(database), { ...banDefaults, ...settings }, (ban) => told.push(ban))
  const bans = make()
  return { clock, database, told, make, bans, gate: new Gate(clock, {}, bans) }
}

function failure(address: string, rule: string, protocol: 'ftp' | 'tftp' = 'ftp'): ServerEvent {
  const peer = { address, port: 5 }
  return { kind: 'login-failed', session: 's', protocol, peer, user: 'x', reason: 'wrong', rule }
}

test('who guesses is banned for a while, and the ban outlives the process', async () => {
  const { clock, bans, gate, make, told } = world({ threshold: 3, banMs: 60_000 })
  for (let times = 0; times < 2; times += 1) bans.emit(failure('192.0.2.9', 'credentials'))
  assert.equal(gate.entering('192.0.2.9'), undefined)
  bans.emit(failure('192.0.2.9', 'unknown user'))
  assert.equal(gate.entering('192.0.2.9')?.rule, 'ban')
  assert.equal(gate.entering('192.0.2.8'), undefined)
  assert.equal(told.length, 1)
  const again = new Gate(clock, {}, make())
  assert.equal(again.entering('192.0.2.9')?.rule, 'ban')
  await clock.advance(60_001)
  assert.equal(gate.entering('192.0.2.9'), undefined)
  assert.equal(again.entering('192.0.2.9'), undefined)
})

/** A clock that is turned by hand, and whose wall clock alone can jump. */
class JumpingClock extends FakeClock {
  jumped = 0

  override now(): number {
    return super.now() + this.jumped
  }
}

test('a ban lasts no longer where the clock jumps back, also when bans are read anew', async () => {
  const clock = new JumpingClock()
  const bans = new Bans(clock, sqliteBans(openDatabase(':memory:')), banDefaults, () => undefined)
  bans.add('192.0.2.9', 60_000, 'why')
  clock.jumped = -86_400_000
  bans.reload()
  await clock.advance(59_000)
  assert.equal(bans.of('192.0.2.9')?.reason, 'why')
  await clock.advance(1001)
  assert.equal(bans.of('192.0.2.9'), undefined)
})

test('a ban of the run before lasts no longer where the machine learns the time after the start', async () => {
  const clock = new JumpingClock()
  const store = sqliteBans(openDatabase(':memory:'))
  store.putBan({ network: '192.0.2.9', ends: clock.now() + 60_000, reason: 'why' })
  clock.jumped = -clock.now()
  const bans = new Bans(clock, store, banDefaults, () => undefined)
  assert.equal(bans.of('192.0.2.9')?.reason, 'why')
  clock.jumped = 0
  await clock.advance(60_001)
  assert.equal(bans.of('192.0.2.9'), undefined)
})

test('who is let in again by hand begins anew, and bans that are over are forgotten', async () => {
  const { clock, database, bans, gate } = world({ threshold: 3, banMs: 60_000 })
  for (const address of ['192.0.2.9', '192.0.2.8'])
    for (let times = 0; times < 3; times += 1) bans.emit(failure(address, 'credentials'))
  const kept = sqliteBans(database)
  kept.removeBan('192.0.2.9')
  kept.removeScore('192.0.2.9')
  bans.reload()
  bans.emit(failure('192.0.2.9', 'credentials'))
  assert.equal(gate.entering('192.0.2.9'), undefined)
  assert.equal(gate.entering('192.0.2.8')?.rule, 'ban')
  await clock.advance(60_001)
  bans.reload()
  assert.deepEqual(kept.bans(), [])
})

test('a threshold of one bans at once, and of nothing nobody', () => {
  for (const [threshold, banned] of [
    [1, true],
    [0, false],
  ] as const) {
    const { bans, gate } = world({ threshold })
    bans.emit(failure('192.0.2.9', 'credentials'))
    assert.equal(gate.entering('192.0.2.9') !== undefined, banned)
  }
})

test('a score halves with time, outlives the process, and a clock that jumps back does not make it grow', async () => {
  const { clock, bans, make, told } = world({ threshold: 4, halfLifeMs: 1000 })
  for (let times = 0; times < 3; times += 1) bans.emit(failure('192.0.2.9', 'credentials'))
  await clock.advance(2000)
  const second = make()
  for (let times = 0; times < 3; times += 1) second.emit(failure('192.0.2.9', 'credentials'))
  assert.equal(told.length, 0)
  second.emit(failure('192.0.2.9', 'credentials'))
  assert.equal(told.length, 1)
})

test('a whole /64 of IPv6 is one, and what is no fault of the peer does not count', () => {
  const { bans, gate } = world({ threshold: 3 })
  for (const at of [1, 2, 3]) bans.emit(failure(`2001:db8::${at}`, 'credentials'))
  assert.equal(gate.entering('2001:db8::ffff')?.rule, 'ban')
  for (let times = 0; times < 50; times += 1) bans.emit(failure('192.0.2.9', 'sessions'))
  for (let times = 0; times < 50; times += 1) bans.emit(failure('127.0.0.1', 'credentials'))
  assert.equal(gate.entering('192.0.2.9'), undefined)
  assert.equal(gate.entering('127.0.0.1'), undefined)
})

test('who comes while others fill the server is not banned for it, who fills it is', () => {
  const { bans, gate } = world({ threshold: 3 })
  const peer = { address: '192.0.2.9', port: 5 }
  const turnedAway = (rule: string): void =>
    bans.emit({ kind: 'turned-away', protocol: 'ftp', peer, reason: 'too many', rule })
  for (let times = 0; times < 50; times += 1) turnedAway('connections')
  for (let times = 0; times < 50; times += 1) turnedAway('ledger')
  assert.equal(gate.entering(peer.address), undefined)
  for (let times = 0; times < 6; times += 1) turnedAway('connectionsPerAddress')
  assert.equal(gate.entering(peer.address)?.rule, 'ban')
})

test('datagrams whose sender nobody knows ban nobody and forgive nobody, and guests are forgiven nothing', () => {
  const { bans, gate } = world({ threshold: 3 })
  const peer = { address: '192.0.2.9', port: 5 }
  const who = { session: 's', peer }
  for (let times = 0; times < 50; times += 1) {
    bans.emit({ kind: 'turned-away', protocol: 'tftp', peer, reason: 'too many transfers with it' })
    bans.emit(failure(peer.address, 'unknown user', 'tftp'))
  }
  assert.equal(gate.entering(peer.address), undefined)
  for (let times = 0; times < 3; times += 1) {
    bans.emit(failure(peer.address, 'credentials'))
    bans.emit({ kind: 'login', ...who, protocol: 'tftp', account: 'anna' })
    bans.emit({ kind: 'login', ...who, protocol: 'ftp', account: 'anonymous' })
  }
  assert.equal(gate.entering(peer.address)?.rule, 'ban')
})

test('bans are made and taken back by hand, also by another program', () => {
  const { bans, gate, make } = world()
  assert.equal(bans.add('192.0.2.0/24', undefined, 'by hand'), true)
  assert.equal(bans.add('nonsense', undefined, 'by hand'), false)
  assert.match(gate.entering('192.0.2.77')?.reason ?? '', /by hand/u)
  const other = make()
  assert.equal(other.remove('192.0.2.0/24'), true)
  bans.reload()
  assert.equal(gate.entering('192.0.2.77'), undefined)
})

test('lists of networks: the longest that holds an address decides, and with allowed ones all others are not', () => {
  const clock = new FakeClock()
  const gate = new Gate(clock, { allow: ['10.0.0.0/8', '10.9.9.9'], deny: ['10.9.0.0/16'] })
  assert.equal(gate.entering('10.1.1.1'), undefined)
  assert.equal(gate.entering('10.9.1.1')?.rule, 'deny 10.9.0.0/16')
  assert.equal(gate.entering('10.9.9.9'), undefined)
  assert.equal(gate.entering('192.0.2.1')?.rule, 'allow')
  gate.use({})
  assert.equal(gate.entering('192.0.2.1'), undefined)
})

test('an address may connect and try so often in a minute, and other addresses do not notice', async () => {
  const clock = new FakeClock()
  const gate = new Gate(clock, { connectionsPerMinute: 3, loginsPerMinute: 2 })
  const enter = (address: string) => gate.entering(address)?.rule
  assert.deepEqual(
    [1, 2, 3, 4].map(() => enter('192.0.2.1')),
    [undefined, undefined, undefined, 'connectionsPerMinute'],
  )
  assert.equal(enter('192.0.2.2'), undefined)
  await clock.advance(20_000)
  assert.equal(enter('192.0.2.1'), undefined)
  assert.equal(enter('192.0.2.1'), 'connectionsPerMinute')
  assert.deepEqual(
    [1, 2, 3].map(() => gate.trying('192.0.2.1')?.rule),
    [undefined, undefined, 'loginsPerMinute'],
  )
})

test('what is remembered of strangers has a limit', () => {
  const gate = new Gate(new FakeClock(), { connectionsPerMinute: 1 })
  for (let at = 0; at < 120_000; at += 1) gate.entering(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
  assert.equal(gate.entering('10.1.212.191')?.rule, 'connectionsPerMinute')
})
