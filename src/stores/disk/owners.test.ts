import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readOwners } from './owners.ts'

test('users and groups have the first name of their number, and who has none goes by number', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'ferry-owners-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const users = join(directory, 'passwd')
  const groups = join(directory, 'group')
  writeFileSync(
    users,
    'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\n# a comment\nbroken\nanna:x:1000:1000::/:\n\n',
  )
  writeFileSync(groups, 'wheel:x:0:anna\n+:::\n:x:7:\nstaff:x:50:\n')
  const owners = await readOwners(users, groups)
  assert.equal(owners.user(0), 'root')
  assert.equal(owners.user(1000), 'anna')
  assert.equal(owners.user(4242), '4242')
  assert.equal(owners.group(0), 'wheel')
  assert.equal(owners.group(7), '7')
  assert.equal(owners.userId('toor'), 0)
  assert.equal(owners.groupId('staff'), 50)
  assert.equal(owners.userId('1234'), 1234)
  assert.equal(owners.userId('nobody here'), undefined)
  assert.equal(owners.userId('-1'), undefined)
  assert.equal(owners.userId('4294967296'), undefined)
})

test('a system without such files has numbers', async () => {
  const owners = await readOwners('/does/not/exist', '/nor/this')
  assert.equal(owners.user(0), '0')
  assert.equal(owners.group(1000), '1000')
})
