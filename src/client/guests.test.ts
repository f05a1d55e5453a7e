import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MemoryAccount } from '../accounts/memory.ts'
import { LoginError } from '../core/error.ts'
import type { Ask } from '../core/remote.ts'
import { ftpWorld, type FtpWorld } from '../testing/ftp-world.ts'
import { whileTurning } from '../testing/while-turning.ts'
import { connect, type ConnectOptions } from './connect.ts'

type Account = Omit<MemoryAccount, 'home'>

async function worldOf(account: Account): Promise<FtpWorld> {
  return ftpWorld({ accounts: (home) => [{ ...account, home }] })
}

/** Who answers each question for a password with the next of these, and what was asked. */
function answering(...answers: readonly string[]) {
  const asked: number[] = []
  const left = [...answers]
  const ask: Partial<Ask> = {
    secret: async ({ attempt }) => {
      asked.push(attempt)
      return left.shift()
    },
  }
  return { ask, asked }
}

async function enter({ network, clock }: FtpWorld, url: string, more: ConnectOptions): Promise<void> {
  await using remote = await whileTurning(clock, connect(url, { network, clock, ...more }))
  assert.equal(await remote.exists('/'), true)
}

test('RFC 1635 a guest is asked for no password', async () => {
  await using world = await worldOf({ name: 'guest', anonymous: true })
  for (const guest of ['', 'anonymous@', 'ftp@', 'Anonymous@']) {
    const { ask, asked } = answering()
    await enter(world, `ftp://${guest}192.0.2.1/`, { ask })
    assert.deepEqual(asked, [], guest)
  }
})

test('a user who is called ftp and is no guest is asked once the server has refused him as one', async () => {
  await using world = await worldOf({ name: 'ftp', password: 'secret' })
  const { ask, asked } = answering('secret')
  await enter(world, 'ftp://ftp@192.0.2.1/', { ask })
  assert.deepEqual(asked, [1])
})

test('a password that is known is said for a guest too, and nobody is asked', async () => {
  await using world = await worldOf({ name: 'ftp', password: 'secret' })
  const { ask, asked } = answering()
  await enter(world, 'ftp://ftp:secret@192.0.2.1/', { ask })
  await enter(world, 'ftp://ftp@192.0.2.1/', { ask, password: 'secret' })
  assert.deepEqual(asked, [])
})

test('where guests are not let in, who has said no name is told to, and not asked for a password of anonymous', async () => {
  await using world = await worldOf({ name: 'anna', password: 'secret' })
  const { ask, asked } = answering('secret')
  await assert.rejects(enter(world, 'ftp://192.0.2.1/', { ask }), (error) => {
    assert.ok(error instanceof LoginError)
    assert.match(error.message, /lets no guests in/u)
    assert.equal(error.facts.hint, 'Say who you are: ftp://NAME@HOST/.')
    return true
  })
  assert.deepEqual(asked, [])
})
