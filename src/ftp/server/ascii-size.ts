import type { Blocks } from '../../core/blocks.ts'
import type { Path } from '../../core/path.ts'
import type { OpenFile } from '../../core/store.ts'
import { transfer } from '../../core/transfer.ts'
import { LocalOffset, NetworkLength, type Resumption } from '../wire/ascii.ts'
import type { LoggedIn } from './logged-in.ts'
import { Refused } from './refused.ts'

/** Counting means reading: past this size the answer is to use TYPE I. */
const longestCounted = 64 * 1024 * 1024

/** How many bytes a file has as TYPE A sends it (RFC 3659 §4). */
export async function networkSize(file: OpenFile, blocks: Blocks): Promise<number> {
  const { size } = await file.stat()
  if (size > longestCounted)
    throw new Refused(550, 'That file is too large to be counted in ASCII, use TYPE I.')
  const length = new NetworkLength()
  await scan(file, blocks, (bytes) => {
    length.add(bytes)
    return false
  })
  return length.length
}

/** The place in a file of an offset that counts bytes as TYPE A sends them. */
export async function localOffset(file: OpenFile, offset: number, blocks: Blocks): Promise<Resumption> {
  if (offset === 0) return { local: 0, before: 0 }
  const scanner = new LocalOffset(offset)
  let found: Resumption | undefined
  await scan(file, blocks, (bytes) => {
    found = scanner.scan(bytes)
    return found !== undefined
  })
  if (found === undefined) throw new Refused(554, `The file ends before ${offset}.`)
  return found
}

/** The same for a file that is not open yet. */
export async function localOffsetAt(login: LoggedIn, path: Path, offset: number): Promise<number> {
  // An offset in the old file would be taken for one in the newer part, which is another text.
  if ((await login.files.stat(path)).unfinished !== undefined)
    throw new Refused(550, 'Your newer upload of this file stopped: go on in TYPE I, or begin anew.')
  const file = await login.files.open(path, { read: true, inside: true })
  return transfer(file, async () => (await localOffset(file, offset, login.visit.server.blocks)).local)
}

async function scan(file: OpenFile, blocks: Blocks, done: (bytes: Uint8Array) => boolean): Promise<void> {
  const block = blocks.take(Number.MAX_SAFE_INTEGER)
  try {
    for (let at = 0; ;) {
      const count = await file.read(block.bytes, at)
      if (count === 0 || done(block.bytes.subarray(0, count))) return
      at += count
    }
  } finally {
    block.release()
  }
}
