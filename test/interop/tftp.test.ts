import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { tftpClients, type TftpClient, type TftpPlace, type TftpWish } from './clients/tftp.ts'
import { Ferry } from './ferry.ts'
import { programVersion, runProgram, type Ended } from './program.ts'
import { exists, hasIpv6, makeFile, sha256 } from './scene.ts'

/** Files that end inside a block, at its end and behind it; the last has more than 65535 blocks of 512. */
const sizes = {
  empty: 0,
  '511': 511,
  '512': 512,
  '513': 513,
  '1MiB': 1_048_576,
  '40MiB': 41_943_040,
} as const

const blockSizes = [512, 1428, 65_464] as const

const noCurl = programVersion('curl', { words: ['--version'] }) === undefined

/** Servers on a served folder, and a folder for the client. */
class TftpScene {
  #folder = ''
  readonly #servers: Ferry[] = []

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'ferry-tftp-'))
    await mkdir(this.served())
    await mkdir(this.local())
    for (const [name, size] of Object.entries(sizes)) await makeFile(this.served(name), size)
    await writeFile(this.served('lines'), 'one\ntwo\rthree\r\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()))
    await rm(this.#folder, { recursive: true, force: true })
  }

  served(name = ''): string {
    return join(this.#folder, 'served', name)
  }

  local(name = ''): string {
    return join(this.#folder, 'client', name)
  }

  /** Starts a server, and tells where a client goes. */
  async place(host: string, ...words: readonly string[]): Promise<TftpPlace> {
    return (await this.start(host, ...words)).at
  }

  /** The same, for who talks to the server's process too. */
  async start(
    host: string,
    ...words: readonly string[]
  ): Promise<{ readonly at: TftpPlace; readonly server: Ferry }> {
    const server = new Ferry([
      this.served(),
      '--ftp',
      'off',
      '--tftp',
      '0',
      '--json',
      '--host',
      host,
      ...words,
    ])
    this.#servers.push(server)
    await server.until('the ready line', ({ ready }) => ready === true)
    return { at: { host, port: server.port, folder: this.local() }, server }
  }
}

for (const client of tftpClients) tftpSuite(client)

function tftpSuite(client: TftpClient): void {
  const version = programVersion(client.program, client.tellVersion)
  if (version === undefined) {
    missing(client)
    return
  }
  void describe(`${client.name} ${version} over TFTP`, () => {
    const scene = new TftpScene()
    let at: TftpPlace = { host: '', port: 0, folder: '' }
    before(async () => {
      await scene.open()
      at = await scene.place('127.0.0.1', '--tftp-write')
    })
    after(() => scene[Symbol.asyncDispose]())
    const get = async (from: TftpPlace, name: string, wish: TftpWish = {}): Promise<void> => {
      await rm(scene.local('got'), { force: true })
      const ended = await client.get(from, name, 'got', wish)
      assert.ok(await exists(scene.local('got')), `${ended.command}\n${ended.printed}`)
      assert.equal(await sha256(scene.local('got')), await sha256(scene.served(name)), ended.command)
    }

    for (const name of Object.keys(sizes)) {
      test(`gets a file, ${name}`, () => get(at, name))
    }
    for (const blockSize of client.largestBlock === undefined ? [] : blockSizes) {
      test(`gets 1 MiB in blocks of ${blockSize}`, () => get(at, '1MiB', { blockSize }))
    }
    for (const window of client.windows ? [2, 16, 64] : []) {
      test(`gets files in windows of ${window}`, async () => {
        for (const name of Object.keys(sizes)) await get(at, name, { window, blockSize: 1428 })
        await get(at, '40MiB', { window })
        await get(at, '1MiB', { window, blockSize: 65_464 })
      })
    }
    test('puts new files, and none in place of another', async () => {
      for (const name of Object.keys(sizes)) {
        const ended = await client.put(at, scene.served(name), `up-${name}`, {})
        assert.ok(await exists(scene.served(`up-${name}`)), `${ended.command}\n${ended.printed}`)
        assert.equal(await sha256(scene.served(`up-${name}`)), await sha256(scene.served(name)))
      }
      const again = await client.put(at, scene.served('513'), 'up-512', {})
      assert.match(again.printed, /exists|taken|\(73\)/iu)
      assert.equal(await sha256(scene.served('up-512')), await sha256(scene.served('512')))
    })
    test('hears why a file cannot be had, or put', async () => {
      const readOnly = await scene.place('127.0.0.1')
      const missing = await client.get(at, 'nothing', 'nothing', {})
      assert.match(missing.printed, /not found|no such|does not exist|not there|\(68\)/iu)
      const refused = await client.put(readOnly, scene.served('512'), 'refused', {})
      assert.match(refused.printed, /violation|no uploads|permission|only read|\(69\)/iu)
      assert.equal(await exists(scene.served('refused')), false)
    })
    test('gets a file over one port', async () => {
      await get(await scene.place('127.0.0.1', '--tftp-single-port'), '1MiB')
    })
    test('gets a file over IPv6', { skip: noIpv6(client) }, async () => {
      await get(await scene.place('::1'), '1MiB')
    })
  })
}

test(
  'tftp-hpa gets text as netascii',
  { skip: programVersion('tftp', { words: ['-V'] }) === undefined },
  async () => {
    await using scene = new TftpScene()
    await scene.open()
    const at = await scene.place('127.0.0.1')
    await runProgram('tftp', ['-m', 'ascii', at.host, String(at.port), '-c', 'get', 'lines', 'text'], at)
    assert.equal(await sha256(scene.local('text')), await sha256(scene.served('lines')))
  },
)

test(
  'networks have folders of their own, and names are mapped as by tftpd-hpa',
  { skip: noCurl },
  async () => {
    await using scene = new TftpScene()
    await scene.open()
    const rules = scene.local('rules')
    await writeFile(rules, 'r ^old- new-\n')
    await writeFile(scene.local('new-f'), 'of the lab')
    await writeFile(scene.served('new-f'), 'of the others')
    const remap = ['--tftp-remap', rules]
    const lab = await scene.place('127.0.0.1', ...remap, '--tftp-root', `127.0.0.0/8=${scene.local()}`)
    const others = await scene.place('127.0.0.1', ...remap, '--tftp-root', `10.0.0.0/8=${scene.local()}`)
    assert.equal((await getOld(lab)).printed, 'of the lab')
    assert.equal((await getOld(others)).printed, 'of the others')
  },
)

test(
  'uploads take the place of files where that is allowed, and blocks and windows are no larger than is allowed',
  { skip: noCurl },
  async () => {
    await using scene = new TftpScene()
    await scene.open()
    const limits = ['--tftp-blksize', '1024', '--tftp-windowsize', '2']
    const { at, server } = await scene.start('127.0.0.1', '--tftp-overwrite', ...limits, '--verbose')
    await writeFile(scene.local('new'), 'new')
    const url = `tftp://${at.host}:${at.port}/`
    for (const name of ['513', 'not-there-yet']) {
      await runProgram('curl', ['-s', '-T', scene.local('new'), `${url}${name}`], at)
      assert.equal(await sha256(scene.served(name)), await sha256(scene.local('new')))
    }
    const before = server.lines.length
    await runProgram('curl', ['-s', '--tftp-blksize', '8192', '-o', scene.local('got'), `${url}1MiB`], at)
    assert.equal(await sha256(scene.local('got')), await sha256(scene.served('1MiB')))
    await server.until('the OACK', ({ line }) => / blksize=1024\b/u.test(line ?? ''), before)
  },
)

test(
  'SIGHUP reads the rules for names anew, and rules that are wrong change nothing',
  { skip: noCurl },
  async () => {
    await using scene = new TftpScene()
    await scene.open()
    const rules = scene.local('rules')
    for (const name of ['first', 'second']) await writeFile(scene.served(name), name)
    await writeFile(rules, 'r ^old-f first\n')
    const { at, server } = await scene.start('127.0.0.1', '--tftp-remap', rules)
    const hangUp = async (warning: RegExp): Promise<void> => {
      const before = server.lines.length
      server.signal('SIGHUP')
      await server.until('the warning', ({ text }) => text !== undefined && warning.test(text), before)
    }
    await writeFile(rules, 'r ^old-f second\nq x\n')
    await hangUp(/remap file .*rules is not taken, the rules stay as they were: line 2 /u)
    assert.equal((await getOld(at)).printed, 'first')
    await rm(rules)
    await hangUp(/is not taken, .*: no such file/u)
    assert.equal((await getOld(at)).printed, 'first')
    await writeFile(rules, 'r ^old-f second\n')
    server.signal('SIGHUP')
    let { printed } = await getOld(at)
    for (let asked = 0; asked < 50 && printed !== 'second'; asked += 1) ({ printed } = await getOld(at))
    assert.equal(printed, 'second')
  },
)

function getOld(at: TftpPlace): Promise<Ended> {
  return runProgram('curl', ['-s', `tftp://${at.host}:${at.port}/old-f`], at)
}

/** In CI every client is there, or the suite proves less than it says. */
function missing({ name, install }: TftpClient): void {
  const reason = `${name} is not on this machine: ${install}`
  void test(`${name} over TFTP`, { skip: process.env['CI'] === undefined ? reason : false }, () => {
    throw new Error(reason)
  })
}

function noIpv6({ ipv6 }: TftpClient): string | false {
  if (!ipv6) return 'the client was not made to work over IPv6 here'
  return hasIpv6 ? false : 'this machine has no address ::1'
}
