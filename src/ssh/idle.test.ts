import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../core/clock.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { sshWorld } from '../testing/ssh-world.ts'
import type { Channel } from './channel.ts'

const minute = 60_000

/** A session whose client is silent, as its clock stands still; and the server's end of its channel. */
async function silent() {
  const clock = new FakeClock()
  const begun = Promise.withResolvers<Channel>()
  const world = await sshWorld({
    clock,
    services: {
      sftp: async (channel) => {
        begun.resolve(channel)
        await channel.read()
        return 0
      },
    },
  })
  const client = await world.connect({ clock: systemClock })
  await client.openSubsystem('sftp')
  return { clock, world, channel: await begun.promise }
}

test('a session in which nothing is said for a quarter of an hour is ended', async () => {
  const { clock, world } = await silent()
  await clock.advance(14 * minute)
  assert.equal(world.server.sessions, 1)
  await clock.advance(2 * minute)
  assert.equal(world.server.sessions, 0)
  assert.match(world.told('closed')[0]?.reason ?? '', /Nothing was heard for 900 s/u)
  await world.server.close()
})

test('a client that waits for a long work which gets on is not taken for idle', async () => {
  const { clock, world, channel } = await silent()
  for (let time = 0; time < 60; time += 10) {
    await clock.advance(10 * minute)
    channel.stir()
  }
  assert.equal(world.server.sessions, 1)
  await clock.advance(16 * minute)
  assert.equal(world.server.sessions, 0)
  await world.server.close()
})
