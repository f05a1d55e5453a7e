import assert from 'node:assert/strict'
import {
  access,
  constants,
  mkdir,
  open,
  readFile,
  readdir,
  readlink,
  rename,
  stat,
  statfs,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { programVersion, runProgram } from './program.ts'
import { exists, makeFile, sha256, temporaryFolder, until } from './scene.ts'
import { sftpPlace } from './ssh/sftp-place.ts'

/** Why nothing can be mounted here; false: it can. */
async function missing(): Promise<string | false> {
  if (programVersion('sshfs', { words: ['-V'] }) === undefined)
    return 'sshfs is not installed (apt-get install sshfs)'
  try {
    await access('/dev/fuse', constants.R_OK | constants.W_OK)
    return false
  } catch {
    return 'this machine has no FUSE for who runs the tests'
  }
}

const skip = await missing()

test('sshfs: a mounted server is a folder like any other', { skip }, async (t) => {
  const folder = await temporaryFolder(t)
  const mount = join(folder, 'mount')
  await mkdir(mount)
  await using place = await sftpPlace()
  const there = join(place.folder, 'shared')
  await mkdir(there)
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentitiesOnly=yes',
    'LogLevel=ERROR',
  ]
  const words = ['u@127.0.0.1:/shared', mount, '-p', place.port, '-o', `IdentityFile=${place.key('ed25519')}`]
  const mounted = await runProgram('sshfs', [...words, ...options.flatMap((one) => ['-o', one])], { folder })
  assert.equal(mounted.code, 0, mounted.printed)
  t.after(() => runProgram('umount', ['-l', mount], { folder: '/' }))
  await makeFile(join(folder, 'local'), 3_000_001)
  await writeFile(join(mount, 'file'), await readFile(join(folder, 'local')))
  // sshfs closes files beside what the program does.
  await until('the file is whole', () => exists(join(there, 'file')))
  assert.equal(await sha256(join(there, 'file')), await sha256(join(folder, 'local')))
  assert.equal(await sha256(join(mount, 'file')), await sha256(join(folder, 'local')))
  await writeFile(join(mount, 'file'), 'changed in its midst', { flag: 'r+' })
  assert.equal((await readFile(join(there, 'file'), 'utf8')).slice(0, 20), 'changed in its midst')
  assert.equal((await stat(join(there, 'file'))).size, 3_000_001)
  const synced = await open(join(mount, 'synced'), 'w')
  await synced.writeFile('for SQLite and editors')
  await synced.sync()
  await synced.close()
  // To read and to create at once, as flock does.
  const lock = await open(join(mount, 'lock'), constants.O_RDONLY | constants.O_CREAT)
  await lock.close()
  await until('the lock is there', () => exists(join(there, 'lock')))
  await writeFile(join(mount, 'other'), 'in the way')
  await until('the other is whole', () => exists(join(there, 'other')))
  await rename(join(mount, 'file'), join(mount, 'other'))
  await utimes(join(mount, 'other'), 1_000_000_000, 1_000_000_000)
  assert.equal((await stat(join(there, 'other'))).mtimeMs, 1_000_000_000_000)
  await symlink('other', join(mount, 'link'))
  assert.equal(await readlink(join(there, 'link')), 'other')
  assert.ok((await statfs(mount)).blocks > 0)
  await mkdir(join(there, 'many'))
  await Promise.all(
    Array.from({ length: 10_000 }, (_, index) => writeFile(join(there, 'many', `entry-${index}`), '')),
  )
  assert.equal((await readdir(join(mount, 'many'))).length, 10_000)
  const unmounted = await runProgram('umount', [mount], { folder: '/' })
  assert.equal(unmounted.code, 0, unmounted.printed)
})
