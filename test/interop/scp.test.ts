import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { programVersion, runProgram, type Ended } from './program.ts'
import { exists, makeFile, sha256 } from './scene.ts'
import { sftpPlace, type SftpPlace } from './ssh/sftp-place.ts'

const skip =
  programVersion('ssh', { words: ['-V'] }) === undefined
    ? 'OpenSSH is not installed (apt-get install openssh-client)'
    : false
const noPscp =
  skip ||
  (programVersion('pscp', { words: ['-V'] }) === undefined
    ? 'pscp is not installed (apt-get install putty-tools)'
    : false)
const noCurl =
  skip ||
  (programVersion('curl', { words: ['-V'] }) === undefined
    ? 'curl is not installed (apt-get install curl)'
    : false)

let place: SftpPlace
let local = ''
before(async () => {
  if (skip !== false) return
  place = await sftpPlace()
  local = join(place.folder, 'local')
  await mkdir(local)
})
after(async () => {
  await place?.[Symbol.asyncDispose]()
})

/** `scp -O`, the old protocol. */
function scp(...words: string[]): Promise<Ended> {
  const common = '-O -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null'
    .concat(' -o IdentitiesOnly=yes -o BatchMode=yes -o LogLevel=ERROR')
    .split(' ')
  return runProgram('scp', [...common, '-P', place.port, '-i', place.key('ed25519'), ...words], {
    folder: local,
  })
}

const far = (path: string): string => `u@127.0.0.1:${path}`

function fine(ended: Ended): void {
  assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}`)
}

test('scp -O: files of any size go up and come back', { skip }, async () => {
  for (const size of [0, 1, 32_768, 262_144, 5_000_001]) {
    await makeFile(join(local, 'file'), size)
    fine(await scp('file', far('up')))
    fine(await scp(far('up'), 'back'))
    assert.equal(await sha256(join(place.folder, 'up')), await sha256(join(local, 'file')), String(size))
    assert.equal(await sha256(join(local, 'back')), await sha256(join(local, 'file')), String(size))
  }
})

test('scp -O: a file goes into a directory, and odd names are taken', { skip }, async () => {
  await mkdir(join(place.folder, 'into'))
  for (const name of ['a b', "it's", 'ümläut', '$HOME', 'a;b', '-dash', '[x]']) {
    await writeFile(join(local, name), name)
    fine(await scp(`./${name}`, far('into')))
    assert.equal(await readFile(join(place.folder, 'into', name), 'utf8'), name)
    await writeFile(join(local, name), 'changed')
    // -T: with quotes in what it has asked for, scp takes the right name for another.
    fine(await scp('-T', far(`'into/${name.replaceAll("'", String.raw`'\''`)}'`), './'))
    assert.equal(await readFile(join(local, name), 'utf8'), name)
  }
})

test(
  'scp -O: a file that is to go into a directory which is not there becomes none of its name',
  { skip },
  async () => {
    await writeFile(join(local, 'file'), 'contents')
    const ended = await scp('file', far('missing/'))
    assert.equal(ended.code, 1, ended.printed)
    assert.match(ended.printed, /missing\/: not a directory/u)
    assert.ok(!(await exists(join(place.folder, 'missing'))))
  },
)

test('scp -O -r -p: a tree with its times and modes goes both ways', { skip }, async () => {
  const tree = join(local, 'tree')
  await mkdir(join(tree, 'sub', 'empty'), { recursive: true })
  await writeFile(join(tree, 'sub', 'file'), 'x')
  await chmod(join(tree, 'sub', 'file'), 0o640)
  await utimes(join(tree, 'sub', 'file'), 1_000_000_000, 1_000_000_000)
  await utimes(join(tree, 'sub'), 1_100_000_000, 1_100_000_000)
  fine(await scp('-r', '-p', 'tree', far('/')))
  const there = join(place.folder, 'tree', 'sub')
  assert.equal((await stat(join(there, 'file'))).mtimeMs, 1_000_000_000_000)
  assert.equal((await stat(join(there, 'file'))).mode & 0o777, 0o640)
  assert.equal((await stat(there)).mtimeMs, 1_100_000_000_000)
  assert.ok(await exists(join(there, 'empty')))
  fine(await scp('-r', '-p', far('tree'), 'back-tree'))
  assert.equal(await readFile(join(local, 'back-tree', 'sub', 'file'), 'utf8'), 'x')
  assert.equal((await stat(join(local, 'back-tree', 'sub', 'file'))).mtimeMs, 1_000_000_000_000)
})

