import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { configShape, loadConfig } from './serve-config.ts'
import { parseServeWords } from './serve-options.ts'

async function load(t: TestContext, text: string, env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-config-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'ferry.yaml'), text)
  return loadConfig(join(folder, 'ferry.yaml'), env)
}

test('options of ferry serve are keys too, and words on the command line come before them', async (t) => {
  const { words, problems, config } = await load(
    t,
    'folder: /srv\nftp: 21\ntftp: off\npassive: 50000-50100\nreadOnly: true\nuser: ["anna:x"]\nrecorder: 5\n',
  )
  assert.deepEqual(problems, [])
  const wish = parseServeWords([...words, '--ftp', '2100', '/other'])
  assert.equal(wish.ftpPort, 2100)
  assert.equal(wish.directory, '/other')
  assert.equal(wish.readOnly, true)
  assert.deepEqual(wish.passive, { first: 50_000, last: 50_100 })
  assert.deepEqual(wish.users, [{ name: 'anna', password: 'x' }])
  assert.equal(config.recorder, 5)
  assert.equal(parseServeWords(words).directory, '/srv')
})

test('what is written is taken as it is written, with quotes, backslashes and dashes', async (t) => {
  const { words, problems } = await load(t, `folder: 'a"b\\c'\ndata: --x\nuser: ['-a:"\\']\n`)
  assert.deepEqual(problems, [])
  const wish = parseServeWords(words)
  assert.deepEqual(
    [wish.directory, wish.data, wish.users],
    ['a"b\\c', '--x', [{ name: '-a', password: '"\\' }]],
  )
})

test('the environment says it without a file too', async () => {
  const { words, config } = await loadConfig(undefined, {
    FERRY_FTP: '2199',
    FERRY_NETWORKS_DENY: '[10.0.0.0/8]',
  })
  assert.equal(parseServeWords(words).ftpPort, 2199)
  assert.deepEqual(config.networks, { deny: ['10.0.0.0/8'] })
})

test('a file that is not there, or wrong, is told and nothing of it counts', async (t) => {
  assert.match(
    (await loadConfig('/nonexistent/ferry.yaml', {})).problems[0] ?? '',
    /cannot be read: no such file or directory$/u,
  )
  const { problems, words } = await load(t, 'ftp: 21\npublicAdress: x\n')
  assert.match(problems[0] ?? '', /ferry\.yaml:2:1: publicAdress is no setting \(is publicAddress meant/u)
  assert.deepEqual(words, [])
})

test('every key of the schema says what it is for', () => {
  const walk = (schema: unknown, path: string): void => {
    const { properties, description } = schema as {
      properties?: Record<string, unknown>
      description?: string
    }
    assert.ok(description !== undefined && description !== '', path)
    for (const [key, inner] of Object.entries(properties ?? {})) walk(inner, `${path}.${key}`)
  }
  walk(configShape.schema, 'ferry.yaml')
})
