import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { NetworkError } from '../../src/core/error.ts'
import type { Conn } from '../../src/core/network.ts'
import { askControl } from '../../src/net/control-socket.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { controlPath } from '../../src/server/keeping.ts'
import { FtpTalk, readAll } from '../../src/testing/ftp-talk.ts'
import { Ferry } from './ferry.ts'
import { freePort } from './free-port.ts'
import { temporaryFolder } from './scene.ts'

const host = '127.0.0.1'
const megabytes = 24

test('ports, passive ports, TLS and users are read anew, and a download goes on as if nothing had been', async (t) => {
  const { ferry, configure, content, ports } = await world(t)
  const [first, second, passive] = ports
  await configure(`ftp: ${first}`)
  const talk = await login(first, 'anna:secret')
  const data = await talk.passive()
  assert.match(await talk.say('RETR big.bin'), /^150 /u)

  await configure(`ftp: ${second}\npassive: ${passive}\ntls: off\nuser: [bert:secret]`)
  await ferry.until('it listens', ({ text }) => text === `listening now at ftp ${second}`)
  await assert.rejects(login(first, 'anna:secret'), isRefused)
  const other = await login(second, 'bert:secret')
  assert.match(await other.say('EPSV'), new RegExp(`\\|${passive}\\|`, 'u'))
  assert.match(await other.say('AUTH TLS'), /^502 /u)
  await assert.rejects(login(second, 'anna:secret'), /^Error: 530 /u)

  assert.ok(content.equals(await readAll(data)), 'the download is not whole')
  assert.match(await talk.heard(), /^226 /u)
  assert.match(await talk.say('NOOP'), /^200 /u)
  assert.equal((await ferry.stop()).code, 0)
})

test('what cannot be taken changes nothing, and is told', async (t) => {
  const { ferry, configure, ports } = await world(t)
  const [first, second, passive] = ports
  await configure(`ftp: ${first}`)
  const taken = await tcpNetwork().listen({ host, port: second }, (conn) => conn.destroy())
  t.after(() => taken.close())
  for (const [wrong, why] of [
    [
      `ftp: ${second}\npassive: ${passive}\nuser: [bert:secret]`,
      `port ${second} is taken by another program`,
    ],
    ['ftp: 99999', ': ftp takes a port from 0 to 65535'],
    [`ftp: ${first}\nrecorder: -1`, 'recorder'],
    [`ftp: ${first}\ncert: [missing.pem]`, 'the certificate cannot be used'],
  ] as const) {
    const since = ferry.lines.length
    await configure(wrong)
    // What was wrong before may be told once more: the file is watched, too.
    await ferry.until(why, ({ text = '' }) => text.includes('is not taken') && text.includes(why), since)
    const talk = await login(first, 'anna:secret')
    assert.ok(!(await talk.say('EPSV')).includes(`|${passive}|`))
  }
  assert.equal((await ferry.stop()).code, 0)
})

test('who is being stopped reads nothing anew, and opens no port', async (t) => {
  const data = await temporaryFolder(t)
  const { ferry, configure, ports } = await world(t, `data: ${data}\n`)
  const [first, second] = ports
  const talk = await login(first, 'anna:secret')
  const upload = await talk.passive()
  assert.match(await talk.say('STOR new'), /^150 /u)
  ferry.signal('SIGTERM')
  while (!(await login(first, 'anna:secret').then(() => false, isRefused)))
    await new Promise((resolve) => setImmediate(resolve))
  await configure(`ftp: ${second}`)
  assert.deepEqual(await askControl(controlPath(data), { ask: 'reload' }), {
    taken: false,
    whole: false,
    problems: ['the configuration is not taken: the server is being stopped'],
  })
  await assert.rejects(login(second, 'anna:secret'), isRefused)
  await upload.end()
  assert.match(await talk.heard(), /^226 /u)
  assert.equal((await ferry.stop()).code, 0)
})

/** A server with a configuration that is written anew, which it is told of by SIGHUP; the first time starts it. */
async function world(t: TestContext, more = '') {
  const folder = await temporaryFolder(t)
  const content = randomBytes(megabytes * 1024 * 1024)
  await writeFile(join(folder, 'big.bin'), content)
  const file = join(await temporaryFolder(t), 'ferry.yaml')
  const ports = [await freePort(), await freePort(), await freePort()] as const
  const usual = `folder: ${folder}\nhost: ${host}\njson: true\n${more}`
  await writeFile(file, `${usual}ftp: ${ports[0]}\nuser: [anna:secret]\n`)
  const ferry = new Ferry(['--config', file])
  t.after(() => ferry.signal('SIGKILL'))
  await ferry.until('the ready line', ({ ready }) => ready === true)
  const configure = async (text: string): Promise<void> => {
    await writeFile(file, `${usual}${text}\n${text.includes('user:') ? '' : 'user: [anna:secret]\n'}`)
    ferry.signal('SIGHUP')
  }
  return { ferry, configure, content, ports }
}

/** Somebody who is logged in; the reply is thrown where he is not let in. */
async function login(port: number, who: string): Promise<FtpTalk> {
  const [user = '', password = ''] = who.split(':')
  const network = tcpNetwork()
  const conn: Conn = await network.connect({ host, port, timeoutMs: 5000 })
  const talk = new FtpTalk(network, conn)
  await talk.heard()
  await talk.say(`USER ${user}`)
  const answer = await talk.say(`PASS ${password}`)
  if (!answer.startsWith('230')) throw new Error(answer)
  return talk
}

function isRefused(thrown: unknown): boolean {
  return thrown instanceof NetworkError && thrown.fault === 'refused'
}
