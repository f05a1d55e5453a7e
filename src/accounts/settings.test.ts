import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '../config/shape.ts'
import { accountSettings } from './settings.ts'

/** What is wrong with an account, by key. */
function problemsOf(said: unknown): readonly string[] {
  const problems: Problem[] = []
  accountSettings.read(said, [], problems)
  return problems.map(({ path }) => path.join('.'))
}

test('a home is a folder, memory, another account or a server of a kind that can be one, and so is a mount', () => {
  for (const good of ['/srv/files', 'memory', 'account bert', 'sftp://anna@host/in', 'ftpes://host:21/%u']) {
    assert.deepEqual(problemsOf({ home: good, mounts: { '/more': { from: good } } }), [], good)
  }
  for (const wrong of ['http://host/x', 'tftp://host/x', 'sftp:///x', 's3://bucket', '']) {
    assert.deepEqual(
      problemsOf({ home: wrong, mounts: { '/more': { from: wrong } } }),
      ['home', 'mounts./more.from'],
      wrong,
    )
  }
})
