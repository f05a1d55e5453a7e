import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { FileError } from '../../../core/error.ts'
import { parsePath } from '../../../core/path.ts'
import { transfer } from '../../../core/transfer.ts'
import { writeExtendedAnswer, type Extended } from '../../wire/extension.ts'
import type { Answer } from '../../wire/reply.ts'
import type { Visit } from '../visit.ts'

type Span = Omit<Extended<'check-file-handle'>, 'handle'>
type Read = (into: Uint8Array, at: number) => Promise<number>

/** draft-ietf-secsh-filexfer-extensions-00 §3: hashes of a file, or of each block of it. */
export async function checkFileName(visit: Visit, asked: Extended<'check-file-name'>): Promise<Answer> {
  const file = await visit.files.open(parsePath(asked.path), { read: true, inside: true })
  return transfer(file, () => check(visit, asked, (into, at) => file.read(into, at)))
}

export function checkFileHandle(visit: Visit, asked: Extended<'check-file-handle'>): Promise<Answer> {
  const handle = visit.handles.file(asked.handle)
  return check(visit, asked, (into, at) => handle.read(into, at))
}

/** The draft's names of hashes that are made here. */
const algorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'crc32']
const smallestBlock = 256
const mostHashes = 2000

async function check(visit: Visit, asked: Span, read: Read): Promise<Answer> {
  const algorithm = asked.algorithms.split(',').find((name) => algorithms.includes(name))
  if (algorithm === undefined) throw new FileError('unsupported', `hashes here are ${algorithms.join(', ')}`)
  if (asked.block !== 0 && asked.block < smallestBlock) {
    throw new FileError('invalid', `blocks of less than ${smallestBlock} bytes are not hashed`)
  }
  const end = asked.length === 0 ? Infinity : asked.offset + asked.length
  const step = asked.block === 0 ? Infinity : asked.block
  const hashes: Uint8Array[] = []
  for (let at = asked.offset; at < end;) {
    const { digest, count } = await hashOf(visit, algorithm, read, at, Math.min(end, at + step))
    if (count > 0 || hashes.length === 0) hashes.push(digest)
    if (hashes.length > mostHashes) throw new FileError('invalid', 'that are too many blocks for one answer')
    if (count < step) break
    at += count
  }
  return {
    kind: 'extended',
    data: writeExtendedAnswer('hash', { algorithm, hashes: Buffer.concat(hashes) }),
  }
}

async function hashOf(
  visit: Visit,
  algorithm: string,
  read: Read,
  from: number,
  until: number,
): Promise<{ digest: Uint8Array; count: number }> {
  const hash = algorithm === 'crc32' ? cyclic() : createHash(algorithm)
  const block = visit.blocks.take(Math.min(until - from, 256 * 1024))
  let at = from
  try {
    while (at < until) {
      visit.signal.throwIfAborted()
      visit.stir()
      const room = Math.min(block.bytes.length, until - at)
      const count = await read(block.bytes.subarray(0, room), at)
      if (count === 0) break
      hash.update(block.bytes.subarray(0, count))
      at += count
    }
  } finally {
    block.release()
  }
  return { digest: hash.digest(), count: at - from }
}

function cyclic(): { update(bytes: Uint8Array): void; digest(): Uint8Array } {
  let value = 0
  return {
    update(bytes) {
      value = crc32(bytes, value)
    },
    digest() {
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, value)
      return bytes
    },
  }
}
