import { FileError } from '../core/error.ts'
import type { Store } from '../core/store.ts'
import { descriptorConfinement, offersDescriptors } from './disk/descriptors.ts'
import { onDisk } from './disk/faults.ts'
import { owners } from './disk/owners.ts'
import { realPathConfinement } from './disk/real-paths.ts'
import { ConfinedStore } from './disk/store.ts'

export interface DiskStoreOptions {
  /**
   * What keeps everybody inside. `descriptors` (Linux, the default there): every directory is held while a path is
   * walked, and no race leads out. `real-paths` (elsewhere): every path is resolved and checked, right before its use.
   */
  readonly confinement?: 'descriptors' | 'real-paths'
}

/** A directory of this machine as a Store. */
export interface DiskStore extends Store {
  /** Waits for what is under way and lets go of the directory. Open files stay open. */
  close(): Promise<void>
}

/** Opens an existing directory; nothing outside of it can be reached through the store. */
export async function diskStore(root: string, options: DiskStoreOptions = {}): Promise<DiskStore> {
  const canHold = await offersDescriptors()
  const confinement = options.confinement ?? (canHold ? 'descriptors' : 'real-paths')
  if (confinement === 'real-paths')
    return new ConfinedStore(await onDisk(realPathConfinement(root)), await owners())
  if (!canHold) throw new FileError('unsupported', 'without /proc a directory cannot be held')
  return new ConfinedStore(await onDisk(descriptorConfinement(root)), await owners())
}
