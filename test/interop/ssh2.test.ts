import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { lstat, readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { systemClock } from '../../src/core/clock.ts'
import { parsePath } from '../../src/core/path.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { connectSftp } from '../../src/sftp/client/connect.ts'
import { programVersion } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'
import { sftpPlace, type SftpPlace } from './ssh/sftp-place.ts'
import { ssh2, type Ssh2Files } from './ssh/ssh2-library.ts'

const skip =
  programVersion('ssh', { words: ['-V'] }) === undefined
    ? 'OpenSSH, which makes the keys, is not installed (apt-get install openssh-client)'
    : false

let place: SftpPlace
before(async () => {
  if (skip === false) place = await sftpPlace()
})
after(async () => {
  await place?.[Symbol.asyncDispose]()
})

/** Does something in a session of npm's ssh2. */
async function withSsh2(options: object, work: (files: Ssh2Files) => Promise<void>): Promise<void> {
  const client = new ssh2.Client()
  const ready = Promise.withResolvers<void>()
  client.on('error', (error) => ready.reject(error)).on('ready', () => ready.resolve())
  client.connect({ host: '127.0.0.1', port: Number(place.port), username: 'u', ...options })
  await ready.promise
  const files = Promise.withResolvers<Ssh2Files>()
  client.sftp((error, opened) => (error === undefined ? files.resolve(opened) : files.reject(error)))
  try {
    await work(await files.promise)
  } finally {
    client.end()
  }
}

const algorithms = {
  kex: [
    'curve25519-sha256',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group16-sha512',
  ],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'],
  cipher: ['chacha20-poly1305@openssh.com', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes256-ctr'],
} as const

for (const [kind, names] of Object.entries(algorithms)) {
  for (const name of names) {
    test(`npm's ssh2: ${kind} ${name}, files up and down and all else`, { skip }, async (t) => {
      const folder = await temporaryFolder(t)
      const local = join(folder, 'local')
      await makeFile(local, 200_003)
      await withSsh2({ password: 'p', algorithms: { [kind]: [name] } }, async (files) => {
        await promisify(files.fastPut.bind(files))(local, '/by-ssh2')
        await promisify(files.fastGet.bind(files))('/by-ssh2', join(folder, 'back'))
        await promisify(files.chmod.bind(files))('/by-ssh2', 0o640)
        await promisify(files.rename.bind(files))('/by-ssh2', '/renamed')
        await promisify(files.symlink.bind(files))('renamed', '/link')
        assert.equal(await promisify(files.readlink.bind(files))('/link'), 'renamed')
        const listed = await promisify(files.readdir.bind(files))('/')
        assert.ok(listed.some(({ filename }) => filename === 'renamed'))
      })
      assert.equal(await sha256(join(folder, 'back')), await sha256(local))
      assert.equal(await sha256(join(place.folder, 'renamed')), await sha256(local))
      assert.equal((await stat(join(place.folder, 'renamed'))).mode & 0o777, 0o640)
      assert.ok((await lstat(join(place.folder, 'link'))).isSymbolicLink())
      assert.equal(await readlink(join(place.folder, 'link')), 'renamed')
      await withSsh2({ privateKey: await readFile(place.key('ed25519')) }, async (files) => {
        await promisify(files.unlink.bind(files))('/link')
        await promisify(files.unlink.bind(files))('/renamed')
      })
    })
  }
}

test("npm's ssh2: a wrong password is refused", { skip }, async () => {
  await assert.rejects(
    withSsh2({ password: 'wrong' }, async () => undefined),
    /authentication methods failed/u,
  )
})

test("our client to npm's ssh2 as a server: a file comes down whole", async (t) => {
  const content = Buffer.alloc(3_000_001, 'what ssh2 serves ')
  const { OK, EOF, NO_SUCH_FILE } = ssh2.utils.sftp.STATUS_CODE
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const hostKeys = [privateKey.export({ format: 'pem', type: 'pkcs1' })]
  const server = new ssh2.Server({ hostKeys }, (peer) => {
    peer.on('error', () => undefined)
    peer.on(
      'authentication',
      (attempt: {
        method: string
        password?: string
        accept(): void
        reject(methods: readonly string[]): void
      }) =>
        attempt.method === 'password' && attempt.password === 'p'
          ? attempt.accept()
          : attempt.reject(['password']),
    )
    peer.on('session', (accept: () => { on(event: string, heard: (accept: () => Answers) => void): void }) =>
      accept().on('sftp', (begin) => serveOne(begin())),
    )
  })

  function serveOne(sftp: Answers): void {
    const handle = Buffer.from('h')
    const attributes = { mode: 0o100644, size: content.length, uid: 0, gid: 0, atime: 1, mtime: 1 }
    sftp.on('REALPATH', (id: number) => sftp.name(id, [{ filename: '/', longname: '/', attrs: {} }]))
    sftp.on('OPEN', (id: number, path: string) =>
      path === '/file' ? sftp.handle(id, handle) : sftp.status(id, NO_SUCH_FILE),
    )
    sftp.on('FSTAT', (id: number) => sftp.attrs(id, attributes))
    sftp.on('READ', (id: number, _handle: Buffer, at: number, length: number) =>
      at >= content.length ? sftp.status(id, EOF) : sftp.data(id, content.subarray(at, at + length)),
    )
    sftp.on('CLOSE', (id: number) => sftp.status(id, OK))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const store = await connectSftp({
    network: tcpNetwork(),
    clock: systemClock,
    host: '127.0.0.1',
    port: server.address().port,
    user: 'u',
    ask: { secret: async () => 'p', trust: async () => 'once' },
  })
  const file = await store.open(parsePath('/file'), { read: true })
  const into = new Uint8Array(content.length + 10)
  assert.equal(await file.read(into, 0), content.length)
  assert.ok(content.equals(into.subarray(0, content.length)))
  await file.close()
  assert.equal(file.completeness, 'proven')
  await assert.rejects(store.open(parsePath('/other'), { read: true }), /no such file/iu)
  await store.end()
})

/** How ssh2's server answers. */
interface Answers {
  on(event: string, heard: (...args: never[]) => void): void
  name(id: number, names: readonly object[]): void
  handle(id: number, handle: Buffer): void
  attrs(id: number, attributes: object): void
  data(id: number, data: Buffer): void
  status(id: number, code: number): void
}
