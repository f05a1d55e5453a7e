import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { ProtocolError } from '../../core/error.ts'
import { blobOf } from '../public-key.ts'
import type { KeyFile } from './key-file.ts'
import { parseOpensshKey } from './openssh-key.ts'
import { parsePuttyKey } from './putty-key.ts'

/** Nobody's key file is so long. */
const longest = 64 * 1024

/**
 * Reads a private key file: of OpenSSH, PEM (PKCS#1, SEC 1, PKCS#8), or PuTTY (version 2 and 3). `written` is its text as `decodeText`
 * has it, as PuTTY proves each byte of the comment, in whatever letters that is.
 */
export function parseKeyFile(written: string): KeyFile {
  if (written.length > longest) throw new ProtocolError('this file is too long to be a key')
  // Editors put a byte order mark in front, and people empty lines.
  const text = written.trimStart()
  if (text.startsWith('PuTTY-User-Key-File-')) return parsePuttyKey(text)
  if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return parseOpensshKey(text)
  if (text.includes('PRIVATE KEY-----')) return parsePem(text)
  if (/^(?:ssh|ecdsa|sk)-[\w@.-]+ /mu.test(text)) {
    throw new ProtocolError('this is a public key: the private one is in the file without .pub')
  }
  throw new ProtocolError('this is no private key of a kind that is known')
}

function parsePem(text: string): KeyFile {
  const locked = text.includes('Proc-Type: 4,ENCRYPTED') || text.includes('BEGIN ENCRYPTED PRIVATE KEY')
  if (!locked) return { kind: 'open', key: readPem(text), comment: '' }
  return {
    kind: 'locked',
    comment: '',
    blob: undefined,
    unlock(passphrase) {
      try {
        return known(createPrivateKey({ key: text, format: 'pem', passphrase }))
      } catch (thrown) {
        if (thrown instanceof ProtocolError) throw thrown
        // OpenSSL tells a wrong passphrase from a broken file only by chance: the next try decides.
        return undefined
      }
    },
  }
}

function readPem(text: string): KeyObject {
  try {
    return known(createPrivateKey({ key: text, format: 'pem' }))
  } catch (cause) {
    if (cause instanceof ProtocolError) throw cause
    throw new ProtocolError('this private key cannot be read', { cause })
  }
}

/** PEM holds keys of more kinds than SSH has. */
function known(key: KeyObject): KeyObject {
  blobOf(createPublicKey(key))
  return key
}
