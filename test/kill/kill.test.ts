import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Register } from '../../src/accounts/register.ts'
import { systemClock } from '../../src/core/clock.ts'
import { parsePath } from '../../src/core/path.ts'
import { sqliteBans } from '../../src/database/bans.ts'
import { openDatabase } from '../../src/database/database.ts'
import { sqliteLedger } from '../../src/database/ledger.ts'
import { quotas } from '../../src/policy/quota.ts'
import { diskStore } from '../../src/stores/disk.ts'
import { loginOf } from '../../src/testing/login-of.ts'
import { putFile } from '../../src/testing/store-files.ts'

const limit = 100_000

/** More by `KILLS=100 node --test test/kill/kill.test.ts`. */
const kills = Number(process.env['KILLS'] ?? 12)

test(`${kills} kills at any moment: accounts, bans and quota are right afterwards`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-kill-'))
  t.after(() => rm(folder, { recursive: true }))
  const data = await mkdtemp(join(folder, 'data-'))
  const home = await mkdtemp(join(folder, 'home-'))
  for (let kill = 0; kill < kills; kill += 1) {
    const promises = await runAndKill(data, home, 5 + ((kill * 37) % 120))
    await judge(data, home, promises)
  }
})

/** What the victim promised before it was killed; the last line may be cut. */
async function runAndKill(data: string, home: string, afterMs: number): Promise<readonly string[]> {
  const program = fileURLToPath(new URL('victim.ts', import.meta.url))
  const child = spawn(process.execPath, [program, data, home, String(limit)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('ready\n')) resolve()
    })
    child.once('exit', () => reject(new Error('the victim ended by itself')))
  })
  await ready
  await pause(afterMs)
  const over = once(child, 'close')
  child.kill('SIGKILL')
  await over
  return text.split('\n').slice(0, -1)
}

async function judge(data: string, home: string, promises: readonly string[]): Promise<void> {
  assert.ok((await sumOf(home)) <= limit, 'the quota was passed')
  await judgeFiles(home, promises)
  const database = openDatabase(join(data, 'ferry.db'))
  try {
    const register = new Register(database)
    const banned = new Set(
      sqliteBans(database)
        .bans()
        .map(({ network }) => network),
    )
    for (const line of promises) {
      const [what, name = ''] = line.split(' ')
      if (what === 'banned') assert.ok(banned.has(name), `${name} is not banned any more`)
      if (what === 'user') assert.ok(register.find(name) !== undefined, `${name} is gone`)
    }
    // The next server counts anew, before it takes the first byte.
    const ledger = sqliteLedger(database, systemClock)
    const rule = quotas(ledger)
    const store = await diskStore(home)
    const guarded = rule.policy(store, loginOf({ rules: { quota: { bytes: limit } } }))
    await putFile(guarded, '/probe', '')
    await guarded.remove(parsePath('/probe'))
    await rule.leave()
    assert.equal(
      await ledger.read('quota bytes of anna'),
      await sumOf(home),
      'the ledger is not what lies there',
    )
    // So that the next victim has room.
    for (const name of await readdir(home)) await guarded.remove(parsePath(`/${name}`))
    await rule.leave()
    assert.equal(await ledger.read('quota bytes of anna'), 0)
    await ledger.set('quota dirty of anna', 2)
    await store.close()
  } finally {
    database.close()
  }
}

/** A file that was stored is there, as it was stored or as a later upload of it left it, unless it was being removed. */
async function judgeFiles(home: string, promises: readonly string[]): Promise<void> {
  const sizes = new Map<string, Set<number>>()
  const goneOr = new Set<string>()
  for (const line of promises) {
    const [what, name = '', size = ''] = line.split(' ')
    if (what === 'stored') {
      sizes.set(name, new Set([Number(size)]))
      goneOr.delete(name)
    }
    if (what === 'begun') sizes.get(name)?.add(Number(size))
    if (what === 'removing') goneOr.add(name)
  }
  for (const [name, whole] of sizes) {
    const found = await stat(join(home, name)).catch(() => undefined)
    if (found === undefined) assert.ok(goneOr.has(name), `${name} was stored and is gone`)
    else assert.ok(whole.has(found.size), `${name} has ${found.size} bytes, not ${[...whole].join(' or ')}`)
  }
}

async function sumOf(home: string): Promise<number> {
  const names = await readdir(home)
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(home, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
