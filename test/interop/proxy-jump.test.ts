import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'
import { sftpPlace } from './ssh/sftp-place.ts'
import { noSshd, SshdPlace } from './ssh/sshd-place.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

test(
  'ProxyJump: a file goes through one sshd, and through two, to our server and back',
  { skip: noSshd },
  async (t) => {
    const folder = await temporaryFolder(t)
    await using one = await SshdPlace.open()
    await using two = await SshdPlace.open()
    await using target = await sftpPlace()
    await mkdir(join(folder, '.ssh'))
    const far = (name: string, jump: string): string =>
      `Host ${name}\n  HostName 127.0.0.1\n  Port ${target.port}\n  User u\n  IdentityFile ${target.key('ecdsa')}\n  ProxyJump ${jump}\n`
    const config = [hop('one', one), hop('two', two), far('near', 'one'), far('far', 'one,two')].join('')
    await writeFile(
      join(folder, '.ssh', 'config'),
      `${config}Host *\n  StrictHostKeyChecking accept-new\n  HashKnownHosts no\n`,
    )
    const run = async (...words: string[]): Promise<void> => {
      const ended = await runProgram(process.execPath, [ferry, ...words], { folder })
      assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}`)
    }
    await makeFile(join(folder, 'file'), 1_500_000)
    for (const host of ['near', 'far']) {
      await run('put', '-q', join(folder, 'file'), `sftp://${host}/${host}.bin`)
      assert.equal(await sha256(join(target.folder, `${host}.bin`)), await sha256(join(folder, 'file')))
      await run('get', '-q', `sftp://${host}/${host}.bin`, '-o', join(folder, 'back'))
      assert.equal(await sha256(join(folder, 'back')), await sha256(join(folder, 'file')))
    }
    // Each host's key was looked at, those in between too.
    const known = await readFile(join(folder, '.ssh', 'known_hosts'), 'utf8')
    for (const port of [one.port, two.port, target.port])
      assert.ok(known.includes(`[127.0.0.1]:${port} `), known)
  },
)

test('ProxyJump: a host in between that is not trusted is the end of it', { skip: noSshd }, async (t) => {
  const folder = await temporaryFolder(t)
  await using one = await SshdPlace.open()
  await using target = await sftpPlace()
  await mkdir(join(folder, '.ssh'))
  const jump = `${one.user}@127.0.0.1:${one.port}`
  const lines = [`Host far`, `HostName 127.0.0.1`, `Port ${target.port}`, `ProxyJump ${jump}`]
  await writeFile(
    join(folder, '.ssh', 'config'),
    `${lines.join('\n')}\nHost *\n  StrictHostKeyChecking yes\n`,
  )
  const ended = await runProgram(process.execPath, [ferry, 'ls', 'sftp://u@far/'], { folder })
  assert.equal(ended.code, 7, ended.printed)
  assert.match(ended.printed, /nothing is known of the key/u)
})

/** What ssh_config says of a host in between. */
function hop(name: string, place: SshdPlace): string {
  return `Host ${name}\n  HostName 127.0.0.1\n  Port ${place.port}\n  User ${place.user}\n  IdentityFile ${join(place.folder, 'key')}\n`
}
