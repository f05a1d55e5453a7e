import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { openDatabase } from './database.ts'
import { lockFolder } from './lock.ts'
import { steps } from './schema.ts'

const noLocks = existsSync('/proc/locks') ? false : 'this system does not tell of locks'

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-database-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

test('what ended a transaction is told, also where SQLite has undone it by itself', () => {
  const database = openDatabase(':memory:')
  database.run(`CREATE TRIGGER full BEFORE INSERT ON bans BEGIN SELECT raise(ROLLBACK, 'disk full'); END`)
  const put = (): number =>
    database.run("INSERT INTO bans (network, ends, reason) VALUES ('10.0.0.1', NULL, '')")
  assert.throws(() => database.atomically(put), /^Error: disk full$/u)
  database.run('DROP TRIGGER full')
  assert.equal(database.atomically(put), 1)
  database.close()
})

test('one has the lock of a folder, and who cannot take it is told why', async (t) => {
  const folder = await folderFor(t)
  const file = join(folder, 'server.lock')
  const first = lockFolder(file)
  assert.throws(() => lockFolder(file), /another server runs/u)
  first.release()
  lockFolder(file).release()
  await writeFile(file, 'this was written by something else')
  assert.throws(() => lockFolder(file), /server\.lock cannot be locked: file is not a database/u)
})

test('a database of the first schema is brought up to date, and keeps what is in it', async (t) => {
  const path = join(await folderFor(t), 'ferry.db')
  const old = new DatabaseSync(path)
  old.exec(steps[0] ?? '')
  old.exec("PRAGMA user_version = 1; INSERT INTO outbox (id, url, body, due) VALUES ('1', 'u', 'b', 0)")
  old.close()
  const database = openDatabase(path)
  assert.equal(database.one('SELECT count(*) AS n FROM outbox')?.['n'], 1)
  const plan = database.one("EXPLAIN QUERY PLAN SELECT min(due) FROM outbox WHERE url = 'u'")
  assert.match(String(plan?.['detail']), /outbox_of_url/u, 'events for others are not looked at')
  database.close()
})

test('the lock on a database stays when this process opens it once more', { skip: noLocks }, async (t) => {
  const path = join(await folderFor(t), 'ferry.db')
  const first = openDatabase(path)
  const before = locksOn(path)
  openDatabase(path).close()
  assert.deepEqual([before, locksOn(path)], [1, 1])
  first.close()
})

/** How many locks this process has on a file. */
function locksOn(path: string): number {
  const lines = readFileSync('/proc/locks', 'utf8').split('\n')
  const { ino } = statSync(path)
  return lines.filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `)).length
}
