import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Outcome } from './rounds.ts'

const notLinux = process.platform === 'linux' ? false : 'what a server costs is read from /proc'

const all =
  'retr stor list idle memory small small-16 logins mixed tftp boot parse sftp sftp-program sftp-small sftp-list sftp-logins sftp-idle sftp-memory tls tls-program tls-logins tls-small tls-idle published bans abuse'
const bySftpProgram = ['sftp-program', 'sftp-small']
const hasSftp = spawnSync('sftp', ['-h']).error === undefined
const hasSshd = existsSync('/usr/sbin/sshd')
const names = all
  .split(' ')
  .filter((name) => (hasSftp || !bySftpProgram.includes(name)) && (hasSshd || name !== 'published'))

test('every workload still runs against our server', { skip: notLinux }, () => {
  const words = [join(import.meta.dirname, 'main.ts'), ...names, '--smoke', '--against', 'none', '--json']
  const run = spawnSync(process.execPath, words, { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stdout + run.stderr)
  const { outcomes } = JSON.parse(run.stdout) as { outcomes: Outcome[] }
  assert.deepEqual(
    outcomes.map(({ workload }) => workload),
    names,
  )
  for (const { part, server, samples } of outcomes.flatMap(({ columns }) => columns)) {
    assert.equal(samples.length, 1, `${server}, ${part}`)
    assert.ok(
      samples.every(({ value }) => Number.isFinite(value)),
      `${server}, ${part}`,
    )
  }
})

test('our client still does every job of its own bench', { skip: notLinux }, () => {
  const few = '--rounds 1 --mebibytes 1 --files 12 --same 12 --server ferry --against nobody'
  const words = [join(import.meta.dirname, 'clients.ts'), ...few.split(' ')]
  const run = spawnSync(process.execPath, words, { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stdout + run.stderr)
  assert.equal(run.stdout.match(/^ {2}ferry .* s {2}CPU .* peak \d+/gmu)?.length, 6, run.stdout)
})
test(
  'the soak still runs, and the server holds as many listeners behind it as before',
  { skip: notLinux },
  () => {
    const run = spawnSync(process.execPath, [join(import.meta.dirname, 'soak.ts'), '--minutes', '0.01'], {
      encoding: 'utf8',
    })
    assert.equal(run.status, 0, run.stdout + run.stderr)
    const listeners = (row: string) =>
      new RegExp(`^${row} +[\\d.]+ +\\d+ +(\\d+)`, 'mu').exec(run.stdout)?.[1]
    assert.equal(listeners('before'), '2', run.stdout)
    assert.equal(listeners('at rest again'), '2', run.stdout)
  },
)

test('a workload that does not exist is refused by name', () => {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), 'retrieve'], {
    encoding: 'utf8',
  })
  assert.equal(run.status, 2)
  assert.match(run.stderr, /"retrieve" is none of: retr stor list/u)
})
