import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { proftpdSftp } from '../../bench/peers/proftpd-sftp.ts'
import { systemClock } from '../../src/core/clock.ts'
import { joinPath, parsePath, type Path } from '../../src/core/path.ts'
import type { RemoteStore } from '../../src/core/remote.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { connectSftp } from '../../src/sftp/client/connect.ts'
import { parseKeyFile } from '../../src/ssh/keys/parse-key-file.ts'
import { signerOf } from '../../src/ssh/private-key.ts'
import { signers } from '../../src/testing/ssh-world.ts'
import { freePort } from './free-port.ts'
import { until } from './scene.ts'
import { noSshd, SshdPlace } from './ssh/sshd-place.ts'

/** A foreign server: its port, who gets in by which key, and where one may write. */
interface Foreign extends AsyncDisposable {
  readonly port: number
  readonly user: string
  readonly keyFile: string
  /** As the client sees it. */
  readonly home: string
}

interface ForeignServer {
  readonly name: string
  readonly skip: string | false
  readonly tellsLinks: boolean
  readonly open: () => Promise<Foreign>
}

const servers: readonly ForeignServer[] = [
  { name: "OpenSSH's sshd with internal-sftp", skip: noSshd, tellsLinks: true, open: openSshd },
  {
    name: 'dropbear with sftp-server of OpenSSH',
    skip: dropbearMissing(),
    tellsLinks: true,
    open: openDropbear,
  },
  { name: "ProFTPD's mod_sftp", skip: proftpdSftp.missing() ?? false, tellsLinks: false, open: openProftpd },
]

async function openSshd(): Promise<Foreign> {
  const place = await SshdPlace.open()
  const home = join(place.folder, 'home')
  await mkdir(home)
  return {
    port: place.port,
    user: place.user,
    keyFile: join(place.folder, 'key'),
    home,
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  }
}

function dropbearMissing(): string | false {
  if (spawnSync('dropbear', ['-V']).error !== undefined)
    return 'dropbear is not installed (apt-get install dropbear-bin)'
  if (spawnSync('test', ['-x', '/usr/lib/sftp-server']).status !== 0)
    return 'sftp-server is not where dropbear looks for it (apt-get install openssh-sftp-server)'
  if (process.getuid?.() !== 0) return 'only root can give dropbear another home to look for keys in'
  return spawnSync('unshare', ['-m', 'true']).status === 0
    ? false
    : 'this machine lets nobody have mounts of his own'
}

