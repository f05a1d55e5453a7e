import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { startFerry, type Ferry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'

const content = 'half a megabyte of files is enough to fill a TLS record or two. '.repeat(8000)

/** One client, one version of TLS, one way to begin: how to fetch, and how to send. */
interface Client {
  readonly name: string
  readonly program: string
  readonly implicit: boolean
  get(ferry: Ferry, port: number, name: string, to: string): readonly string[]
  put(ferry: Ferry, port: number, from: string, name: string): readonly string[]
}

function curl(version: string, implicit: boolean): Client {
  const words = [
    '-sS',
    '--insecure',
    '--user',
    'u:p',
    '--tls-max',
    version,
    ...(implicit ? [] : ['--ssl-reqd']),
  ]
  const url = ({ address }: Ferry, port: number, name: string): string =>
    `${implicit ? 'ftps' : 'ftp'}://${address}:${port}/${name}`
  return {
    name: `curl, TLS ${version}, ${implicit ? 'implicit' : 'explicit'}`,
    program: 'curl',
    implicit,
    get: (ferry, port, name, to) => [...words, '-o', to, url(ferry, port, name)],
    put: (ferry, port, from, name) => [...words, '-T', from, url(ferry, port, name)],
  }
}

function lftp(implicit: boolean): Client {
  const script = ({ address }: Ferry, port: number, deed: string): readonly string[] => [
    '--norc',
    '-c',
    `set ssl:verify-certificate no; set ftp:ssl-force true; set ftp:ssl-protect-data true; set net:max-retries 1; ` +
      `open -u u,p ${implicit ? 'ftps' : 'ftp'}://${address}:${port}; ${deed}; bye`,
  ]
  return {
    name: `lftp, ${implicit ? 'implicit' : 'explicit'}`,
    program: 'lftp',
    implicit,
    get: (ferry, port, name, to) => script(ferry, port, `cls; get ${name} -o ${to}`),
    put: (ferry, port, from, name) => script(ferry, port, `put ${from} -o ${name}`),
  }
}

const clients = [
  curl('1.2', false),
  curl('1.3', false),
  curl('1.2', true),
  curl('1.3', true),
  lftp(false),
  lftp(true),
]

suite('FTPS, where nothing goes in clear', () => {
  for (const client of clients) {
    const there = programVersion(client.program, { words: ['--version'] }) !== undefined
    const skip = there ? false : `this machine has no ${client.program}`
    test(client.name, { skip }, async (t) => {
      const home = await mkdtemp(join(tmpdir(), 'ferry-ftps-'))
      t.after(() => rm(home, { recursive: true, force: true }))
      await writeFile(join(home, 'there'), content)
      const words = ['--tls', 'required', '--ftps', '0', '--data', join(home, '.data')]
      const ferry = await startFerry(home, ...words)
      t.after(() => ferry.stop())
      const wanted = client.implicit ? 'ftps' : 'ftp'
      const port = ferry.lines[0]?.listeners?.find(({ protocol }) => protocol === wanted)?.port ?? 0
      for (const line of [
        client.get(ferry, port, 'there', join(home, 'fetched')),
        client.put(ferry, port, join(home, 'fetched'), 'sent'),
      ]) {
        const { code, printed } = await runProgram(client.program, line, { folder: home })
        assert.equal(code, 0, printed)
      }
      assert.equal(await readFile(join(home, 'sent'), 'utf8'), content)
    })
  }

  test('a client that speaks in clear is told what it needs', async (t) => {
    const home = await mkdtemp(join(tmpdir(), 'ferry-ftps-'))
    t.after(() => rm(home, { recursive: true, force: true }))
    const ferry = await startFerry(home, '--tls', 'required', '--data', join(home, '.data'))
    t.after(() => ferry.stop())
    const line = ['-sS', '-v', '--user', 'u:p', `ftp://${ferry.address}:${ferry.port}/`]
    const { code, printed } = await runProgram('curl', line, { folder: home })
    assert.notEqual(code, 0)
    assert.match(printed, /< 5\d\d.*TLS/u)
  })
})
