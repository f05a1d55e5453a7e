import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { LoginError, ProtocolError } from '../../core/error.ts'
import { blobOf, isSignature, parsePublicKey } from '../../ssh/public-key.ts'
import { identityIn } from './identity.ts'

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-identity-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

/** Whoever is asked for a passphrase says these, one after the other. */
function owner(...answers: string[]) {
  const asked: number[] = []
  const secret = async ({ attempt }: { attempt: number }): Promise<string | undefined> => {
    asked.push(attempt)
    return answers.shift()
  }
  return { asked, ask: { secret, trust: async () => 'no' as const }, host: 'far', user: 'anna' }
}

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const blob = Buffer.from(blobOf(publicKey))
const line = `ssh-ed25519 ${blob.toString('base64')} anna@home\n`
const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'right' })

test('a passphrase is asked for with the first signature, once, where the public key is known', async (t) => {
  const folder = await folderFor(t)
  await writeFile(join(folder, 'key'), locked)
  await writeFile(join(folder, 'key.pub'), line)
  const anna = owner('wrong', 'right')
  const key = await (await identityIn(join(folder, 'key'), anna, true))?.open()
  assert.ok(key !== undefined && 'sign' in key)
  assert.deepEqual(anna.asked, [])
  assert.deepEqual(Buffer.from(key.blob), blob)
  const data = Buffer.from('data')
  for (let round = 0; round < 2; round += 1) {
    const signature = await key.sign(data, 'ssh-ed25519')
    assert.ok(isSignature(parsePublicKey(blob), 'ssh-ed25519', data, signature))
  }
  assert.deepEqual(anna.asked, [1, 2])
})

test('without its public key a locked file is opened when its turn comes, and told where it does not open', async (t) => {
  const folder = await folderFor(t)
  const file = join(folder, 'key')
  await writeFile(file, locked)
  const key = await (await identityIn(file, owner('right'), false))?.open()
  assert.ok(key !== undefined && 'sign' in key)
  const silent = await (await identityIn(file, owner(), false))?.open()
  assert.match(JSON.stringify(silent), /unusable.*key: it has a passphrase, which nobody has said/u)
  const wrong = await (await identityIn(file, owner('a', 'b', 'c', 'right'), false))?.open()
  assert.match(JSON.stringify(wrong), /key: the passphrase was wrong 3 times/u)
})

test('a public key that is not its own signs nothing', async (t) => {
  const folder = await folderFor(t)
  const file = join(folder, 'key')
  await writeFile(file, locked)
  const other = Buffer.from(blobOf(generateKeyPairSync('ed25519').publicKey)).toString('base64')
  await writeFile(`${file}.pub`, `ssh-ed25519 ${other}\n`)
  const key = await (await identityIn(file, owner('right'), true))?.open()
  assert.ok(key !== undefined && 'sign' in key)
  await assert.rejects(key.sign(Buffer.from('data'), 'ssh-ed25519'), ProtocolError)
  const nobody = await (await identityIn(file, owner(), true))?.open()
  assert.ok(nobody !== undefined && 'sign' in nobody)
  await assert.rejects(nobody.sign(Buffer.from('data'), 'ssh-ed25519'), LoginError)
})

test('what is not there is told only to who has named it; a public key alone is an agent’s to sign with', async (t) => {
  const folder = await folderFor(t)
  const file = join(folder, 'key')
  assert.equal(await identityIn(file, owner(), false), undefined)
  assert.deepEqual(await (await identityIn(file, owner(), true))?.open(), {
    unusable: `${file}: cannot be read`,
  })
  await writeFile(`${file}.pub`, line)
  for (const name of [file, `${file}.pub`]) {
    const found = await identityIn(name, owner(), true)
    assert.deepEqual(Buffer.from(found?.blob ?? ''), blob)
    assert.match(JSON.stringify(await found?.open()), /a public key alone/u)
  }
})

test('a broken file is told and not thrown, also a public key that is broken beside a locked one', async (t) => {
  const folder = await folderFor(t)
  const file = join(folder, 'key')
  await writeFile(file, 'no key')
  assert.match(
    JSON.stringify(await (await identityIn(file, owner(), false))?.open()),
    /this is no private key/u,
  )
  await writeFile(file, locked)
  await writeFile(`${file}.pub`, 'ssh-ed25519 QUFBQUFBQUFBQUFBQUFBQQ==\n')
  assert.match(JSON.stringify(await (await identityIn(file, owner(), false))?.open()), /unusable/u)
})
