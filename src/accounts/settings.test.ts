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

test('who is asked before a deed stays with the account, with what was left out: no answer refuses', () => {
  const problems: Problem[] = []
  const hooks = [
    { ask: 'https://scan.example/ask', before: ['upload'] },
    { ask: '/usr/local/bin/scan', before: ['download', 'remove'], timeoutMs: '3s', onFailure: 'allow' },
  ]
  const read = accountSettings.read({ home: 'memory', hooks }, [], problems)
  assert.deepEqual(problems, [])
  assert.deepEqual(read?.hooks, [
    { ask: 'https://scan.example/ask', before: ['upload'], timeoutMs: 5000, onFailure: 'refuse' },
    { ask: '/usr/local/bin/scan', before: ['download', 'remove'], timeoutMs: 3000, onFailure: 'allow' },
  ])
})

test('a hook that would never be asked, or nobody can ask, is no hook', () => {
  for (const [wrong, where] of [
    [{ before: ['upload'] }, 'hooks.0'],
    [{ ask: 'scan', before: ['upload'] }, 'hooks.0.ask'],
    [{ ask: 'ftp://scan.example', before: ['upload'] }, 'hooks.0.ask'],
    [{ ask: '/bin/scan', before: ['list'] }, 'hooks.0.before.0'],
    [{ ask: '/bin/scan', before: ['upload'], onFailure: 'ask' }, 'hooks.0.onFailure'],
    [{ ask: '/bin/scan', before: ['upload'], timeoutMs: 'soon' }, 'hooks.0.timeoutMs'],
  ] as const) {
    assert.ok(
      problemsOf({ home: 'memory', hooks: [wrong] }).some((path) => path.startsWith(where)),
      where,
    )
  }
})

test('ports that somebody may publish are one or a range, none of them 0', () => {
  for (const good of ['1', '50000', '50000-50100', '65535-65535'])
    assert.deepEqual(problemsOf({ publish: [good] }), [], good)
  for (const wrong of ['0', '0-5', '65536', '1-65536', '9-5', 'x', ''])
    assert.deepEqual(problemsOf({ publish: [wrong] }), ['publish.0'], wrong)
})
