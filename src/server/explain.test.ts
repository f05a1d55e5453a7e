import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Register } from '../accounts/register.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { openDatabase } from '../database/database.ts'
import { Gate } from '../policy/gate.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { explain, type Action } from './explain.ts'
import { Homes } from './homes.ts'

test('each refusal names its rule, and nothing is changed by asking', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-explain-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'a'), 'x')
  await mkdir(join(folder, 'in'))
  const clock = new FakeClock()
  const register = new Register(openDatabase(':memory:'))
  const ledger = memoryLedger(clock)
  const homes = new Homes(folder, (name) => register.find(name)?.settings)
  const gate = new Gate(clock, { deny: ['192.0.2.66'] })
  register.add('anna', undefined, {
    rights: { '/': ['list', 'read', 'remove'], '/in': ['list', 'create', 'overwrite'] },
    names: { deny: ['*.exe'] },
    quota: { bytes: 100 },
    protocols: ['sftp'],
  })
  register.add('bert', undefined, { readOnly: true })
  const ask = async (
    user: string,
    path: string,
    action: Action,
    from = '192.0.2.1',
    protocol: 'sftp' | 'ftp' = 'sftp',
  ) => {
    const { allowed, rule } = await explain(
      { settingsOf: (name) => register.find(name)?.settings, homes, gate, ledger, clock },
      { user, path, action, address: from, protocol },
    )
    return `${allowed ? 'allowed' : 'refused'} by ${rule}`
  }
  assert.equal(await ask('anna', '/a', 'download'), 'allowed by rights of /')
  assert.equal(await ask('anna', '/b', 'upload'), 'refused by rights of /')
  assert.equal(await ask('anna', '/in/b', 'upload'), 'allowed by rights of /in')
  assert.equal(await ask('anna', '/in/b.exe', 'upload'), 'refused by names.deny *.exe')
  assert.equal(await ask('anna', '/in/b', 'remove'), 'refused by rights of /in')
  assert.equal(await ask('anna', '/a', 'remove'), 'allowed by rights of /')
  assert.equal(await ask('anna', '/none', 'download'), 'refused by the file itself: not-found')
  assert.equal(await ask('anna', '/in/b', 'upload', '192.0.2.66'), 'refused by deny 192.0.2.66')
  assert.equal(await ask('anna', '/in/b', 'upload', '192.0.2.1', 'ftp'), 'refused by protocols')
  assert.equal(await ask('nobody', '/', 'list'), 'refused by unknown user')
  assert.equal(await ask('bert', '/b', 'upload'), 'refused by read-only')
  assert.equal(await ask('bert', '/', 'login'), 'allowed by login')
  register.add('carl', undefined, { home: join(folder, 'missing') })
  register.add('dora', undefined, { home: join(folder, 'a', '%u') })
  for (const action of ['login', 'list'] as const)
    assert.equal(await ask('carl', '/', action), 'refused by home', action)
  assert.equal(await ask('dora', '/', 'list'), 'refused by home')
  register.add('emil', undefined, { quota: { files: 2 } })
  await ledger.set('quota files of emil', 1)
  assert.equal(await ask('emil', '/b', 'upload'), 'allowed by none')
  await ledger.set('quota files of emil', 2)
  assert.equal(await ask('emil', '/b', 'upload'), 'refused by quota.files')
  await ledger.set('quota bytes of anna', 100)
  assert.equal(await ask('anna', '/in/b', 'upload'), 'refused by quota.bytes')
  assert.deepEqual(await readdir(folder, { recursive: true }), ['a', 'in'])
})
