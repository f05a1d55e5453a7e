import assert from 'node:assert/strict'
import type { Stats } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { parsePath } from '../../core/path.ts'
import type { Held } from './confinement.ts'
import { descriptorConfinement, offersDescriptors } from './descriptors.ts'
import { filesystemOf } from './filesystems.ts'
import { listHeld } from './list.ts'
import { LookThread } from './look-thread.ts'
import { owners } from './owners.ts'

const skip = !(await offersDescriptors())
const names = ['déjà vu', 'file', 'other']

/** Lists a directory with these names as if its size were another: its names, and how often it was read in one go. */
async function listed(
  size: (held: Held) => number,
): Promise<{ found: string[]; reads: number; isLocal: boolean }> {
  const base = await mkdtemp(join(tmpdir(), 'ferry-list-'))
  await mkdir(join(base, 'directory'))
  for (const name of names) await writeFile(join(base, 'directory', name), name)
  const confinement = await descriptorConfinement(base, { closed: [], fixed: [] })
  try {
    const held = await confinement.hold(parsePath('/directory'))
    const { isLocal } = await filesystemOf(held.at, held.stats.dev)
    let reads = 0
    const calls: typeof confinement.calls = {
      ...confinement.calls,
      readdir(path) {
        reads += 1
        return confinement.calls.readdir(path)
      },
    }
    const thread = new LookThread(systemClock, () => new URL('nowhere.js', import.meta.url))
    const tools = { owners: await owners(), clock: systemClock, thread, calls }
    const stats = Object.assign(Object.create(held.stats) as Stats, { size: size(held) })
    const found: string[] = []
    for await (const batch of listHeld({ ...held, stats }, tools))
      found.push(...batch.entries().map(({ name }) => name))
    return { found: found.toSorted(), reads, isLocal }
  } finally {
    await confinement.close()
    await rm(base, { recursive: true })
  }
}

void test('a small directory of a local disk is read in one go', { skip }, async () => {
  const { found, reads, isLocal } = await listed(({ stats }) => stats.size)
  assert.deepEqual(found, names)
  assert.equal(reads, isLocal ? 1 : 0)
})

void test('a directory that may have very many names is read beside the event loop', { skip }, async () => {
  const { found, reads } = await listed(() => 1024 * 1024)
  assert.deepEqual(found, names)
  assert.equal(reads, 0)
})
