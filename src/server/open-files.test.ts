import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitsOf } from './config-settings.ts'
import { connectionsWithin, fewOpenFiles, handlesWithin, mostOpenFiles } from './open-files.ts'

test('no more connections are taken than there are open files for, whatever the configuration says', () => {
  assert.equal(limitsOf({}, 64).connections, 12)
  assert.equal(limitsOf({ limits: { connections: 5000 } }, 1024).connections, 492)
  assert.equal(limitsOf({ limits: { connections: 5 } }, 1024).connections, 5)
  assert.equal(limitsOf({}, 65_536).connections, 10_000)
  assert.equal(connectionsWithin(3), 1)
})

test('one session of SFTP opens no more than leaves others some', () => {
  assert.deepEqual([64, 1024, 65_536, undefined].map(handlesWithin), [16, 128, 1000, 1000])
})

test('where nobody tells how many files may be open, they set no limit', () => {
  assert.equal(connectionsWithin(undefined), Infinity)
  assert.equal(fewOpenFiles(undefined), undefined)
})

test('few open files are told at the start, with how to have more', () => {
  assert.match(fewOpenFiles(64) ?? '', /may have 64 .* no more than 12 connections .*LimitNOFILE=65536/u)
  assert.equal(fewOpenFiles(65_536), undefined)
})

test(
  'the limit is that of the process',
  { skip: process.platform === 'linux' ? false : 'only Linux tells it' },
  () => {
    assert.ok((mostOpenFiles() ?? 0) > 0)
    assert.equal(mostOpenFiles(process.pid), mostOpenFiles())
  },
)
