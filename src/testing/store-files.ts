import { parsePath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'

/** Puts a file into a store, as a transfer would. */
export async function putFile(store: Store, path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const file = await store.open(parsePath(path), { write: true, create: 'allow', truncate: true })
  await transfer(file, () => file.write([bytes], 0))
}

/** What a file holds, as text. */
export async function fileText(store: Store, path: string): Promise<string> {
  const file = await store.open(parsePath(path), { read: true })
  return transfer(file, async () => {
    const bytes = Buffer.alloc((await file.stat()).size)
    for (let at = 0; at < bytes.length;) {
      const count = await file.read(bytes.subarray(at), at)
      if (count === 0) break
      at += count
    }
    return bytes.toString()
  })
}
