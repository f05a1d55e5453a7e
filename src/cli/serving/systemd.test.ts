import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock, settle } from '../../testing/fake-clock.ts'
import type { SessionNow } from '../../server/serve.ts'
import { Systemd, type Tell } from './systemd.ts'

const asked = { NOTIFY_SOCKET: '/run/systemd/notify' }

function world(env: Record<string, string> = asked, refuse = false) {
  const clock = new FakeClock()
  const told: string[][] = []
  const warnings: string[] = []
  const sessions: Pick<SessionNow, 'transfers'>[] = []
  const server = {
    listeners: [
      { protocol: 'ftp', address: '::', port: 21 },
      { protocol: 'sftp', address: '::', port: 22 },
    ] as const,
    sessions: () => sessions as SessionNow[],
  }
  const tell: Tell = async (...words) => {
    if (refuse) throw new Error('no such program')
    told.push(words.filter((word) => !word.startsWith('--pid=') && !word.startsWith('MONOTONIC_USEC=')))
  }
  const systemd = new Systemd(server, clock, (text) => warnings.push(text), env, tell)
  return { clock, told, warnings, sessions, systemd }
}

test('systemd hears of readiness, and of sessions once there are others', async () => {
  const { clock, told, sessions, systemd } = world()
  systemd.ready()
  await clock.advance(30_000)
  sessions.push({ transfers: [] })
  await clock.advance(30_000)
  assert.deepEqual(told, [
    ['READY=1', 'STATUS=ftp 21, sftp 22: 0 sessions, 0 transfers'],
    ['STATUS=ftp 21, sftp 22: 1 session, 0 transfers'],
  ])
})

test('a watchdog hears twice in its time', async () => {
  const { clock, told, systemd } = world({
    ...asked,
    WATCHDOG_USEC: '8000000',
    WATCHDOG_PID: `${process.pid}`,
  })
  systemd.ready()
  await clock.advance(12_000)
  assert.deepEqual(told.slice(1), [['WATCHDOG=1'], ['WATCHDOG=1'], ['WATCHDOG=1']])
})

test('a watchdog of another process is none of ours', async () => {
  const { clock, told, systemd } = world({ ...asked, WATCHDOG_USEC: '8000000', WATCHDOG_PID: '1' })
  systemd.ready()
  await clock.advance(60_000)
  assert.equal(told.length, 1)
})

test('reading anew begins and ends, and nothing follows the end', async () => {
  const { clock, told, systemd } = world()
  systemd.ready()
  const reading = Promise.withResolvers<void>()
  const done = systemd.reloading(() => reading.promise)
  await settle()
  assert.deepEqual(told.at(-1), ['RELOADING=1', 'STATUS=reading the configuration'])
  reading.resolve()
  await done
  systemd.stopping()
  await systemd.reloading(async () => undefined)
  await clock.advance(60_000)
  assert.deepEqual(told.slice(2), [
    ['READY=1', 'STATUS=ftp 21, sftp 22: 0 sessions, 0 transfers'],
    ['STOPPING=1', 'STATUS=letting transfers end'],
  ])
})

test('without systemd nothing is told, and no timer runs', async () => {
  const { clock, told, systemd } = world({})
  systemd.ready()
  await systemd.reloading(async () => undefined)
  systemd.stopping()
  await settle()
  assert.deepEqual([told, clock.pending], [[], 0])
})

test('where it cannot be told, that is said once', async () => {
  const { clock, warnings, systemd } = world({ ...asked, WATCHDOG_USEC: '8000000' }, true)
  systemd.ready()
  await clock.advance(60_000)
  assert.deepEqual(warnings, ['systemd cannot be told how the server is: no such program'])
})
