import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeGround, type Ground } from '../../bench/ground.ts'
import { Running } from '../../bench/running.ts'
import { connect, type ConnectOptions, type Copied, type Remote } from '../../src/client/index.ts'
import { FileError } from '../../src/core/error.ts'
import { runProgram, type Ended } from './program.ts'
import { ftpServers, type FtpServerProgram } from './servers/ftp.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

function runFerry(folder: string, words: readonly string[]): Promise<Ended> {
  return runProgram(process.execPath, [ferry, ...words], { folder })
}

for (const program of ftpServers) suite(program)

/** What every server must be good for, and what our client must make of each. */
function suite({ contender, cannot }: FtpServerProgram): void {
  const missing = contender.missing()
  void describe(`ferry's client against ${contender.name}`, { skip: missing ?? false }, () => {
    let ground: Ground
    let running: Running

    before(async () => {
      ground = makeGround(tmpdir())
      running = await Running.start(contender, ground)
    })
    after(async () => {
      await running.stop()
      ground.remove()
    })

    function disk(path: string): string {
      return join(ground.files, 'open', path)
    }

    /** Runs with a client that stands in the folder for uploads. */
    async function visit(
      work: (remote: Remote) => Promise<void>,
      options: ConnectOptions = {},
    ): Promise<void> {
      const { host, port, user, password } = running.at
      const spoken: string[] = []
      const said: ConnectOptions['said'] = (from, line) => void spoken.push(`${from}: ${line}`)
      try {
        await using remote = await connect(`ftp://${user}@${host}:${port}/open`, {
          password,
          said,
          ...options,
        })
        await work(remote)
      } catch (thrown) {
        throw new Error(`${String(thrown)}\n${spoken.slice(-40).join('\n')}`, { cause: thrown })
      }
    }

    function folder(name: string): void {
      mkdirSync(disk(name))
      chmodSync(disk(name), 0o777)
    }

    for (const mode of ['auto', 'epsv', 'pasv', 'eprt', 'port'] as const) {
      void test(`mode ${mode}: down, up and a listing`, async () => {
        const sent = randomBytes(300_000)
        await visit(
          async (remote) => {
            assert.equal((await remote.put(sent, `up-${mode}.bin`)).completeness, 'proven')
            assert.deepEqual(readFileSync(disk(`up-${mode}.bin`)), sent)
            const { content } = await fetched(remote, `up-${mode}.bin`)
            assert.deepEqual(content, sent)
            assert.ok((await names(remote)).includes(`up-${mode}.bin`))
          },
          { ftp: { mode } },
        )
      })
    }

    void test('a large file comes whole, both ways', async () => {
      const sent = randomBytes(9_000_001)
      await visit(async (remote) => {
        await remote.put(sent, 'large.bin')
        const { content } = await fetched(remote, 'large.bin')
        assert.ok(content.equals(sent))
      })
    })

    void test('an empty file comes whole, both ways', async () => {
      await visit(async (remote) => {
        await remote.put(Buffer.alloc(0), 'empty')
        assert.equal(statSync(disk('empty')).size, 0)
        assert.equal((await fetched(remote, 'empty')).content.length, 0)
      })
    })

    /** Fetches a file of which somebody makes another while it comes. */
    async function getWhile(name: string, change: (path: string) => void) {
      const old = Buffer.alloc(16_000_000, 'old')
      writeFileSync(disk(name), old)
      utimesSync(disk(name), new Date('2026-01-02'), new Date('2026-01-02'))
      const local = join(ground.folder, name)
      let hasChanged = false
      const onProgress = ({ bytes }: { readonly bytes: number }): void => {
        if (bytes === 0 || hasChanged) return
        hasChanged = true
        change(disk(name))
      }
      const results: Copied[] = []
      await visit(async (remote) => void results.push(await remote.get(name, local, { onProgress })), {
        rate: 40_000_000,
      })
      assert.ok(hasChanged)
      return { copied: results[0], content: readFileSync(local), old }
    }

    void test('a file that is written over while it comes is fetched anew, of the same size or another', async () => {
      for (const size of [16_000_000, 15_000_000, 17_000_000]) {
        const other = Buffer.alloc(size, 'new')
        const { copied, content } = await getWhile('changing', (path) => writeFileSync(path, other))
        assert.ok(content.equals(other), `${size} bytes`)
        assert.equal(copied?.completeness, 'proven')
      }
    })

    void test('one that is put in its place while it comes is fetched, or the old one whole', async () => {
      const other = Buffer.alloc(16_000_000, 'new')
      const { content, old } = await getWhile('replaced', (path) => {
        writeFileSync(`${path}.new`, other)
        renameSync(`${path}.new`, path)
      })
      assert.ok(content.equals(other) || content.equals(old))
    })

    void test('of one that is appended to while it comes the beginning is fetched, and that it grew is told', async () => {
      const { copied, content, old } = await getWhile('growing', (path) => appendFileSync(path, 'more'))
      assert.ok(content.subarray(0, old.length).equals(old))
      assert.deepEqual([copied?.completeness, copied?.grew], ['size-only', true])
    })

    void test('a download goes on where it stopped', async () => {
      const sent = randomBytes(500_000)
      writeFileSync(disk('resume-down'), sent)
      await visit(async (remote) => {
        const local = join(ground.folder, 'half')
        writeFileSync(local, sent.subarray(0, 200_001))
        await remote.get('resume-down', local, { resume: true })
        assert.deepEqual(readFileSync(local), sent)
      })
    })

    void test(
      'an upload goes on where it stopped',
      { skip: cannot['resumed uploads'] ?? false },
      async () => {
        const sent = randomBytes(500_000)
        await visit(async (remote) => {
          await remote.put(sent.subarray(0, 200_001), 'resume-up')
          const local = join(ground.folder, 'whole')
          writeFileSync(local, sent)
          await remote.put(local, 'resume-up', { resume: true })
          assert.deepEqual(readFileSync(disk('resume-up')), sent)
        })
      },
    )

    void test('names with blanks, letters of all kinds and signs are what they are', async () => {
      const odd = ['two  blanks', 'ünïcødé 日本', 'a -> b', "it's [odd] *", '-la', '#%;semi', 'dot.']
      folder('names')
      await visit(async (remote) => {
        for (const name of odd) await remote.put(Buffer.from(name), `names/${name}`)
        const found = await names(remote, 'names')
        assert.deepEqual(found, odd.toSorted())
        for (const name of odd)
          assert.equal((await fetched(remote, `names/${name}`)).content.toString(), name)
      })
    })

    void test(
      'a name that is not UTF-8 keeps its bytes',
      { skip: cannot['raw names'] ?? false },
      async () => {
        const bytes = Buffer.from(disk('caf\xe9.txt'), 'latin1')
        writeFileSync(bytes, 'latin-1')
        await visit(async (remote) => {
          const name = (await names(remote)).find((found) => found.startsWith('caf')) ?? ''
          assert.equal((await fetched(remote, name)).content.toString(), 'latin-1')
          await remote.remove(name)
          assert.ok(!existsSync(bytes))
        })
      },
    )

    void test('folders are made, renamed, removed; what is missing is not found', async () => {
      await visit(async (remote) => {
        await remote.mkdir('one')
        await remote.put(Buffer.from('x'), 'one/file')
        assert.equal((await remote.stat('one')).kind, 'directory')
        assert.equal((await remote.stat('one/file')).size, 1)
        await remote.rename('one/file', 'one/other', false)
        assert.deepEqual(await names(remote, 'one'), ['other'])
        await remote.remove('one/other')
        assert.deepEqual(await names(remote, 'one'), [])
        await remote.rmdir('one')
        assert.equal(await remote.exists('one'), false)
        for (const deed of [
          () => remote.stat('missing'),
          () => remote.stat('missing/below/it'),
          () => names(remote, 'missing'),
          () => fetched(remote, 'missing'),
          () => remote.remove('missing'),
          () => remote.rmdir('missing'),
        ]) {
          await assert.rejects(deed(), (error) => error instanceof FileError && error.fault === 'not-found')
        }
      })
    })

    void test('a transfer is cancelled, and the session goes on', async () => {
      writeFileSync(disk('long'), randomBytes(20_000_000))
      await visit(
        async (remote) => {
          const stop = new AbortController()
          const getting = remote.get('long', join(ground.folder, 'long'), {
            signal: stop.signal,
            onProgress: () => stop.abort(),
          })
          await assert.rejects(getting)
          assert.ok((await names(remote)).includes('long'))
          assert.equal((await fetched(remote, 'long')).content.length, 20_000_000)
        },
        { connections: 1 },
      )
    })

    void test('eight files at once through one handle', async () => {
      const sent = randomBytes(100_000)
      await visit(
        async (remote) => {
          const all = Array.from({ length: 8 }, (_, at) => `at-once-${at}`)
          await Promise.all(all.map((name) => remote.put(sent, name)))
          const back = await Promise.all(all.map((name) => fetched(remote, name)))
          for (const { content } of back) assert.ok(content.equals(sent))
        },
        { connections: 4 },
      )
    })

    void test('the command copies files and folders within the server', async () => {
      const { host, port, user, password } = running.at
      const there = `ftp://${user}:${encodeURIComponent(password)}@${host}:${port}/open`
      folder('within')
      for (let count = 0; count < 6; count += 1)
        writeFileSync(disk(`within/${count}`), randomBytes(100_000 * count))
      const { files } = ground
      const one = await runFerry(files, ['cp', '--tls', 'off', `${there}/within/5`, `${there}/within-5`])
      assert.equal(one.code, 0, one.printed)
      assert.deepEqual(readFileSync(disk('within-5')), readFileSync(disk('within/5')))
      for (const verb of [['cp', '-r'], ['sync']]) {
        const name = `within-${verb[0] ?? ''}`
        const all = await runFerry(files, [...verb, '--tls', 'off', `${there}/within`, `${there}/${name}`])
        assert.equal(all.code, 0, all.printed)
        for (let count = 0; count < 6; count += 1)
          assert.deepEqual(readFileSync(disk(`${name}/${count}`)), readFileSync(disk(`within/${count}`)))
      }
    })

    void test('times are kept to the second', { skip: cannot['times'] ?? false }, async () => {
      const modified = new Date('2021-02-03T04:05:06Z')
      await visit(async (remote) => {
        await remote.put(Buffer.from('x'), 'timed')
        await remote.setTimes('timed', modified)
        assert.deepEqual((await remote.stat('timed')).modified, modified)
      })
    })

    void test('modes are set', { skip: cannot['chmod'] ?? false }, async () => {
      await visit(async (remote) => {
        await remote.put(Buffer.from('x'), 'moded')
        await remote.chmod('moded', 0o640)
        assert.equal(statSync(disk('moded')).mode & 0o777, 0o640)
      })
    })
  })
}

async function names(remote: Remote, path = ''): Promise<string[]> {
  const found: string[] = []
  for await (const batch of remote.list(path)) found.push(...batch.map(({ name }) => name))
  return found.toSorted()
}

async function fetched(remote: Remote, path: string): Promise<{ content: Buffer }> {
  const pieces: Uint8Array[] = []
  for await (const piece of await remote.openRead(path)) pieces.push(piece)
  return { content: Buffer.concat(pieces) }
}
