import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { memoryAccounts } from '../../src/accounts/memory.ts'
import { systemClock } from '../../src/core/clock.ts'
import { behindProxy } from '../../src/net/behind-proxy.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { serve } from '../../src/server/serve.ts'
import { memoryStore } from '../../src/stores/memory.ts'
import { recordedEvents } from '../../src/testing/recorded-events.ts'
import { putFile } from '../../src/testing/store-files.ts'
import { freePort } from './free-port.ts'
import { programVersion, runProgram } from './program.ts'

const missing = [
  ['haproxy', '-v'],
  ['curl', '--version'],
].flatMap(([name = '', word = '']) => (programVersion(name, { words: [word] }) === undefined ? [name] : []))
const skip = missing.length > 0 && `this machine has no ${missing.join(', ')}`

for (const version of ['send-proxy', 'send-proxy-v2']) {
  test(`behind HAProxy with ${version} both connections are the client's`, { skip }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'ferry-haproxy-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const [control, data] = [await freePort(), await freePort()]
    const home = memoryStore()
    await putFile(home, '/a', 'through the proxy')
    const events = recordedEvents()
    await using server = await serve({
      accounts: memoryAccounts([{ name: 'anna', password: 'secret', home }]),
      // The proxy has the same port on another address of loopback.
      ftp: { host: '127.0.0.2', port: 0, passive: { first: data, last: data } },
      network: behindProxy(tcpNetwork(), () => ['127.0.0.1'], systemClock),
      events,
    })
    const { port = 0 } = server.listeners[0] ?? {}
    const config = [
      'defaults\n mode tcp\n timeout connect 5s\n timeout client 30s\n timeout server 30s',
      `listen control\n bind 127.0.0.1:${control}\n server ferry 127.0.0.2:${port} ${version}`,
      `listen data\n bind 127.0.0.1:${data}\n server ferry 127.0.0.2:${data} ${version}`,
    ]
    await writeFile(join(folder, 'haproxy.cfg'), `${config.join('\n')}\n`)
    const proxy = spawn('/usr/sbin/haproxy', ['-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' })
    t.after(() => proxy.kill('SIGKILL'))
    const url = `ftp://127.0.0.1:${control}/a`
    const words = ['--silent', '--show-error', '--interface', '127.0.0.9', '--user', 'anna:secret', url]
    let last = await runProgram('curl', words, { folder })
    for (let turn = 0; turn < 50 && last.code === 7; turn += 1) {
      await pause(100)
      last = await runProgram('curl', words, { folder })
    }
    assert.equal(last.printed, 'through the proxy', last.printed)
    assert.equal(events.of('login')[0]?.peer.address, '127.0.0.9')
    assert.equal(events.of('download')[0]?.outcome, 'complete')
  })
}
