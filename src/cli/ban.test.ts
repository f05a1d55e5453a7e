import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sqliteBans } from '../database/bans.ts'
import { openRegister } from '../server/data.ts'
import { banCommand } from './ban.ts'

async function world(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-ban-'))
  t.after(() => rm(folder, { recursive: true }))
  const lines: string[] = []
  t.mock.method(process.stdout, 'write', (text: string) => lines.push(text) > 0)
  const run = (...words: string[]) => banCommand([...words, '--data', folder])
  return { folder, lines, run }
}

test('a network is banned as whatever address of it is said, and let in again so too', async (t) => {
  const { lines, run } = await world(t)
  await run('add', '192.0.2.7/24', '--reason', 'noise')
  await run('add', '2001:DB8:0::5')
  await run('list')
  assert.deepEqual(lines, ['192.0.2.0/24  for good  noise\n', '2001:db8::5  for good  by hand\n'])
  await assert.rejects(run('remove', '192.0.2.9'), {
    message: '192.0.2.9 is banned with its network: ferry ban remove 192.0.2.0/24',
  })
  await assert.rejects(run('remove', '192.0.3.9'), { message: '192.0.3.9 is not banned.' })
  await run('remove', '192.0.2.0/24')
  await run('remove', '2001:db8::0:5')
  lines.length = 0
  await run('list')
  assert.deepEqual(lines, [])
})

test('who is let in again has no bad name any more', async (t) => {
  const { folder, run } = await world(t)
  const data = await openRegister(folder)
  t.after(() => data.close())
  const bans = sqliteBans(data.database)
  for (const address of ['192.0.2.7', '192.0.2.8']) bans.putScore({ address, score: 15, at: 0 })
  bans.putBan({ network: '192.0.2.7', ends: undefined, reason: 'a score of 15.0' })
  await run('remove', '192.0.2.7')
  assert.deepEqual(
    bans.scores().map(({ address }) => address),
    ['192.0.2.8'],
  )
})
