import assert from 'node:assert/strict'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { programVersion, runProgram, StartedProgram } from './program.ts'
import { exists, temporaryFolder, until } from './scene.ts'
import { sftpPlace, type SftpPlace } from './ssh/sftp-place.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
const skip =
  programVersion('ssh', { words: ['-V'] }) === undefined
    ? 'OpenSSH is not installed (apt-get install openssh-client)'
    : false

/** How `ferry ls` ends with these files in ~/.ssh. */
async function lists(folder: string, place: SftpPlace, ...env: string[]): Promise<number | null> {
  const words = [ferry, 'ls', `sftp://u@127.0.0.1:${place.port}/`]
  const ended = await runProgram('/usr/bin/env', [...env, process.execPath, ...words], { folder })
  return ended.code
}

async function config(folder: string, ...lines: string[]): Promise<void> {
  await mkdir(join(folder, '.ssh'), { recursive: true })
  await writeFile(
    join(folder, '.ssh', 'config'),
    `${['StrictHostKeyChecking no', 'UserKnownHostsFile none', ...lines].join('\n')}\n`,
  )
}

test('the usual files of ~/.ssh are tried, and the next where one is not taken', { skip }, async (t) => {
  const folder = await temporaryFolder(t)
  await using place = await sftpPlace()
  await config(folder)
  assert.equal(await lists(folder, place), 4, 'without a key')
  const made = await runProgram(
    'ssh-keygen',
    ['-q', '-t', 'ecdsa', '-N', '', '-f', join(folder, '.ssh', 'id_ecdsa')],
    { folder },
  )
  assert.equal(made.code, 0)
  assert.equal(await lists(folder, place), 4, 'with a stranger to the server')
  await copyFile(place.key('ed25519'), join(folder, '.ssh', 'id_ed25519'))
  assert.equal(await lists(folder, place), 0)
})

test(
  'a file that the configuration names is the one that is shown; one that is missing is told',
  { skip },
  async (t) => {
    const folder = await temporaryFolder(t)
    await using place = await sftpPlace()
    await copyFile(place.key('rsa'), join(folder, 'mine'))
    await config(folder, 'Host 127.0.0.1', `IdentityFile ~/mine`)
    assert.equal(await lists(folder, place), 0)
    await rm(join(folder, 'mine'))
    const words = [ferry, 'ls', `sftp://u@127.0.0.1:${place.port}/`]
    const ended = await runProgram(process.execPath, words, { folder })
    assert.equal(ended.code, 4)
    assert.match(ended.printed, /mine cannot be read/u)
  },
)

test('an agent is asked, unless only the named keys may be shown', { skip }, async (t) => {
  const folder = await temporaryFolder(t)
  await using place = await sftpPlace()
  const socket = join(folder, 'agent')
  const agent = new StartedProgram('ssh-agent', ['-D', '-a', socket], { folder })
  t.after(() => agent.kill())
  await until('the agent is there', () => exists(socket))
  const env = `SSH_AUTH_SOCK=${socket}`
  const added = await runProgram('/usr/bin/env', [env, 'ssh-add', '-q', place.key('ecdsa')], { folder })
  assert.equal(added.code, 0, added.printed)
  await config(folder)
  assert.equal(await lists(folder, place, env), 0)
  await config(folder, 'IdentitiesOnly yes')
  assert.equal(await lists(folder, place, env), 4)
  await copyFile(`${place.key('ecdsa')}.pub`, join(folder, 'named.pub'))
  await config(folder, 'IdentitiesOnly yes', 'IdentityFile ~/named')
  assert.equal(await lists(folder, place, env), 0, 'the agent has what the public file names')
  await config(folder, 'IdentityAgent none')
  assert.equal(await lists(folder, place, env), 4)
})
