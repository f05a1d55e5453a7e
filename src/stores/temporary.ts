import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskStore, type DiskStore } from './disk.ts'

/** A folder for a while, in the one that the system has for that. */
export interface Temporary {
  readonly store: DiskStore
  /** Where it is. */
  readonly folder: string
  /** Removes it and all that is in it. */
  remove(): Promise<void>
}

/** Makes such a folder, which nobody else may look into. */
export async function temporary(): Promise<Temporary> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-'))
  const store = await diskStore(folder)
  return {
    store,
    folder,
    async remove() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
