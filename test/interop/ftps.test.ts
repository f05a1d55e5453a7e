import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { startFerry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'

/** Which server, and how to speak to it. */
interface Way {
  readonly port: number
  readonly mode: 'explicit' | 'implicit'
  readonly version: '1.2' | '1.3'
  /** Holds `whole`, what is to be sent, and `half`, what has come already; `got` is to come. */
  readonly folder: string
}

/** A client: the programs that list, fetch, go on fetching, send and go on sending. */
interface Client {
  readonly name: string
  readonly program: string
  readonly tellVersion: readonly string[]
  lines(way: Way): readonly (readonly string[])[]
}

const curl: Client = {
  name: 'curl',
  program: 'curl',
  tellVersion: ['--version'],
  lines({ port, mode, version, folder }) {
    const url = `${mode === 'implicit' ? 'ftps' : 'ftp'}://127.0.0.1:${port}/`
    const tls = version === '1.2' ? ['--tls-max', '1.2'] : ['--tlsv1.3']
    const words = [
      '-sS',
      '--insecure',
      '--user',
      'u:p',
      ...tls,
      ...(mode === 'implicit' ? [] : ['--ssl-reqd']),
    ]
    const whole = join(folder, 'whole')
    return [
      [...words, '-l', url],
      [...words, '-o', join(folder, 'got'), `${url}there`],
      [...words, '-C', '-', '-o', join(folder, 'half'), `${url}there`],
      [...words, '-T', whole, `${url}sent`],
      [...words, '-C', '-', '-T', whole, `${url}sent-half`],
    ]
  },
}

const lftp: Client = {
  name: 'lftp',
  program: 'lftp',
  tellVersion: ['--version'],
  lines({ port, mode, version, folder }) {
    const newest = version === '1.2' ? ':-VERS-TLS1.3' : ''
    const settings =
      'set ssl:verify-certificate no; set ftp:ssl-force true; set ftp:ssl-protect-data true; set net:max-retries 1; ' +
      `set ssl:priority NORMAL${newest}`
    const deeds = [
      'cls there',
      `get there -o ${folder}/got`,
      `get -c there -o ${folder}/half`,
      `put ${folder}/whole -o sent`,
      `put -c ${folder}/whole -o sent-half`,
    ]
    const open = `open -u u,p ${mode === 'implicit' ? 'ftps' : 'ftp'}://127.0.0.1:${port}`
    return [['--norc', '-c', `set cmd:fail-exit yes; ${settings}; ${open}; ${deeds.join('; ')}; bye`]]
  },
}

function script(name: string, program: string, file: string, tellVersion: readonly string[]): Client {
  const path = join(import.meta.dirname, 'clients', file)
  return {
    name,
    program,
    tellVersion,
    lines: ({ port, mode, version, folder }) => [[path, `${port}`, mode, version, folder]],
  }
}

const clients: readonly Client[] = [
  curl,
  lftp,
  script('Python ftplib', 'python3', 'ftplib-secure.py', ['--version']),
  script('basic-ftp', process.execPath, 'basic-ftp-secure.ts', ['--version']),
]

suite('FTPS, where nothing goes in clear', { concurrency: 2 }, () => {
  for (const client of clients) {
    const there = programVersion(client.program, { words: [...client.tellVersion] }) !== undefined
    for (const mode of ['explicit', 'implicit'] as const) {
      for (const version of ['1.2', '1.3'] as const) {
        const skip = there ? false : `this machine has no ${client.program}`
        test(
          `${client.name}, ${mode}, TLS ${version}: lists, fetches, sends, and goes on with halves`,
          { skip },
          async (t) => {
            const home = await temporaryFolder(t)
            const [served, folder] = [join(home, 'served'), join(home, 'local')]
            await Promise.all([mkdir(served), mkdir(folder)])
            await makeFile(join(served, 'there'), 600_000)
            const whole = await readFile(join(served, 'there'))
            await writeFile(join(folder, 'whole'), whole)
            for (const half of [join(folder, 'half'), join(served, 'sent-half')])
              await writeFile(half, whole.subarray(0, 300_000))
            const ferry = await startFerry(
              served,
              '--tls',
              'required',
              '--ftps',
              '0',
              '--data',
              join(home, '.data'),
              '--verbose',
            )
            t.after(() => ferry.stop())
            const wanted = mode === 'implicit' ? 'ftps' : 'ftp'
            const port = ferry.lines[0]?.listeners?.find(({ protocol }) => protocol === wanted)?.port ?? 0
            for (const line of client.lines({ port, mode, version, folder })) {
              const { code, printed } = await runProgram(client.program, line, { folder: home })
              assert.equal(code, 0, `${printed}\n${ferry.transcript()}`)
            }
            const expected = await sha256(join(served, 'there'))
            for (const path of ['local/got', 'local/half', 'served/sent', 'served/sent-half'])
              assert.equal(await sha256(join(home, path)), expected, path)
            const spoken = ferry.lines.filter(({ event }) => event === 'tls').map((line) => line.version)
            assert.ok(spoken.length >= 6)
            if (version === '1.2') assert.deepEqual([...new Set(spoken)], ['TLSv1.2'])
            else assert.ok(spoken.includes('TLSv1.3'))
          },
        )
      }
    }
  }

  test('a client that speaks in clear is told what it needs', async (t) => {
    const home = await temporaryFolder(t)
    const ferry = await startFerry(home, '--tls', 'required', '--data', join(home, '.data'))
    t.after(() => ferry.stop())
    const line = ['-sS', '-v', '--user', 'u:p', `ftp://${ferry.address}:${ferry.port}/`]
    const { code, printed } = await runProgram('curl', line, { folder: home })
    assert.notEqual(code, 0)
    assert.match(printed, /< 5\d\d.*TLS/u)
  })
})
