import assert from 'node:assert/strict'
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from './scene.ts'

const command = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
const ours = '--max-semi-space-size=8'
const onLinux = {
  skip: process.platform === 'linux' ? false : 'only Linux tells how a process was started',
  timeout: 30_000,
}

test(
  'a server tells Node to keep little room for young objects, under the same process id',
  onLinux,
  async (t) => {
    const child = spawn(process.execPath, [command, ...(await words(t))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    assert.deepEqual(await startedWith(t, child), [ours])
  },
)

test('what somebody says of it holds, in words or in NODE_OPTIONS', onLinux, async (t) => {
  const said = '--max-semi-space-size=16'
  const inWords = spawn(process.execPath, [said, command, ...(await words(t))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.deepEqual(await startedWith(t, inWords), [said])
  const inOptions = spawn(process.execPath, [command, ...(await words(t))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: said },
  })
  assert.deepEqual(await startedWith(t, inOptions), [])
})

test('the channel of a program that forks the server stays', onLinux, async (t) => {
  const child = fork(command, await words(t), { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  assert.deepEqual(await startedWith(t, child), [])
  assert.ok(child.connected)
})

test('a file that a shell holds open for the server can be read', onLinux, async (t) => {
  const folder = await temporaryFolder(t)
  const script = 'exec "$0" "$1" serve --config /dev/fd/5 --ftp 0 --sftp off --json 5< "$2"'
  const config = join(folder, 'ferry.yaml')
  await writeFile(config, `folder: ${folder}\n`)
  const child = spawn('sh', ['-c', script, process.execPath, command, config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.deepEqual(await startedWith(t, child), [])
})

async function words(t: TestContext): Promise<string[]> {
  return ['serve', await temporaryFolder(t), '--ftp', '0', '--sftp', 'off', '--json']
}

/** The words for Node of a server that stands. */
async function startedWith(t: TestContext, child: ChildProcess): Promise<string[]> {
  t.after(() => child.kill('SIGKILL'))
  assert.ok(child.stdout !== null)
  const told = once(child.stdout, 'data')
  const over = once(child, 'close').then(() => 'over')
  assert.notEqual(await Promise.race([told, over]), 'over', 'it ended before it stood')
  const line = await readFile(`/proc/${child.pid}/cmdline`, 'utf8')
  const [, ...more] = line.split('\0')
  return more.slice(0, more.indexOf(command))
}
