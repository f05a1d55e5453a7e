import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Account } from '../core/account.ts'
import { parsePath, rootPath } from '../core/path.ts'
import { guard, allPolicies } from './index.ts'
import { diskStore } from '../stores/disk.ts'
import { entriesIn, refused, rowsAsEntries } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { loginOf } from '../testing/login-of.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { quotas } from './quota.ts'

/** A folder of a disk behind every rule, for an account. */
async function guarded(context: TestContext, account: Partial<Account> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-rows-'))
  const home = await diskStore(folder)
  context.after(async () => {
    await home.close()
    rmSync(folder, { recursive: true })
  })
  mkdirSync(join(folder, 'closed'))
  mkdirSync(join(folder, 'open'))
  writeFileSync(join(folder, 'file'), 'content')
  writeFileSync(join(folder, '.ferry-part-abc-file'), 'half')
  symlinkSync('file', join(folder, 'link'))
  const clock = new FakeClock()
  const events = recordedEvents()
  const rules = allPolicies(events, clock, { quotas: quotas(memoryLedger(clock)) })
  return { store: guard(home, loginOf(account), rules), events }
}

const open = { path: rootPath, allow: ['list', 'read'] } as const
const closed = { path: parsePath('/closed'), allow: [] } as const

const accounts: Readonly<Record<string, Partial<Account>>> = {
  'who may do all': {},
  'who may only read': { readOnly: true },
  'whose uploads are written in place': { uploads: 'in-place' },
  'with rights of its own': { rights: [open, closed] },
}

for (const [name, account] of Object.entries(accounts)) {
  void test(`rows pass every rule of an account ${name}, and tell what its list tells`, async (context) => {
    const { store } = await guarded(context, account)
    assert.ok(store.rows?.(rootPath), 'a rule that does not hand them on makes all listings slow')
    const rows = await rowsAsEntries(store, rootPath)
    assert.deepEqual(rows, await entriesIn(store, rootPath))
    const names = rows.map((row) => row.name)
    assert.deepEqual(names, account.rights ? ['file', 'link', 'open'] : ['closed', 'file', 'link', 'open'])
  })
}

void test('rows of what may not be listed are refused, and that is told', async (context) => {
  const { store, events } = await guarded(context, { rights: [open, closed] })
  await refused('denied', rowsAsEntries(store, closed.path))
  assert.deepEqual(
    events.of('refused').map(({ deed, path }) => [deed, path]),
    [['list', '/closed']],
  )
})

void test('a part of an upload has no rows', async (context) => {
  const { store } = await guarded(context)
  await refused('not-found', rowsAsEntries(store, parsePath('/.ferry-part-abc-file')))
})
