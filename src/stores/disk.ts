import { resolve } from 'node:path'
import { FileError } from '../core/error.ts'
import type { Store } from '../core/store.ts'
import type { Confinement } from './disk/confinement.ts'
import { descriptorConfinement, offersDescriptors } from './disk/descriptors.ts'
import { onDisk } from './disk/faults.ts'
import { keptOutOf } from './disk/kept-out.ts'
import { owners } from './disk/owners.ts'
import { Place } from './disk/place.ts'
import { realPathConfinement } from './disk/real-paths.ts'
import type { LargeReads } from './disk/quick-calls.ts'
import { ConfinedStore } from './disk/store.ts'

/** What a store on a disk may do otherwise. */
export interface DiskStoreOptions {
  /**
   * What keeps everybody inside. `descriptors` (Linux, the default there): every directory is held while a path is
   * walked, and no race leads out. `real-paths` (elsewhere): every path is resolved and checked, right before its use.
   */
  readonly confinement?: 'descriptors' | 'real-paths'
  /** Lets go of the directory when nobody holds the store any more: for homes, of which there may be thousands. */
  readonly close?: 'when-forgotten'
  /**
   * How large files are read. `pooled`, the default: a thread reads while this one writes. `at-once`, where the disk is quick, takes
   * a tenth less CPU and holds the event loop for as long as a megabyte takes: for who has nothing else to do.
   */
  readonly largeReads?: LargeReads
}

/** A directory of this machine as a Store. */
export interface DiskStore extends Store {
  atLogin(): Promise<Store>
  /** Waits for what is under way and lets go of the directory. Open files stay open. */
  close(): Promise<void>
}

/** Opens an existing directory; nothing outside of it can be reached through the store. */
export async function diskStore(root: string, options: DiskStoreOptions = {}): Promise<DiskStore> {
  const canHold = await offersDescriptors()
  const how = options.confinement ?? (canHold ? 'descriptors' : 'real-paths')
  if (how === 'descriptors' && !canHold)
    throw new FileError('unsupported', 'without /proc a directory cannot be held')
  const path = resolve(root)
  const confine = async (): Promise<Confinement> =>
    how === 'real-paths'
      ? realPathConfinement(path, keptOutOf(path))
      : descriptorConfinement(path, keptOutOf(path), options.largeReads)
  let first = true
  return new Place(async (place) => {
    const confinement = await onDisk(confine)
    const store = new ConfinedStore(confinement, await owners(), place)
    // Of those that come later nobody knows but who logs in.
    if (!first || options.close === 'when-forgotten') forgotten.register(store, confinement)
    first = false
    return store
  }).now()
}

/** A store that works is held by its work, so what is forgotten is idle. */
const forgotten = new FinalizationRegistry<Confinement>((confinement) => {
  confinement.close().catch(() => undefined) // Nobody is left to be told.
})
