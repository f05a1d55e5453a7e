import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TrustError } from '../../core/error.ts'
import type { SecretWanted } from '../../core/remote.ts'
import { signerOf } from '../../ssh/private-key.ts'
import type { KeyToTry } from '../../ssh/client/key-to-try.ts'
import type { Signer } from '../../ssh/signer.ts'
import { freshKey } from '../../testing/ssh-world.ts'
import { rememberedAnswers, rememberedHosts } from './remembered.ts'

const passphrase: SecretWanted = {
  kind: 'passphrase',
  prompt: 'Passphrase',
  host: 'far',
  user: 'me',
  attempt: 1,
}

test('a passphrase that was typed is given again without asking, and nobody is asked any more', async () => {
  let asked = 0
  const ask = rememberedAnswers({
    secret: async ({ attempt }) => {
      asked += 1
      return attempt === 1 ? 'wrong' : 'right'
    },
    trust: async () => 'always',
  })
  await ask.secret(passphrase)
  await ask.secret({ ...passphrase, attempt: 2 })
  const key = {
    kind: 'host-key',
    host: 'far',
    port: 22,
    algorithm: 'x',
    fingerprint: 'x',
    trouble: 'x',
  } as const
  assert.equal(await ask.trust(key), 'always')
  ask.answered()
  assert.equal(await ask.secret(passphrase), 'right')
  assert.equal(await ask.secret({ ...passphrase, attempt: 2 }), undefined, 'not for ever')
  assert.equal(await ask.secret({ ...passphrase, host: 'other' }), undefined)
  assert.equal(await ask.trust(key), 'no')
  assert.equal(asked, 2)
})

test('keys that were read and host keys that were trusted count on, when their files are out of reach', async () => {
  let reachable = true
  const first = signerOf(freshKey())
  async function* keys(): AsyncGenerator<Signer> {
    if (reachable) yield first
  }
  const hosts = rememberedHosts({
    find: async ({ host }) => ({
      hostName: host,
      keyName: host,
      port: 22,
      user: 'me',
      through: [],
      keys: keys(),
      trust: {
        known: async () => [],
        check: async () => {
          if (!reachable) throw new TrustError('it is not known')
        },
      },
    }),
  })
  const shown = { host: 'far', port: 22, algorithm: 'ssh-ed25519', blob: first.blob }
  const seen = async (): Promise<readonly KeyToTry[]> => {
    const access = await hosts.find({ host: 'far' })
    await access.trust.check(shown)
    const all: KeyToTry[] = []
    for await (const key of access.keys) all.push(key)
    return all
  }
  assert.deepEqual(await seen(), [first])
  reachable = false
  assert.deepEqual(await seen(), [first])
  const { trust } = await hosts.find({ host: 'far' })
  await assert.rejects(trust.check({ ...shown, blob: Buffer.from('another') }), TrustError)
})

test('who knows the host hears of its other keys too', async () => {
  const heard: string[] = []
  const hosts = rememberedHosts({
    find: async ({ host }) => ({
      hostName: host,
      keyName: host,
      port: 22,
      user: 'me',
      through: [],
      keys: none(),
      trust: {
        known: async () => [],
        check: async () => undefined,
        rotated: async (name, port) => void heard.push(`${name}:${port}`),
      },
    }),
  })
  const { trust } = await hosts.find({ host: 'far' })
  await trust.rotated?.('far', 22, [])
  assert.deepEqual(heard, ['far:22'])
})

async function* none(): AsyncGenerator<KeyToTry> {
  yield* []
}
