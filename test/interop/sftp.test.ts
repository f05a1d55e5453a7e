import assert from 'node:assert/strict'
import { lstat, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { sftpClients, type SftpClient, type SftpPlace } from './clients/sftp.ts'
import { Ferry } from './ferry.ts'
import { programVersion, StartedProgram, type Ended } from './program.ts'
import { bytesIn, exists, makeFile, sha256, until } from './scene.ts'

/** Around one request, one packet, and one window. */
const sizes = [0, 1, 32_768, 261_121, 5_000_000, 20_971_520]

const names = [
  ' leading and trailing ',
  '-dash',
  'ümläut 日本',
  'quote"d',
  "it's",
  '[x]*?.txt',
  'back\\slash',
  '%41',
]

/** A server on a folder, and a folder for the client. */
class SftpScene {
  #folder = ''
  #server: Ferry | undefined

  async open(): Promise<SftpPlace> {
    this.#folder = await mkdtemp(join(tmpdir(), 'ferry-sftp-'))
    await mkdir(this.served())
    await mkdir(this.local())
    const words = ['--ftp', 'off', '--sftp', '0', '--host', '127.0.0.1', '--user', 'u:p', '--json']
    this.#server = new Ferry([this.served(), ...words])
    const ready = await this.#server.until('the ready line', (line) => line.ready === true)
    const [listener] = ready.listeners ?? []
    const fingerprint = (listener as { fingerprint?: string } | undefined)?.fingerprint ?? ''
    return { port: this.#server.port, folder: this.local(), fingerprint }
  }

  async close(): Promise<void> {
    await this.#server?.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  get server(): Ferry {
    if (this.#server === undefined) throw new Error('the scene is not open')
    return this.#server
  }

  served(name = ''): string {
    return join(this.#folder, 'served', name)
  }

  local(name = ''): string {
    return join(this.#folder, 'client', name)
  }
}

for (const client of sftpClients) sftpSuite(client)

function versionOf({ program, tellVersion }: SftpClient): string | undefined {
  if (program === 'sftp' || program === 'scp') return programVersion('ssh', { words: ['-V'] })
  return programVersion(program, tellVersion)
}

function well(ended: Ended): void {
  assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}`)
}

function sftpSuite(client: SftpClient): void {
  const version = versionOf(client)
  if (version === undefined) {
    test(`${client.name} over SFTP`, { skip: `not installed: ${client.install}` })
    return
  }
  void describe(`${client.name} ${version} over SFTP`, () => {
    const scene = new SftpScene()
    let at: SftpPlace = { port: 0, folder: '', fingerprint: '' }
    before(async () => {
      at = await scene.open()
    })
    after(() => scene.close())

    test('sends files and gets them back, of any size', async () => {
      for (const size of sizes) {
        await makeFile(scene.local('file'), size)
        well(await client.put(at, 'file', `/file-${size}`))
        assert.equal(await sha256(scene.served(`file-${size}`)), await sha256(scene.local('file')), `${size}`)
        await rm(scene.local('got'), { force: true })
        well(await client.get(at, `/file-${size}`, 'got'))
        assert.equal(await sha256(scene.local('got')), await sha256(scene.local('file')), `${size}`)
      }
      assert.equal(scene.server.lines.filter(({ event }) => event === 'bug' || event === 'warning').length, 0)
    })

    test('puts a file in place of another, which is there until then', async () => {
      await writeFile(scene.served('old'), 'what was there, and longer')
      await writeFile(scene.local('new'), 'new')
      well(await client.put(at, 'new', '/old'))
      assert.equal(await readFile(scene.served('old'), 'utf8'), 'new')
    })

    for (const name of client.slow === true ? names.slice(2, 3) : names) {
      const skip = client.noName?.includes(name) === true ? 'the client cannot say this name' : false
      test(`takes the name ${name}`, { skip }, async () => {
        await makeFile(scene.local('odd'), 1000)
        well(await client.put(at, 'odd', `/${name}`))
        assert.equal(await sha256(scene.served(name)), await sha256(scene.local('odd')))
        await rm(scene.local('odd back'), { force: true })
        well(await client.get(at, `/${name}`, 'odd back'))
        assert.equal(await sha256(scene.local('odd back')), await sha256(scene.local('odd')))
        await rm(scene.served(name))
      })
    }

    const { list, rename, remove, symlink, resumePut, chmod, mkdir: makeDirectory } = client
    test('lists, makes, renames and removes', { skip: list === undefined }, async () => {
      if (makeDirectory !== undefined) well(await makeDirectory(at, '/made'))
      else await mkdir(scene.served('made'))
      await Promise.all(
        Array.from({ length: 3000 }, (_, index) => writeFile(scene.served(`made/${index}-x`), '')),
      )
      const listed = await list?.(at, '/made')
      const found = new Set(listed?.printed.match(/\d+-x/gu))
      assert.equal(found.size, 3000, listed?.printed.slice(0, 1000))
      if (rename !== undefined) {
        well(await rename(at, '/made/7-x', '/made/renamed'))
        assert.equal(await exists(scene.served('made/renamed')), true)
        assert.equal(await exists(scene.served('made/7-x')), false)
      }
      if (remove !== undefined) {
        well(await remove(at, '/made/8-x'))
        assert.equal(await exists(scene.served('made/8-x')), false)
      }
    })

    test('makes a link the right way round', { skip: symlink === undefined }, async () => {
      well((await symlink?.(at, 'text', '/link')) as Ended)
      assert.equal(await readlink(scene.served('link')), 'text')
      assert.ok((await lstat(scene.served('link'))).isSymbolicLink())
    })

    test('changes permissions', { skip: chmod === undefined }, async () => {
      await writeFile(scene.served('mode'), '')
      well((await chmod?.(at, '640', '/mode')) as Ended)
      assert.equal((await stat(scene.served('mode'))).mode & 0o777, 0o640)
    })

    test('hears why a file cannot be had', async () => {
      const ended = await client.get(at, '/nothing', 'nothing')
      assert.match(ended.printed, /no such file|not found|does not exist|78|Could not find/iu)
    })

    test('goes on with an upload that stopped', { skip: resumePut === undefined }, async () => {
      await makeFile(scene.local('big'), 3_000_000)
      const whole = await sha256(scene.local('big'))
      await stopInside(at, scene)
      well((await resumePut?.(at, 'big', '/stopped')) as Ended)
      assert.equal(await sha256(scene.served('stopped')), whole)
    })
  })
}

/** An upload of which a million bytes arrive before the client is gone: by OpenSSH, which is slowed down and killed. */
async function stopInside(at: SftpPlace, scene: SftpScene): Promise<void> {
  const script = scene.local('tell-password')
  await writeFile(script, '#!/bin/sh\necho p\n', { mode: 0o755 })
  const env = [`SSH_ASKPASS=${script}`, 'SSH_ASKPASS_REQUIRE=force', 'DISPLAY=none']
  const words = ['-q', '-l', '8000', '-P', String(at.port), '-oStrictHostKeyChecking=no']
  const last = ['-oUserKnownHostsFile=/dev/null', 'big', 'u@127.0.0.1:/stopped']
  const upload = new StartedProgram('/usr/bin/env', [...env, 'scp', ...words, ...last], at)
  const before = await bytesIn(scene.served())
  await until('a part has arrived', async () => (await bytesIn(scene.served())) > before + 300_000)
  upload.kill()
  await upload.ended
  const told = await scene.server.until(
    'the end of the upload',
    ({ event, path }) => event === 'upload' && path === '/stopped',
  )
  assert.equal(told.outcome, 'incomplete')
  assert.equal(await exists(scene.served('stopped')), false)
}
