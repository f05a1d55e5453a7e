import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { LoginError, ProtocolError } from '../../core/error.ts'
import type { Ask } from '../../core/remote.ts'
import { decodeText } from '../../core/text.ts'
import type { KeyToTry } from '../../ssh/client/key-to-try.ts'
import type { KeyFile } from '../../ssh/keys/key-file.ts'
import { parseKeyFile } from '../../ssh/keys/parse-key-file.ts'
import { signerOf } from '../../ssh/private-key.ts'
import type { Signer } from '../../ssh/signer.ts'
import { signingAlgorithms } from '../../ssh/signing-algorithms.ts'
import { Reader } from '../../ssh/wire/reader.ts'

/** A key of the user's, as far as its files tell. */
export interface Identity {
  /** The public key, where it is known before a passphrase is: an agent may hold the private one. */
  readonly blob: Uint8Array | undefined
  open(): Promise<KeyToTry>
}

/** Who is asked for a passphrase, and for whom. */
export interface IdentityOwner {
  readonly ask: Ask
  readonly host: string
  readonly user: string
}

const mostAsked = 3

/**
 * What a file is that `IdentityFile` names: a private key, or only a public one, whose private half is an agent's. undefined: there
 * is none, and nobody has named it.
 */
export async function identityIn(
  file: string,
  owner: IdentityOwner,
  isNamed: boolean,
): Promise<Identity | undefined> {
  const text = await readText(file)
  const blob = publicBlobIn(text ?? '') ?? publicBlobIn((await readText(`${file}.pub`)) ?? '')
  const unusable = (why: string): Identity => ({ blob, open: async () => ({ unusable: `${file}: ${why}` }) })
  if (text === undefined && blob === undefined) return isNamed ? unusable('cannot be read') : undefined
  if (text === undefined || publicBlobIn(text) !== undefined) {
    return unusable('a public key alone: the private one is neither beside it nor in an agent')
  }
  try {
    return fromFile(file, parseKeyFile(text), blob, owner)
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return unusable(thrown.message)
    throw thrown
  }
}

/** The text of a file as `decodeText` has it; undefined: it is not there, or not for us. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return decodeText(await readFile(path))
  } catch {
    return undefined
  }
}

/** The key of a `.pub` file. */
function publicBlobIn(text: string): Uint8Array | undefined {
  const [, encoded] =
    /^\s*(?:ssh|ecdsa|sk)-[\w@.-]+[ \t]+([A-Za-z0-9+/]{16,}={0,2})(?:\s|$)/u.exec(text) ?? []
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64')
}

function fromFile(
  file: string,
  found: KeyFile,
  beside: Uint8Array | undefined,
  owner: IdentityOwner,
): Identity {
  if (found.kind === 'open') {
    const signer = signerOf(found.key, file)
    return { blob: signer.blob, open: async () => signer }
  }
  const blob = found.blob ?? beside
  return {
    blob,
    async open() {
      try {
        if (blob !== undefined) return lockedSigner(file, blob, () => unlock(file, found.unlock, owner))
        return signerOf(await unlock(file, found.unlock, owner), file)
      } catch (thrown) {
        if (!(thrown instanceof LoginError || thrown instanceof ProtocolError)) throw thrown
        return { unusable: `${file}: ${thrown.message}` }
      }
    },
  }
}

/** A key whose passphrase is asked for with the first signature, and once. */
function lockedSigner(file: string, blob: Uint8Array, unlocked: () => Promise<KeyObject>): Signer {
  let signer: Promise<Signer> | undefined
  const opened = async (): Promise<Signer> => {
    const found = signerOf(await unlocked(), file)
    if (Buffer.compare(found.blob, blob) === 0) return found
    throw new ProtocolError(`it is not the private half of ${file}.pub`)
  }
  return {
    blob,
    algorithms: signingAlgorithms(new Reader(blob).text()),
    comment: file,
    async sign(data, algorithm) {
      signer ??= opened()
      return (await signer).sign(data, algorithm)
    },
  }
}

async function unlock(
  file: string,
  key: (passphrase: string) => KeyObject | undefined,
  { ask, host, user }: IdentityOwner,
): Promise<KeyObject> {
  for (let attempt = 1; attempt <= mostAsked; attempt += 1) {
    const prompt = `Passphrase of ${file}`
    const passphrase = await ask.secret({ kind: 'passphrase', prompt, host, user, attempt })
    if (passphrase === undefined || passphrase === '') {
      throw new LoginError('it has a passphrase, which nobody has said; an ssh-agent keeps it open (ssh-add)')
    }
    const found = key(passphrase)
    if (found !== undefined) return found
  }
  throw new LoginError(`the passphrase was wrong ${mostAsked} times`)
}
