import assert from 'node:assert/strict'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock, type Clock } from '../../core/clock.ts'
import { parsePath } from '../../core/path.ts'
import { descriptorConfinement, offersDescriptors } from './descriptors.ts'
import { listHeld } from './list.ts'
import { LookThread } from './look-thread.ts'
import { owners } from './owners.ts'
import { quietWay } from './quiet-way.ts'

/** The other tests all work in the system's directory for temporary files, so the way to one there is never quiet. */
const quietPlace = '/dev/shm'
const possible = (await offersDescriptors()) && existsSync(quietPlace)
const skip = possible ? false : `there is no /proc or no ${quietPlace} here`
const anHourLater: Clock = { ...systemClock, now: () => systemClock.now() + 3_600_000 }
const count = 9500

/** A directory `root/way/here` of many names, and one outside with the same names and other sizes. */
async function world(context: TestContext) {
  const base = mkdtempSync(join(quietPlace, 'ferry-quiet-'))
  context.after(() => rmSync(base, { recursive: true }))
  for (const [place, text] of [
    ['root/way/here', ''],
    ['outside/here', 'outside'],
  ] as const) {
    const directory = join(base, place)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, '0'), text)
    for (let index = 1; index < count; index += 1) linkSync(join(directory, '0'), join(directory, `${index}`))
  }
  await pause(20) // times of change may be as coarse as ten milliseconds
  return base
}

test(
  'the way to a directory is quiet until a name on it is given to something else',
  { skip },
  async (context) => {
    const base = await world(context)
    const here = join(base, 'root/way/here')
    const look = quietWay(here, lstatSync(here), anHourLater)
    const before = look()
    assert.ok(before !== undefined)
    // The newest on the way; this disk keeps fractions of seconds.
    const changed = lstatSync(base).ctimeMs
    const after = (ms: number): Clock => ({ ...systemClock, now: () => changed + ms })
    assert.equal(quietWay(here, lstatSync(here), after(240))(), undefined, 'it may change again just now')
    assert.equal(quietWay(here, lstatSync(here), after(260))(), before)
    writeFileSync(join(here, 'new'), '')
    assert.equal(look(), before, 'what is in the directory itself does not matter')
    renameSync(join(base, 'root/way'), join(base, 'root/away'))
    assert.equal(look(), undefined)
    renameSync(join(base, 'root/away'), join(base, 'root/way'))
    assert.notEqual(look(), before, 'also when all is as it was')
    assert.equal(
      quietWay(here, lstatSync(base), anHourLater)(),
      undefined,
      'the path must lead to the directory',
    )
  },
)

for (const [who, thread] of [
  ['the event loop', new LookThread(systemClock, () => new URL('nowhere.js', import.meta.url))],
  ['a thread', new LookThread(systemClock)],
] as const) {
  const name = `a directory that is swapped for a link in the middle of a list is listed on by ${who}`
  test(name, { skip }, async (context) => {
    if (who === 'a thread') while (!thread.ready) await new Promise((resolve) => setImmediate(resolve))
    const base = await world(context)
    const confinement = await descriptorConfinement(join(base, 'root'), { closed: [], fixed: [] })
    context.after(() => confinement.close())
    const held = await confinement.hold(parsePath('/way/here'))
    const way = join(base, 'root/way')
    const sizes: number[] = []
    let batches = 0
    const tools = { owners: await owners(), clock: anHourLater, thread, calls: confinement.calls }
    for await (const batch of listHeld(held, tools)) {
      sizes.push(...batch.entries().map((entry) => entry.size))
      batches += 1
      if (batches !== 4) continue
      renameSync(way, `${way}.real`)
      symlinkSync(join(base, 'outside'), way)
    }
    assert.equal(sizes.length, count)
    assert.ok(sizes.every((size) => size === 0))
  })
}