test('scp -O: a pattern is spread out, and what is not there is told', { skip }, async () => {
  await mkdir(join(place.folder, 'many'))
  for (const name of ['a.txt', 'b.txt', 'c.bin']) await writeFile(join(place.folder, 'many', name), name)
  await mkdir(join(local, 'got'))
  fine(await scp(far('many/*.txt'), 'got'))
  assert.ok((await exists(join(local, 'got', 'a.txt'))) && (await exists(join(local, 'got', 'b.txt'))))
  assert.equal(await exists(join(local, 'got', 'c.bin')), false)
  const missing = await scp(far('nothing'), 'got')
  assert.equal(missing.code, 1)
  assert.match(missing.printed, /nothing: no such file/iu)
  const directory = await scp(far('many'), 'got')
  assert.equal(directory.code, 1)
  assert.match(directory.printed, /not a regular file/u)
})

test('scp -O: nobody gets out of the folder, upwards or by a link', { skip }, async () => {
  const outside = await scp(far('../../../../etc/passwd'), 'passwd')
  assert.equal(outside.code, 1)
  await symlink('/etc', join(place.folder, 'way-out'))
  assert.equal((await scp(far('way-out/passwd'), 'passwd')).code, 1)
  await makeFile(join(local, 'file'), 10)
  assert.equal((await scp('file', far('way-out/ferry-was-here'))).code, 1)
  assert.equal(await exists('/etc/ferry-was-here'), false)
})

test(
  'scp -t by hand: a name that is a path, a directory without -r and an end too early are refused',
  { skip },
  async () => {
    const words = ['-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']
    const more = ['-o', 'LogLevel=ERROR', '-p', place.port, '-i', place.key('ed25519'), 'u@127.0.0.1']
    const run = (command: string, input: string) =>
      runProgram('ssh', [...words, ...more, command], { folder: local, input })
    for (const [input, why] of [
      ['C0644 3 ../x\nabc\0', /a name that is none/u],
      ['C0644 3 /x\nabc\0', /a name that is none/u],
      ['D0755 0 d\n', /-r was not said/u],
      ['E\n', /an end of no directory/u],
      ['hello\n', /a line that scp does not know/u],
      ['x'.repeat(10_000), /a line that is too long/u],
    ] as const) {
      const ended = await run('scp -t /', input)
      assert.match(ended.printed, why)
      assert.equal(ended.code, 1)
    }
    await run('scp -t /cut-off', 'C0644 100 f\nonly this')
    assert.equal(await exists(join(place.folder, 'cut-off')), false)
    assert.match((await run('id', '')).printed, /exec request failed/u)
  },
)

test('pscp -scp: a file goes up and comes back', { skip: noPscp }, async () => {
  await makeFile(join(local, 'putty'), 300_000)
  const common = ['-scp', '-q', '-batch', '-hostkey', place.fingerprint, '-P', place.port, '-pw', 'p']
  fine(await runProgram('pscp', [...common, 'putty', far('by-putty')], { folder: local }))
  fine(await runProgram('pscp', [...common, far('by-putty'), 'putty-back'], { folder: local }))
  assert.equal(await sha256(join(local, 'putty-back')), await sha256(join(local, 'putty')))
})

test(
  'curl scp://: a file goes up, though libssh2 says nothing behind its bytes, and comes back',
  { skip: noCurl },
  async () => {
    const url = `scp://127.0.0.1:${place.port}/by-curl`
    for (const size of [0, 1, 300_000]) {
      await makeFile(join(local, 'curl'), size)
      const words = ['-sSk', '--user', 'u:p']
      fine(await runProgram('curl', [...words, '-T', 'curl', url], { folder: local }))
      assert.equal(
        await sha256(join(place.folder, 'by-curl')),
        await sha256(join(local, 'curl')),
        String(size),
      )
      fine(await runProgram('curl', [...words, '-o', 'curl-back', url], { folder: local }))
      assert.equal(await sha256(join(local, 'curl-back')), await sha256(join(local, 'curl')), String(size))
    }
  },
)
