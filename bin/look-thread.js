// A thread that looks at names in a directory (src/stores/disk/look-thread.ts), many a message. Plain JavaScript, like
// bin/worker.js: what makes JavaScript of the rest takes half a second to load in a thread.
import { lstatSync, readlinkSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'

const numbersEach = 9
const ascii = /^[^\u0080-\u00ff]*$/

parentPort?.on('message', ({ prefix, names }) => {
  const began = performance.now()
  const raw = names.split('/')
  const numbers = new Float64Array(raw.length * numbersEach)
  const targets = []
  for (const [index, name] of raw.entries()) lookAt(prefix, name, index, numbers, targets)
  parentPort?.postMessage({ numbers, targets, ms: performance.now() - began }, [numbers.buffer])
})

/** Notes what is there: a mode of 0 for a name that is gone, -1 for one that cannot be looked at. */
function lookAt(prefix, name, index, numbers, targets) {
  const path = ascii.test(name)
    ? prefix + name
    : Buffer.concat([Buffer.from(prefix), Buffer.from(name, 'latin1')])
  const at = index * numbersEach
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return
    if (stats.isSymbolicLink()) targets.push([index, readlinkSync(path, 'buffer')])
    numbers[at] = stats.mode
    numbers[at + 1] = stats.nlink
    numbers[at + 2] = stats.size
    numbers[at + 3] = stats.mtimeMs
    numbers[at + 4] = stats.birthtimeMs
    numbers[at + 5] = stats.uid
    numbers[at + 6] = stats.gid
    numbers[at + 7] = stats.dev
    numbers[at + 8] = stats.ino
  } catch (thrown) {
    if (thrown.code !== 'ENOENT') numbers[at] = -1
  }
}