/** dropbear looks for keys in the home of a user of the machine and nowhere else: here another folder stands in its place. */
async function openDropbear(): Promise<Foreign> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-dropbear-'))
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
  spawnSync('dropbearkey', ['-t', 'ed25519', '-f', join(folder, 'host')])
  await mkdir(join(folder, '.ssh'), { mode: 0o700 })
  await copyFile(join(folder, 'key.pub'), join(folder, '.ssh', 'authorized_keys'))
  await chmod(join(folder, '.ssh', 'authorized_keys'), 0o600)
  await mkdir(join(folder, 'home'))
  const children = new Set<ChildProcess>()
  const { homedir, username } = userInfo()
  const script = `mount --bind '${folder}' '${homedir}' && exec dropbear -i -r '${join(folder, 'host')}'`
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn('unshare', ['-m', 'sh', '-c', script], { stdio: [socket, socket, 'ignore'] })
    children.add(child)
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    user: username,
    keyFile: join(folder, 'key'),
    home: join(folder, 'home'),
    async [Symbol.asyncDispose]() {
      server.close()
      for (const child of children) child.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function openProftpd(): Promise<Foreign> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-proftpd-'))
  const files = join(folder, 'files')
  await mkdir(files)
  await chmod(folder, 0o755)
  await chmod(files, 0o777)
  const port = await freePort()
  const { command, words, environment } = proftpdSftp.prepare({ files, folder, port })
  const child = spawn(command, words, { stdio: 'ignore', env: { ...process.env, ...environment } })
  await until('ProFTPD listens', async () => {
    const socket = await tcpNetwork()
      .connect({ host: '127.0.0.1', port, timeoutMs: 1000 })
      .catch(() => undefined)
    socket?.destroy()
    return socket !== undefined
  })
  return {
    port,
    user: 'bench',
    keyFile: join(folder, 'user-key'),
    home: '/',
    async [Symbol.asyncDispose]() {
      child.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function connect({ port, user, keyFile }: Foreign): Promise<RemoteStore> {
  const found = parseKeyFile(await readFile(keyFile, 'utf8'))
  if (found.kind !== 'open') throw new Error('the key is locked')
  const keys = signers(signerOf(found.key))
  const trust = { known: async () => [], check: async () => undefined }
  return connectSftp({
    network: tcpNetwork(),
    clock: systemClock,
    host: 'foreign',
    ask: { secret: async () => undefined, trust: async () => 'no' },
    hosts: {
      find: async () => ({ hostName: '127.0.0.1', keyName: 'foreign', port, user, trust, keys, through: [] }),
    },
  })
}

async function write(store: RemoteStore, path: Path, bytes: Uint8Array, from = 0): Promise<void> {
  const how = from === 0 ? ({ truncate: true } as const) : ({ truncate: true, from } as const)
  const file = await store.open(path, { write: true, create: 'allow', ...how })
  for (let at = from; at < bytes.length; at += 1_000_000)
    await file.write([bytes.subarray(at, at + 1_000_000)], at)
  await file.close()
}

async function read(store: RemoteStore, path: Path): Promise<Buffer> {
  const file = await store.open(path, { read: true })
  const pieces: Buffer[] = []
  for (let at = 0; ;) {
    const into = new Uint8Array(1_000_000)
    const count = await file.read(into, at)
    pieces.push(Buffer.from(into.subarray(0, count)))
    at += count
    if (count < into.length) break
  }
  await file.close()
  return Buffer.concat(pieces)
}

for (const { name, skip, tellsLinks, open } of servers) {
  void describe(`our client to ${name}`, { skip }, () => {
    test('files of any size go up and come back, also odd names, resumed, renamed, linked and removed', async () => {
      await using foreign = await open()
      const store = await connect(foreign)
      const home = parsePath(foreign.home)
      for (const size of [0, 1, 32_768, 261_121, 3_000_001]) {
        const bytes = Buffer.alloc(size, `${size} bytes `)
        await write(store, joinPath(home, 'file'), bytes)
        assert.ok(bytes.equals(await read(store, joinPath(home, 'file'))), `${size}`)
      }
      for (const odd of ['ümläut 日本', "it's", '-dash', 'a\\b', ' blanks ']) {
        await write(store, joinPath(home, odd), Buffer.from(odd))
        assert.equal((await read(store, joinPath(home, odd))).toString(), odd)
        await store.remove(joinPath(home, odd))
      }
      const whole = Buffer.alloc(2_000_000, 'resumed ')
      await write(store, joinPath(home, 'part'), whole.subarray(0, 700_000))
      await write(store, joinPath(home, 'part'), whole, 700_000)
      assert.ok(whole.equals(await read(store, joinPath(home, 'part'))))
      await write(store, joinPath(home, 'other'), Buffer.from('in the way'))
      await store.rename(joinPath(home, 'part'), joinPath(home, 'other'), true)
      assert.equal((await store.stat(joinPath(home, 'other'))).size, whole.length)
      await store.link(joinPath(home, 'link'), 'other', 'symbolic')
      assert.equal((await store.stat(joinPath(home, 'link'))).size, whole.length)
      // mod_sftp follows links also where it is asked not to.
      if (tellsLinks) assert.equal((await store.stat(joinPath(home, 'link'), false)).target, 'other')
      await store.change(joinPath(home, 'other'), { mode: 0o600, modified: new Date(1_000_000_000_000) })
      const { mode, modified } = await store.stat(joinPath(home, 'other'))
      assert.deepEqual([mode, modified.getTime()], [0o600, 1_000_000_000_000])
      await store.mkdir(joinPath(home, 'folder'))
      for (let index = 0; index < 300; index += 1)
        await write(store, joinPath(joinPath(home, 'folder'), `entry-${index}`), new Uint8Array(1))
      const names: string[] = []
      for await (const batch of store.list(joinPath(home, 'folder')))
        names.push(...batch.map((entry) => entry.name))
      assert.equal(names.length, 300)
      await assert.rejects(store.open(joinPath(home, 'nothing'), { read: true }), { fault: 'not-found' })
      await assert.rejects(store.rmdir(joinPath(home, 'folder')), { fault: 'not-empty' })
      await store.end()
    })
  })
}
