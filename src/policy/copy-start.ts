import { FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { OpenFile, Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'

const blockSize = 1024 * 1024

/** Copies the first bytes of a file into an open one, which is given up when that fails. */
export async function copyStart(store: Store, from: Path, to: OpenFile, bytes: number): Promise<void> {
  try {
    const source = await store.open(from, { read: true, inside: true })
    await transfer(source, () => copy(source, to, bytes))
  } catch (thrown) {
    await to.abort(new Error('the start could not be copied', { cause: thrown }))
    throw thrown
  }
}

async function copy(source: OpenFile, to: OpenFile, bytes: number): Promise<void> {
  const block = new Uint8Array(Math.min(blockSize, bytes))
  for (let at = 0; at < bytes;) {
    const count = await source.read(block.subarray(0, Math.min(block.length, bytes - at)), at)
    if (count === 0) throw new FileError('failed', 'the file became shorter')
    await to.write([block.subarray(0, count)], at)
    at += count
  }
}
