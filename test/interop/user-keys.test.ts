import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
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
  return (await listed(folder, place, ...env)).code
}

function listed(folder: string, place: SftpPlace, ...env: string[]): ReturnType<typeof runProgram> {
  const words = [ferry, 'ls', `sftp://u@127.0.0.1:${place.port}/`]
  return runProgram('/usr/bin/env', [...env, process.execPath, ...words], { folder })
}

/** A new key in this folder, which no server knows. */
async function stranger(folder: string, name: string): Promise<string> {
  const words = ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]
  assert.equal((await runProgram('ssh-keygen', words, { folder })).code, 0)
  return join(folder, name)
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
    assert.match(ended.printed, /mine: cannot be read/u)
  },
)

test('an agent is asked, unless only the named keys may be shown', { skip }, async (t) => {
  const folder = await temporaryFolder(t)
  await using place = await sftpPlace()
  const env = await startAgent(t, folder)
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

test(
  'a key that cannot be used keeps nobody from the next, and is told where none is left',
  { skip },
  async (t) => {
    const folder = await temporaryFolder(t)
    await using place = await sftpPlace()
    await config(folder)
    const { privateKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })
    await writeFile(join(folder, '.ssh', 'id_rsa'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
    await writeFile(join(folder, '.ssh', 'id_ecdsa'), 'no key')
    const ended = await listed(folder, place)
    assert.equal(ended.code, 4)
    assert.match(ended.printed, /id_rsa: keys of the kind dsa are not taken/u)
    assert.match(ended.printed, /id_ecdsa: this is no private key/u)
    await copyFile(place.key('ed25519'), join(folder, '.ssh', 'id_ed25519'))
    await writeFile(join(folder, '.ssh', 'id_ed25519-cert.pub'), 'ssh-ed25519-cert-v01@openssh.com AAAA')
    assert.equal(await lists(folder, place), 0)
    await config(folder, 'IdentityFile ~/not-there', 'IdentityFile ~/.ssh/id_ed25519')
    assert.equal(await lists(folder, place), 0)
  },
)

test(
  'a public key may be named for one of the agent, and files are tried behind an agent that refuses',
  { skip },
  async (t) => {
    const folder = await temporaryFolder(t)
    await using place = await sftpPlace()
    const env = await startAgent(t, folder)
    const add = async (...words: string[]): Promise<void> => {
      assert.equal((await runProgram('/usr/bin/env', [env, 'ssh-add', '-q', ...words], { folder })).code, 0)
    }
    await add(place.key('ecdsa'))
    await copyFile(`${place.key('ecdsa')}.pub`, join(folder, 'named.pub'))
    await config(folder, 'IdentitiesOnly yes', 'IdentityFile ~/named.pub')
    assert.equal(await lists(folder, place, env), 0)
    assert.match((await listed(folder, place)).printed, /named\.pub: a public key alone/u)
    await add('-D')
    // -c: the agent asks a person, and there is none.
    await add('-c', place.key('ecdsa'))
    await config(folder)
    assert.match((await listed(folder, place, env)).printed, /the agent refused/u)
    await copyFile(place.key('ed25519'), join(folder, '.ssh', 'id_ed25519'))
    assert.equal(await lists(folder, place, env), 0)
  },
)

test(
  'a certificate is shown with the key that it certifies, also where an agent has that',
  { skip },
  async (t) => {
    const folder = await temporaryFolder(t)
    const authority = await stranger(folder, 'authority')
    const blob = Buffer.from((await readFile(`${authority}.pub`, 'utf8')).split(' ')[1] ?? '', 'base64')
    await using place = await sftpPlace({ authorities: [blob] }, blob)
    const mine = await stranger(folder, 'mine')
    const other = await stranger(folder, 'other')
    for (const key of [mine, other]) {
      const words = ['-q', '-s', authority, '-I', 'test', '-n', 'u', `${key}.pub`]
      assert.equal((await runProgram('ssh-keygen', words, { folder })).code, 0)
    }
    await config(folder, 'IdentityFile ~/mine', 'CertificateFile ~/other-cert.pub')
    assert.equal(await lists(folder, place), 0, 'the certificate beside it')
    await rm(`${mine}-cert.pub`)
    assert.equal(await lists(folder, place), 4, 'the certificate of another')
    const env = await startAgent(t, folder)
    assert.equal((await runProgram('/usr/bin/env', [env, 'ssh-add', '-q', other], { folder })).code, 0)
    await config(folder, 'CertificateFile ~/other-cert.pub')
    assert.equal(await lists(folder, place, env), 0)
  },
)

/** Starts an ssh-agent without keys: what tells a program where it is. */
async function startAgent(t: TestContext, folder: string): Promise<string> {
  const socket = join(folder, 'agent')
  const agent = new StartedProgram('ssh-agent', ['-D', '-a', socket], { folder })
  t.after(() => agent.kill())
  await until('the agent is there', () => exists(socket))
  return `SSH_AUTH_SOCK=${socket}`
}
