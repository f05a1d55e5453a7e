import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FakeClock } from '../testing/fake-clock.ts'
import { Xferlog } from './xferlog.ts'

const removal = {
  kind: 'file',
  session: 's',
  protocol: 'ftp',
  peer: { address: '192.0.2.1', port: 5 },
  account: 'anna',
  deed: 'remove',
  path: '/x',
} as const

test('a xferlog that cannot be begun anew goes on in the old file, and says so', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-xferlog-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const told: string[] = []
  const [inside, moved] = [join(folder, 'in'), join(folder, 'moved')]
  await mkdir(inside)
  const log = new Xferlog(join(inside, 'log'), new FakeClock(), undefined, (text) => told.push(text))
  t.after(() => log.close())
  await rename(inside, moved)
  log.reopen()
  assert.match(told.join(), /the xferlog cannot be opened: ENOENT/u)
  log.emit(removal)
  assert.match(await readFile(join(moved, 'log'), 'utf8'), /\/x/u)
  assert.throws(
    () => new Xferlog(join(folder, 'none', 'log'), new FakeClock(), undefined, () => undefined),
    /the xferlog cannot be opened/u,
  )
})
