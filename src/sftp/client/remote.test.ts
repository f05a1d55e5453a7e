import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock, type Clock } from '../../core/clock.ts'
import type { Conn } from '../../core/network.ts'
import { parsePath } from '../../core/path.ts'
import { allRights } from '../../core/rights.ts'
import { getBytes } from '../../testing/conforms-store/case.ts'
import { conformsStore } from '../../testing/conforms-store.ts'
import { processConn } from '../../testing/process-conn.ts'
import { SftpWorld } from '../../testing/sftp-world.ts'
import { openSftp } from './remote.ts'

const cannot = { milliseconds: 'SFTP version 3 tells times in seconds' }

conformsStore(
  'a client of our own SFTP server',
  async () => {
    const world = new SftpWorld({ account: { uploads: 'in-place' } })
    const store = await world.connect()
    return {
      store,
      async end() {
        await store.end()
        await world.over()
      },
    }
  },
  { cannot },
)

test('more sessions write to no other file: a server that hides what is not whole would show them the old one', async () => {
  for (const uploads of ['atomic', 'in-place'] as const) {
    const world = new SftpWorld({ account: { uploads } })
    let ticks = 0
    // Each look at this clock takes ten milliseconds: a long way.
    const clock: Clock = {
      ...systemClock,
      after: (ms, run) => systemClock.after(ms, run),
      now: () => 0,
      ticks: () => (ticks += 10),
    }
    let sessions = 1
    const more = async (): Promise<Conn> => {
      sessions += 1
      return world.dial()
    }
    const store = await openSftp({
      conn: await world.dial(),
      clock,
      url: 'sftp://192.0.2.1/',
      more,
      silenceMs: 1e9,
    })
    const path = parsePath('/file')
    const bytes = randomFillSync(new Uint8Array(30_000_000))
    for (const length of [3_000_000, bytes.length]) {
      const file = await store.open(path, { write: true, create: 'allow', truncate: true })
      for (let at = 0; at < length; at += 1_000_000)
        await file.write([bytes.subarray(at, Math.min(length, at + 1_000_000))], at)
      await file.close()
      const there = await getBytes(world.home, path)
      assert.ok(Buffer.compare(there, bytes.subarray(0, length)) === 0, `${uploads} ${length}`)
    }
    assert.ok(sessions > 1)
    await store.end()
    await world.over()
  }
})

test('an upload has its time and mode when it is closed, and where the server only says so that is seen', async () => {
  const path = parsePath('/file')
  const keeps = { modified: new Date('2024-05-06T07:08:09Z'), mode: 0o640 }
  const allow = [...allRights].filter((right) => right !== 'attributes')
  const forbidden = { rights: [{ path: parsePath('/'), allow }] }
  for (const [account, kept] of [
    [{}, true],
    [forbidden, false],
  ] as const) {
    const world = new SftpWorld({ account, settings: { setstat: 'ignored' } })
    const store = await world.connect()
    const file = await store.open(path, { write: true, create: 'allow', truncate: true, keeps })
    await file.write([Uint8Array.of(1, 2, 3)], 0)
    await file.close()
    assert.equal(file.kept, kept)
    const { modified, mode = 0 } = await world.home.stat(path)
    assert.equal(modified.getTime() === keeps.modified.getTime() && (mode & 0o777) === keeps.mode, kept)
    await store.end()
    await world.over()
  }
})

const program = '/usr/lib/openssh/sftp-server'

if (existsSync(program)) {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-sftp-'))
  after(() => rm(folder, { recursive: true }))
  conformsStore(
    "a client of OpenSSH's sftp-server",
    async () => {
      const conn = processConn(program, [], folder)
      const store = await openSftp({ conn, clock: systemClock, url: 'sftp://localhost/' })
      return {
        store,
        async end() {
          await store.end()
          await rm(join(folder, 'conforms'), { recursive: true, force: true })
        },
      }
    },
    { cannot, at: folder },
  )
} else void test.skip(`a client of OpenSSH's sftp-server: ${program} is not installed`)
