import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { connect } from '../../src/client/connect.ts'
import { NetworkError } from '../../src/core/error.ts'
import { Ferry } from './ferry.ts'
import { freePort } from './free-port.ts'
import { temporaryFolder, until } from './scene.ts'

const activate = 'systemd-socket-activate'
const skipActivation = missing(activate) ?? false
const skipNotice = missing('systemd-notify') ?? missing('python3') ?? false
const deploy = join(import.meta.dirname, '..', '..', 'docs', 'deploy')

function missing(program: string): string | undefined {
  const { error } = spawnSync(program, ['--version'])
  return error === undefined ? undefined : `${program} is not installed (apt-get install systemd python3)`
}

test(
  'systemd opens the ports of FTP and SFTP: the first who comes starts the server, and is served',
  { skip: skipActivation },
  async (t) => {
    const folder = await temporaryFolder(t)
    await writeFile(join(folder, 'report.txt'), 'whole')
    const [ftp, sftp] = [await freePort(), await freePort()]
    const sockets = ['-l', `127.0.0.1:${ftp}`, '-l', `127.0.0.1:${sftp}`, '--fdname=ftp:sftp']
    const ferry = start(t, [folder, '--data', await temporaryFolder(t)], [activate, ...sockets])
    for (const url of [`sftp://u@127.0.0.1:${sftp}`, `ftp://u@127.0.0.1:${ftp}`]) {
      assert.equal(await fetched(url), 'whole')
    }
    const { listeners } = await ferry.until('ready', ({ ready }) => ready === true)
    assert.deepEqual(
      listeners?.map(({ protocol, address, port }) => [protocol, address, port]),
      [
        ['ftp', '127.0.0.1', ftp],
        ['sftp', '127.0.0.1', sftp],
      ],
    )
    assert.equal((await ferry.stop()).code, 0)
  },
)

test('systemd opens the port of TFTP, for both families at once', { skip: skipActivation }, async (t) => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'report.txt'), 'whole')
  const port = await freePort()
  const ferry = start(t, [folder, '--ftp', 'off'], [activate, '-d', '-l', `${port}`, '--fdname=tftp'])
  assert.equal(await fetched(`tftp://127.0.0.1:${port}`), 'whole')
  const { listeners } = await ferry.until('ready', ({ ready }) => ready === true)
  assert.deepEqual(listeners, [{ protocol: 'tftp', address: '127.0.0.1', port }])
  assert.equal((await ferry.stop()).code, 0)
})

test(
  'a port that systemd has opened and nobody serves ends the start',
  { skip: skipActivation },
  async (t) => {
    const port = await freePort()
    const ferry = start(t, [await temporaryFolder(t)], [activate, '-l', `127.0.0.1:${port}`])
    const over = ferry.ended.then(() => true)
    await until('somebody has come', () => {
      // It is cut at the end of the process, if it came to the socket at all.
      const conn = createConnection(port, '127.0.0.1').on('error', () => undefined)
      conn.unref()
      return Promise.race([over, delay(20, false)])
    })
    const { code, stderr } = await ferry.ended
    assert.equal(code, 2)
    assert.match(stderr, new RegExp(`systemd has opened port ${port}, .*FileDescriptorName=sftp`, 'u'))
  },
)

test(
  'systemd is told of readiness, of reading anew, of life and of the end',
  { skip: skipNotice },
  async (t) => {
    const folder = await temporaryFolder(t)
    const place = join(await temporaryFolder(t), 'notify')
    const told = await listenAsSystemd(t, place)
    const ferry = start(t, [folder], ['env', `NOTIFY_SOCKET=${place}`, 'WATCHDOG_USEC=400000'])
    const { port } = (await ferry.until('ready', ({ ready }) => ready === true)).listeners?.[0] ?? {}
    await until('READY', async () => told.length > 1)
    assert.deepEqual(told[1]?.slice(1), ['READY=1', `STATUS=ftp ${port}: 0 sessions, 0 transfers`])
    assert.match(told[1]?.[0] ?? '', /^MAINPID=\d+$/u)
    await until('life', async () => told.filter(([first]) => first === 'WATCHDOG=1').length > 1)
    ferry.signal('SIGHUP')
    await until('reading anew', async () => told.some(([first]) => first === 'RELOADING=1'))
    const reading = told.findIndex(([first]) => first === 'RELOADING=1')
    assert.match(told[reading]?.[1] ?? '', /^MONOTONIC_USEC=\d+$/u)
    await until('ready again', async () => told.slice(reading).some(([first]) => first === 'READY=1'))
    await ferry.stop()
    await until('the end', async () => told.some(([first]) => first === 'STOPPING=1'))
  },
)

const skipVerify = missing('systemd-analyze') ?? false

test(
  'the units are as systemd reads them, and leave little that could go wrong',
  { skip: skipVerify },
  async (t) => {
    const folder = await temporaryFolder(t)
    for (const name of ['ferry.service', 'ferry-ftp.socket', 'ferry-sftp.socket', 'ferry-tftp.socket']) {
      const unit = await readFile(join(deploy, name), 'utf8')
      // The program need not be installed where this is tested.
      await writeFile(join(folder, name), unit.replace('/usr/bin/ferry ', '/bin/true '))
    }
    const verify = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, 'ferry.service')], {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
    })
    const ours = verify.stderr.split('\n').filter((line) => line.includes('ferry'))
    assert.deepEqual([ours, verify.status], [[], 0])
    const security = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--no-pager', join(folder, 'ferry.service')],
      { encoding: 'utf8' },
    )
    const [, exposure] = /Overall exposure level for ferry\.service: ([\d.]+)/u.exec(security.stdout) ?? []
    assert.ok(Number(exposure) < 2, `the exposure is ${exposure}: ${security.stdout}${security.stderr}`)
  },
)

/** A server that does not outlive its test. */
function start(t: TestContext, words: readonly string[], through: readonly string[]): Ferry {
  const ferry = new Ferry(['--ftp', '0', '--user', 'u:p', '--json', ...words], through)
  t.after(() => ferry.signal('SIGKILL'))
  return ferry
}

/** The file of a server that may not be listening yet. */
async function fetched(url: string): Promise<string> {
  let found = ''
  await until('the file comes', async () => {
    try {
      const remote = await connect(url, { password: 'p', ask: { trust: async () => 'once' } })
      found = await text(await remote.openRead('report.txt'))
      await remote.end()
      return true
    } catch (thrown) {
      if (thrown instanceof NetworkError && thrown.fault === 'refused') return false
      throw thrown
    }
  })
  return found
}

/** What a systemd would be told at a socket; the first of it says that it listens. */
async function listenAsSystemd(t: TestContext, place: string): Promise<readonly string[][]> {
  const child = spawn('python3', [join(import.meta.dirname, 'systemd-listener.py'), place], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill())
  const told: string[][] = []
  createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line) as string[]))
  await until('it listens', async () => told.length > 0)
  return told
}
