import { FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { Login } from '../core/session.ts'
import type { OpenFile, Store } from '../core/store.ts'

const blockSize = 1024 * 1024

/** Copies the first bytes of a file of a store into an open one. Stops between two blocks when the login ends. */
export async function copyStart(
  store: Store,
  from: Path,
  to: OpenFile,
  length: number,
  login: Login,
): Promise<void> {
  const source = await store.open(from, { read: true, inside: true })
  try {
    const block = new Uint8Array(Math.min(blockSize, length))
    for (let at = 0; at < length;) {
      login.signal.throwIfAborted()
      const count = await source.read(block.subarray(0, Math.min(block.length, length - at)), at)
      if (count === 0) throw new FileError('failed', 'the file became shorter while it was copied')
      await to.write([block.subarray(0, count)], at)
      at += count
    }
  } finally {
    await source.close()
  }
}
