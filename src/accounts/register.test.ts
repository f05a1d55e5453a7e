import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quotaKeys } from '../core/quota-keys.ts'
import { openDatabase } from '../database/database.ts'
import { sqliteLedger } from '../database/ledger.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { Register } from './register.ts'

test('what lies in a home is counted anew when the account gets another, or a quota, or is another account', async () => {
  const database = openDatabase(':memory:')
  const register = new Register(database)
  const ledger = sqliteLedger(database, new FakeClock())
  const isCounted = async (change: () => unknown): Promise<boolean> => {
    await ledger.set(quotaKeys('anna').dirty, 1)
    change()
    return (await ledger.read(quotaKeys('anna').dirty)) === 1
  }
  const quota = { bytes: '1 MB' }
  register.add('anna', undefined, { home: '/a', quota })
  register.add('bert', undefined, {})
  register.add('a%', undefined, {})
  assert.equal(await isCounted(() => register.setSettings('anna', { home: '/a', quota, sessions: 1 })), true)
  assert.equal(await isCounted(() => register.setSettings('bert', { home: '/b' })), true)
  // Nor does a name that would mean others as a pattern.
  assert.equal(await isCounted(() => register.setSettings('a%', { home: '/b' })), true)
  assert.equal(await isCounted(() => register.setGroup('staff', { sessions: 1 })), true)
  assert.equal(await isCounted(() => register.setSettings('anna', { home: '/b', quota })), false)
  assert.equal(await isCounted(() => register.setSettings('anna', { home: '/b' })), false)
  assert.equal(await isCounted(() => register.setGroup('staff', { home: '/c' })), false)
  assert.equal(await isCounted(() => register.remove('anna')), false)
  assert.equal(register.setSettings('anna', {}), false)
  database.close()
})

test('nobody is put into a group that is not there, which could not be mended by name', () => {
  const database = openDatabase(':memory:')
  const register = new Register(database)
  assert.throws(() => register.add('anna', undefined, { groups: ['staff'] }), /there is no group staff/u)
  register.add('anna', undefined, {})
  assert.throws(() => register.setSettings('anna', { groups: ['staff'] }), /there is no group staff/u)
  register.setGroup('staff', {})
  assert.equal(register.setSettings('anna', { groups: ['staff'] }), true)
  database.close()
})
