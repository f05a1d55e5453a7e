import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { OpenFile } from '../../core/store.ts'
import type { HashName } from '../wire/hash-name.ts'
import type { LoggedIn } from './logged-in.ts'
import type { Span } from './send-file.ts'
import { Refused } from './refused.ts'
import { moved } from './running.ts'
import type { Running } from './visit.ts'

interface Hash {
  update(bytes: Uint8Array): void
  digest(): string
}

/** The hash of a part of a file, in small hexadecimal digits. */
export async function hashOf(
  login: LoggedIn,
  run: Running,
  file: OpenFile,
  name: HashName,
  span: Span,
): Promise<string> {
  const hash = begin(name)
  const block = login.visit.server.blocks.take(span.until - span.from)
  try {
    for (let at = span.from; at < span.until;) {
      if (run.abort.aborted) throw new Refused(426, 'Stopped.')
      const room = Math.min(block.bytes.length, span.until - at)
      const count = await file.read(block.bytes.subarray(0, room), at)
      if (count === 0) break
      hash.update(block.bytes.subarray(0, count))
      at += count
      moved(login, run, count)
    }
  } finally {
    block.release()
  }
  return hash.digest()
}

function begin(name: HashName): Hash {
  if (name === 'CRC32') return cyclic()
  const hash = createHash(name.toLowerCase().replace('sha-', 'sha'))
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') }
}

function cyclic(): Hash {
  let value = 0
  return {
    update(bytes) {
      value = crc32(bytes, value)
    },
    digest: () => value.toString(16).padStart(8, '0'),
  }
}
