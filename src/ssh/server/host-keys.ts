import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { signerOf } from '../private-key.ts'
import type { Signer } from '../signer.ts'

/** Keeps what was made once: gives what is kept under a name, or what `make` gives now. */
export type Keep = (name: string, make: () => Promise<Uint8Array>) => Promise<Uint8Array>

/** Without a place to keep them, keys live as long as the server. */
export const keepNothing: Keep = (_name, make) => make()

/** The host keys of a server, made when they are first needed. */
export async function hostKeys(keep: Keep): Promise<readonly Signer[]> {
  return [
    await one(keep, 'ssh_host_ed25519_key.pem', () => made((done) => generateKeyPair('ed25519', {}, done))),
    await one(keep, 'ssh_host_ecdsa_key.pem', () =>
      made((done) => generateKeyPair('ec', { namedCurve: 'P-256' }, done)),
    ),
    await one(keep, 'ssh_host_rsa_key.pem', () =>
      made((done) => generateKeyPair('rsa', { modulusLength: 3072 }, done)),
    ),
  ]
}

/** Each algorithm, and the first key that signs by it; the first in the list is the one we like best. */
export function byAlgorithm(keys: readonly Signer[]): ReadonlyMap<string, Signer> {
  const found = new Map<string, Signer>()
  for (const key of keys)
    for (const algorithm of key.algorithms) if (!found.has(algorithm)) found.set(algorithm, key)
  return found
}

async function one(keep: Keep, name: string, make: () => Promise<KeyObject>): Promise<Signer> {
  const pem = await keep(name, async () =>
    Buffer.from((await make()).export({ format: 'pem', type: 'pkcs8' })),
  )
  return signerOf(createPrivateKey(Buffer.from(pem)), name)
}

type Done = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) => void

function made(generate: (done: Done) => void): Promise<KeyObject> {
  return new Promise((resolve, reject) => {
    generate((error, _publicKey, privateKey) => {
      if (error === null) resolve(privateKey)
      else reject(error)
    })
  })
}
