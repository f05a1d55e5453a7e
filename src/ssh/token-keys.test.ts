import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { LoginError } from '../core/error.ts'
import { signers, sshWorld } from '../testing/ssh-world.ts'
import { blobOf } from './public-key.ts'
import type { Signer } from './signer.ts'
import { Writer } from './wire/writer.ts'

const application = Buffer.from('ssh:')
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

const kinds = {
  'sk-ssh-ed25519@openssh.com': () => generateKeyPairSync('ed25519'),
  'sk-ecdsa-sha2-nistp256@openssh.com': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
} as const

/** What a token signs with: OpenSSH's PROTOCOL.u2f. `flags`: bit 0, somebody has touched it. */
function token(kind: keyof typeof kinds, flags: number, signs = application): Signer {
  const { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject } = kinds[kind]()
  return {
    blob: blobOf(publicKey, { kind, application }),
    algorithms: [kind],
    comment: kind,
    async sign(data, algorithm) {
      const counted = Uint8Array.of(flags, 0, 0, 0, 7)
      const told = Buffer.concat([sha256(signs), counted, sha256(data)])
      return new Writer(512)
        .string(algorithm)
        .string(made(kind, privateKey, told))
        .raw(counted)
        .done()
    },
  }
}

function made(kind: keyof typeof kinds, key: KeyObject, data: Uint8Array): Uint8Array {
  if (kind === 'sk-ssh-ed25519@openssh.com') return sign(null, data, key)
  const pair = sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })
  return new Writer(160).mpint(pair.subarray(0, 32)).mpint(pair.subarray(32)).done()
}

async function login(signer: Signer): Promise<void> {
  await using world = await sshWorld({
    accounts: (home) => [{ name: 'anna', keys: [signer.blob], home }],
  })
  const connection = await world.connect({ keys: signers(signer) })
  await connection.end()
}

for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
  test(`OpenSSH PROTOCOL.u2f: ${kind} lets in who holds the token and has touched it`, async () => {
    await login(token(kind, 1))
    await login(token(kind, 5)) // and has said a PIN
  })

  test(`OpenSSH PROTOCOL.u2f: ${kind} that nobody has touched, or that was made for something else, does not`, async () => {
    await assert.rejects(login(token(kind, 0)), LoginError)
    await assert.rejects(login(token(kind, 4)), LoginError)
    await assert.rejects(login(token(kind, 1, Buffer.from('https://elsewhere'))), LoginError)
  })
}
