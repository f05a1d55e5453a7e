import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Ferry } from './ferry.ts'
import { freePort } from './free-port.ts'
import { programVersion, runProgram } from './program.ts'
import { temporaryFolder } from './scene.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
const skip =
  programVersion('ssh', { words: ['-V'] }) === undefined
    ? 'OpenSSH is not installed (apt-get install openssh-client)'
    : false

const kinds = ['ed25519', 'ecdsa', 'rsa'] as const

test('who knows the authority alone trusts each kind of host key by its certificate', { skip }, async (t) => {
  const scene = await openScene(t)
  for (const kind of kinds) {
    await scene.sign(kind, '-h')
    const { server, port } = await scene.serve(kind)
    await scene.trustAuthority(port)
    assert.equal(await scene.ssh(port), 0, `ssh, ${kind}`)
    assert.equal(await scene.ours(port), 0, `our client, ${kind}`)
    assert.deepEqual(await scene.known(), ['@cert-authority'], 'the key itself is not learned')
    await server.stop()
  }
})

test('a certificate that no client could take stops the start, and says why', { skip }, async (t) => {
  const scene = await openScene(t)
  await scene.sign('ed25519')
  await scene.sign('rsa', '-h')
  const words = ['serve', scene.folder, '--ftp', 'off', '--sftp', '0', '--host-key', scene.key('ed25519')]
  for (const [kind, why] of [
    ['ed25519', /ed25519-cert\.pub cannot be shown: it is a certificate for a user/u],
    ['rsa', /rsa-cert\.pub cannot be shown: it certifies none of the host keys/u],
    ['authority', /authority-cert\.pub cannot be read/u],
  ] as const) {
    const certificate = ['--host-certificate', `${scene.key(kind)}-cert.pub`]
    const ended = await runProgram(process.execPath, [ferry, ...words, ...certificate], {
      folder: scene.folder,
    })
    assert.equal(ended.code, 2, ended.printed)
    assert.match(ended.printed, why)
  }
})

for (const workers of [1, 2]) {
  test(
    `a certificate, an authority and a revoked key that are new count from SIGHUP on, with ${workers} workers`,
    { skip },
    async (t) => {
      const scene = await openScene(t)
      await scene.sign('ed25519', '-h', '-V', '-2d:-1d')
      const { server, port } = await scene.serve('ed25519', '--workers', String(workers))
      await server.until('the warning', ({ text = '' }) => /host certificate .* has expired/u.test(text))
      await scene.trustAuthority(port)
      assert.notEqual(await scene.ours(port), 0, 'it has expired')

      await scene.sign('ed25519', '-h')
      server.signal('SIGHUP')
      await scene.becomes(port, 0)
      await writeFile(scene.revoked, await readFile(`${scene.key('mine')}.pub`))
      server.signal('SIGHUP')
      await scene.becomes(port, 4)
      await writeFile(scene.revoked, 'SHA256:wrong\n')
      const since = server.lines.length
      server.signal('SIGHUP')
      await server.until('the word', ({ text = '' }) => text.includes('is not taken'), since)
      assert.equal(await scene.ours(port), 4, 'a file that is wrong changes nothing')
      await server.stop()
    },
  )
}

/** A folder with host keys, an authority and the key of a user. */
async function openScene(t: TestContext) {
  const folder = await temporaryFolder(t)
  const key = (name: string): string => join(folder, name)
  const keygen = async (...words: string[]): Promise<void> => {
    const ended = await runProgram('ssh-keygen', ['-q', ...words], { folder })
    assert.equal(ended.code, 0, ended.printed)
  }
  for (const kind of [...kinds, 'authority', 'mine']) await keygen(...typeOf(kind), '-N', '', '-f', key(kind))
  await mkdir(join(folder, '.ssh'))
  await writeFile(join(folder, '.ssh', 'config'), 'IdentityFile ~/mine\n')
  const knownHosts = join(folder, '.ssh', 'known_hosts')
  const revoked = join(folder, 'revoked')
  await writeFile(revoked, '')
  const ours = async (port: number): Promise<number | null> => {
    const url = `sftp://u@127.0.0.1:${port}/`
    return (await runProgram(process.execPath, [ferry, 'ls', url], { folder })).code
  }
  return {
    folder,
    key,
    revoked,
    ours,
    sign: (kind: string, ...words: string[]) =>
      keygen('-s', key('authority'), '-I', 'test', '-n', '127.0.0.1', ...words, `${key(kind)}.pub`),
    async serve(kind: string, ...more: string[]) {
      const port = await freePort()
      const shown = ['--host-key', key(kind), '--host-certificate', `${key(kind)}-cert.pub`]
      const user = ['--user', 'u', '--authorized-keys', `${key('mine')}.pub`, '--ssh-revoked', revoked]
      const words = [
        '--host',
        '127.0.0.1',
        '--ftp',
        'off',
        '--sftp',
        String(port),
        '--json',
        ...shown,
        ...user,
      ]
      const server = new Ferry([folder, ...words, ...more])
      t.after(() => server.signal('SIGKILL'))
      await server.until('the ready line', ({ ready }) => ready === true)
      return { server, port }
    },
    async trustAuthority(port: number): Promise<void> {
      const line = await readFile(`${key('authority')}.pub`, 'utf8')
      await writeFile(knownHosts, `@cert-authority [127.0.0.1]:${port} ${line}`)
    },
    async known(): Promise<string[]> {
      const lines = (await readFile(knownHosts, 'utf8')).trim().split('\n')
      return lines.map((line) => line.split(' ')[0] ?? '')
    },
    async ssh(port: number): Promise<number | null> {
      const strict = ['-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'StrictHostKeyChecking=yes']
      const who = ['-F', 'none', '-p', String(port), '-i', key('mine'), '-o', 'BatchMode=yes']
      const input = Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3])
      const words = [...who, ...strict, '-o', 'UpdateHostKeys=yes', '-s', 'u@127.0.0.1', 'sftp']
      return (await runProgram('ssh', words, { folder, input })).code
    },
    /** The server takes what is new when it has read it: after the signal, and not with it. */
    async becomes(port: number, code: number): Promise<void> {
      for (let tries = 0; tries < 50; tries += 1) if ((await ours(port)) === code) return
      assert.fail(`our client does not end with ${code}`)
    },
  }
}

/** RSA keys as short as may be: longer ones take a second to make. */
function typeOf(kind: string): string[] {
  if (kind === 'rsa') return ['-t', 'rsa', '-b', '2048']
  return ['-t', kind === 'ecdsa' ? 'ecdsa' : 'ed25519']
}
