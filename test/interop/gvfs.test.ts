import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startFerry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'

const missing =
  programVersion('gio', { words: ['version'] }) === undefined ||
  programVersion('dbus-run-session', { words: ['--version'] }) === undefined ||
  !existsSync('/usr/libexec/gvfsd-ftp')
const skip = missing && 'gvfs is not installed (apt-get install gvfs-backends libglib2.0-bin dbus)'

/** As the file managers of GNOME, Xfce and others do it, without one: they all ask gvfs. */
test('gvfs: what the file managers of GNOME and Xfce do by ftp://', { skip }, async (t) => {
  const folder = await temporaryFolder(t)
  const served = join(folder, 'served')
  await mkdir(served)
  await makeFile(join(served, 'there.bin'), 3_000_001)
  const ferry = await startFerry(served, '--host', '127.0.0.1', '--verbose')
  t.after(() => ferry.stop())
  const url = `ftp://u@127.0.0.1:${ferry.port}`
  const script = [
    'set -e',
    `printf 'p\\n' | gio mount ${url}/`,
    `gio list -l ${url}/`,
    `gio copy ${url}/there.bin got.bin`,
    `gio copy got.bin '${url}/two  words ü.bin'`,
    `gio rename '${url}/two  words ü.bin' renamed.bin`,
    `gio mkdir ${url}/sub`,
    `gio move ${url}/renamed.bin ${url}/sub/moved.bin`,
    `gio info ${url}/sub/moved.bin`,
    `gio remove ${url}/there.bin`,
    `gio mount -u ${url}/`,
  ]
  await writeFile(join(folder, 'script'), `${script.join('\n')}\n`)
  const ended = await runProgram('dbus-run-session', ['--', 'sh', 'script'], { folder })
  assert.equal(ended.code, 0, `${ended.printed}\n${ferry.transcript().slice(-10_000)}`)
  assert.match(ended.printed, /there\.bin\t3000001\t\(regular\)/u)
  assert.deepEqual(await readdir(served, { recursive: true }), ['sub', join('sub', 'moved.bin')])
  assert.equal((await stat(join(folder, 'got.bin'))).size, 3_000_001)
  assert.equal(await sha256(join(served, 'sub', 'moved.bin')), await sha256(join(folder, 'got.bin')))
})
