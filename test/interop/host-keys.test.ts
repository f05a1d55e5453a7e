import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { blobOf } from '../../src/ssh/public-key.ts'
import { programVersion, runProgram } from './program.ts'
import { temporaryFolder } from './scene.ts'
import { sftpPlace } from './ssh/sftp-place.ts'
import { noSshd, SshdPlace } from './ssh/sshd-place.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
const skip =
  programVersion('ssh', { words: ['-V'] }) === undefined
    ? 'OpenSSH is not installed (apt-get install openssh-client)'
    : false

/** What known_hosts says of the kinds of a host's keys. */
async function kindsIn(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => line.split(' ')[1] ?? '').toSorted()
}

/** The host is known by its Ed25519 key and by one that it has no more. */
async function knownByOne(file: string, port: string): Promise<void> {
  const scan = await runProgram('ssh-keyscan', ['-t', 'ed25519', '-p', port, '127.0.0.1'], { folder: '/tmp' })
  const line = scan.printed.split('\n').find((one) => one.startsWith('['))
  assert.ok(line, scan.printed)
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const old = `[127.0.0.1]:${port} ecdsa-sha2-nistp384 ${Buffer.from(blobOf(publicKey)).toString('base64')}`
  await writeFile(file, `${line}\n${old}\n`)
}

const all = ['ecdsa-sha2-nistp256', 'ssh-ed25519', 'ssh-rsa']

test(
  "OpenSSH's ssh learns the keys of our server, and forgets the one it has no more",
  { skip },
  async (t) => {
    const folder = await temporaryFolder(t)
    await using place = await sftpPlace()
    const file = join(folder, 'known')
    await knownByOne(file, place.port)
    const words = [
      '-F',
      'none',
      '-p',
      place.port,
      '-i',
      place.key('ed25519'),
      '-o',
      `UserKnownHostsFile=${file}`,
    ]
    const more = ['-o', 'UpdateHostKeys=yes', '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes']
    const input = Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3])
    const ended = await runProgram('ssh', [...words, ...more, '-s', 'u@127.0.0.1', 'sftp'], { folder, input })
    assert.equal(ended.code, 0, ended.printed)
    assert.deepEqual(await kindsIn(file), all)
  },
)

test('our client learns the keys of our server, and forgets the one it has no more', { skip }, async (t) => {
  const folder = await temporaryFolder(t)
  await using place = await sftpPlace()
  await mkdir(join(folder, '.ssh'))
  const file = join(folder, '.ssh', 'known_hosts')
  await knownByOne(file, place.port)
  const ended = await runProgram(process.execPath, [ferry, 'ls', `sftp://u:p@127.0.0.1:${place.port}/`], {
    folder,
  })
  assert.equal(ended.code, 0, ended.printed)
  assert.deepEqual(await kindsIn(file), all)
})

test(
  "our client learns the keys of OpenSSH's sshd, unless the configuration says no",
  { skip: noSshd },
  async (t) => {
    const folder = await temporaryFolder(t)
    await using place = await SshdPlace.open()
    await mkdir(join(folder, '.ssh'))
    const file = join(folder, '.ssh', 'known_hosts')
    await knownByOne(file, String(place.port))
    const url = `sftp://${place.user}@127.0.0.1:${place.port}${place.folder}`
    for (const [said, kinds] of [
      ['no', ['ecdsa-sha2-nistp384', 'ssh-ed25519']],
      ['yes', all],
    ] as const) {
      await writeFile(
        join(folder, '.ssh', 'config'),
        `IdentityFile ${join(place.folder, 'key')}\nUpdateHostKeys ${said}\n`,
      )
      const ended = await runProgram(process.execPath, [ferry, 'ls', url], { folder })
      assert.equal(ended.code, 0, ended.printed)
      assert.deepEqual(await kindsIn(file), kinds)
    }
  },
)
