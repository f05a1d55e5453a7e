import assert from 'node:assert/strict'
import { constants } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { diskStore, type DiskStore } from '../../src/stores/disk.ts'
import { chmod, chown, open, utimes } from '../../src/stores/disk/calls.ts'
import type { Held } from '../../src/stores/disk/confinement.ts'
import { offersDescriptors } from '../../src/stores/disk/descriptors.ts'
import { owners } from '../../src/stores/disk/owners.ts'
import { pooledCalls } from '../../src/stores/disk/quick-calls.ts'
import { Place } from '../../src/stores/disk/place.ts'
import { ConfinedStore } from '../../src/stores/disk/store.ts'
import { Walk, type Steps } from '../../src/stores/disk/walk.ts'
import { race } from './race.ts'

const skip = (await offersDescriptors()) ? false : 'there is no /proc here'

test('directories and files swapped for links lead nobody out', { skip }, async () => {
  const { done, refused, escapes } = await race(2, (root) => diskStore(root))
  assert.equal(escapes, 0)
  assert.ok(done > 100 && refused > 100, `the swapper was in the way: ${done} done, ${refused} refused`)
})

test('the race catches a naive store', { skip }, async () => {
  // A race is chance: a busy machine may need more than one second to lose it.
  for (let tries = 0; tries < 20; tries += 1) {
    if ((await race(1, naiveStore)).escapes > 0) return
  }
  assert.fail('no escape in 20 s')
})

/** Joins names to paths and trusts them. */
async function naiveStore(root: string): Promise<DiskStore> {
  const steps: Steps<string> = {
    root,
    calls: pooledCalls,
    keptOut: { closed: [], fixed: [] },
    enter: async (directory, name) => join(directory, name),
    leave: () => undefined,
    spot: join,
    open: (directory, name, flags) => open(join(directory, name), flags, 0o666),
    hold: async (directory, name) => trustingly(join(directory, name)),
    isStill: async () => true,
  }
  const whose = await owners()
  return new Place(async (place) => new ConfinedStore(new Walk(steps), whose, place)).now()
}

async function trustingly(at: string): Promise<Held> {
  return {
    stats: await stat(at),
    at,
    hostPath: async () => undefined,
    openToWrite: () => open(at, constants.O_WRONLY),
    chmod: (mode) => chmod(at, mode),
    chown: (user, group) => chown(at, user, group),
    utimes: (accessed, modified) => utimes(at, accessed, modified),
    release: () => undefined,
  }
}
