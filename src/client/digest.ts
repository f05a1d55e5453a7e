import { FileError } from '../core/error.ts'
import type { HashName } from '../core/remote.ts'
import { transfer } from '../core/transfer.ts'
import { isRemote, type End } from './end.ts'

export const hashNames: readonly HashName[] = ['sha256', 'sha512', 'sha1', 'md5', 'crc32']

/** The hash of a file in hexadecimal: made over there where that can be, else from its bytes. */
export async function digest(end: End, algorithm: HashName): Promise<string> {
  if (isRemote(end.store)) {
    try {
      return (await end.store.hash(end.path, algorithm)).toLowerCase()
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault !== 'unsupported') throw thrown
    }
  }
  return digestByReading(end, algorithm)
}

/** The first hash that a remote store can make of a file; undefined: it can make none. */
export async function digestOverThere(
  end: End,
): Promise<{ readonly algorithm: HashName; readonly value: string } | undefined> {
  if (!isRemote(end.store)) return { algorithm: 'sha256', value: await digestByReading(end, 'sha256') }
  for (const algorithm of hashNames) {
    try {
      return { algorithm, value: (await end.store.hash(end.path, algorithm)).toLowerCase() }
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault !== 'unsupported') throw thrown
    }
  }
  return undefined
}

async function digestByReading({ store, path }: End, algorithm: HashName): Promise<string> {
  const file = await store.open(path, { read: true, inside: true })
  return transfer(file, async () => {
    const taking = algorithm === 'crc32' ? await crcOf() : await hashOf(algorithm)
    const block = Buffer.allocUnsafe(1024 * 1024)
    for (let at = 0; ;) {
      const count = await file.read(block, at)
      if (count === 0) return taking.value()
      taking.add(block.subarray(0, count))
      at += count
    }
  })
}

interface Taking {
  add(bytes: Uint8Array): void
  value(): string
}

/** Most copies are compared by their size: what makes sums is loaded by who asks for them. */
async function crcOf(): Promise<Taking> {
  const { crc32 } = await import('node:zlib')
  let sum = 0
  return {
    add: (bytes) => {
      sum = crc32(bytes, sum)
    },
    value: () => sum.toString(16).padStart(8, '0'),
  }
}

async function hashOf(algorithm: string): Promise<Taking> {
  const { createHash } = await import('node:crypto')
  const hash = createHash(algorithm)
  return { add: (bytes) => void hash.update(bytes), value: () => hash.digest('hex') }
}
