import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startFerry } from './ferry.ts'
import { runProgram, type Ended } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'
import { httpProxy, socksProxy } from './servers/proxies.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
const login = 'anna:p@ss:word'
const written = 'anna:p%40ss%3Aword'

for (const [scheme, make] of [
  ['socks5', socksProxy],
  ['http', httpProxy],
] as const) {
  test(`${scheme}: files, lists and logins go through the proxy, data connections too, with TLS and without`, async (t) => {
    const folder = await temporaryFolder(t)
    await mkdir(join(folder, 'served'))
    await makeFile(join(folder, 'served', 'file'), 1_500_000)
    const server = await startFerry(join(folder, 'served'), '--host', '127.0.0.1')
    t.after(() => server.stop())
    const proxy = await make(t, { login })
    const url = `ftp://u:p@127.0.0.1:${server.port}`
    const through = ['--proxy', `${scheme}://${written}@127.0.0.1:${proxy.port}`]
    const run = (...words: readonly string[]): Promise<Ended> =>
      runProgram(process.execPath, [ferry, ...words], { folder })
    for (const tls of ['off', 'prefer']) {
      const before = proxy.asked.length
      const words = [...through, '--tls', tls]
      const list = await run('ls', ...words, `${url}/`)
      assert.equal(list.code, 0, list.printed)
      assert.match(list.printed, /file/u)
      const got = await run('get', ...words, `${url}/file`, '-o', 'copy')
      assert.equal(got.code, 0, got.printed)
      const sent = await run('put', ...words, 'copy', `${url}/back-${tls}`)
      assert.equal(sent.code, 0, sent.printed)
      const wanted = await sha256(join(folder, 'served', 'file'))
      for (const copy of ['copy', `served/back-${tls}`])
        assert.equal(await sha256(join(folder, copy)), wanted)
      // Three sessions, and a data connection each at least.
      const asked = proxy.asked.slice(before)
      assert.equal(asked.filter((place) => place === `127.0.0.1:${server.port}`).length, 3)
      assert.ok(asked.filter((place) => place !== `127.0.0.1:${server.port}`).length >= 3, asked.join(' '))
    }
    // Nobody could come to us through it.
    const active = await run('ls', ...through, '--mode', 'port', `${url}/`)
    assert.equal(active.code, 3, active.printed)
    assert.match(active.printed, /a proxy takes no connections/u)
  })

  test(`${scheme}: what the proxy wants, refuses or is not, is told in words`, async (t) => {
    const folder = await temporaryFolder(t)
    const server = await startFerry(folder, '--host', '127.0.0.1')
    t.after(() => server.stop())
    const strict = await make(t, { login })
    const refusing = await make(t, { refuses: true })
    const open = await make(t)
    const list = (proxy: string, host = `127.0.0.1:${server.port}`): Promise<Ended> =>
      runProgram(
        process.execPath,
        [
          ferry,
          'ls',
          '--retries',
          '0',
          '--transcript',
          'said',
          '--proxy',
          `${scheme}://${proxy}`,
          `ftp://u:p@${host}/`,
        ],
        { folder },
      )
    for (const { proxy, host, code, words } of [
      { proxy: `127.0.0.1:${strict.port}`, code: 4, words: /the proxy wants a user name and a password/u },
      { proxy: `anna:wrong@127.0.0.1:${strict.port}`, code: 4, words: /the proxy .*user name and/u },
      { proxy: `127.0.0.1:${refusing.port}`, code: 3, words: /the proxy says: (?:its rules forbid|403)/u },
      {
        proxy: `127.0.0.1:${open.port}`,
        host: '127.0.0.1:9',
        code: 3,
        words: /the proxy says: (?:nothing listens|502)/u,
      },
      { proxy: '127.0.0.1:9', code: 3, words: /the proxy 127\.0\.0\.1 port 9/u },
      { proxy: `127.0.0.1:${server.port}`, code: 3, words: /that is no (?:SOCKS 5|HTTP) proxy/u },
    ]) {
      const ended = await list(proxy, host)
      assert.equal(ended.code, code, `${proxy}: ${ended.printed}`)
      assert.match(ended.printed, words)
      assert.doesNotMatch(
        ended.printed + (await readFile(join(folder, 'said'), 'utf8').catch(() => '')),
        /wrong/u,
      )
    }
    const none = await runProgram(
      process.execPath,
      [ferry, 'ls', '--proxy', 'ftp://x:secret@y', 'ftp://h/'],
      {
        folder,
      },
    )
    assert.equal(none.code, 2)
    assert.doesNotMatch(none.printed, /secret/u)
  })
}
