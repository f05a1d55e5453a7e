import assert from 'node:assert/strict'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { HostPath } from './calls.ts'
import { holdOld } from './hold-old.ts'
import { pooledCalls } from './quick-calls.ts'
import { renameOver } from './put-whole.ts'

/** What this process has open below a directory, also what has no name any more. */
function openBelow(directory: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(directory) ? [path] : []
    } catch {
      return [] // closed meanwhile
    }
  })
}

test(
  'a large file that is replaced is not held for long, and the new one is there at once',
  { skip: process.platform !== 'linux' },
  async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'ferry-hold-'))
    context.after(() => rmSync(directory, { recursive: true }))
    const [from, to] = [join(directory, 'from'), join(directory, 'to')]
    writeFileSync(to, Buffer.alloc(3 * 1024 * 1024))
    for (let turn = 0; turn < 20; turn += 1) {
      writeFileSync(from, Buffer.alloc(3 * 1024 * 1024, turn))
      const { ino } = statSync(from)
      await renameOver(pooledCalls, from, to)
      assert.equal(statSync(to).ino, ino)
    }
    assert.ok(readFileSync(to).every((byte) => byte === 19))
    assert.deepEqual(readdirSync(directory), ['to'])
    for (let turns = 0; turns < 10_000 && openBelow(directory).length > 0; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.deepEqual(openBelow(directory), [])
  },
)

test(
  'what lies on no disk of this machine, or is gone, is not held',
  { skip: process.platform !== 'linux' },
  async () => {
    const elsewhere = '/proc/self/status' as HostPath
    assert.equal(await holdOld(elsewhere, statSync(elsewhere)), undefined)
    const gone = join(tmpdir(), 'ferry-hold-nothing') as HostPath
    assert.equal(await holdOld(gone, statSync(tmpdir())), undefined)
  },
)
