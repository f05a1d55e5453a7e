import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileBytes, ftpScenarios, misbehavingServer, type FtpScenario } from '../../src/testing/index.ts'
import { runProgram, type Ended } from '../interop/program.ts'
import { temporaryFolder } from '../interop/scene.ts'

/*
 * `ferry get`, `put` and `ls` as people run them, over TCP, where servers misbehave. A process for each takes its time:
 * those whose end decides an exit status run always, all of them with SCENARIOS=all, which also prints what was printed.
 */

const all = process.env['SCENARIOS'] === 'all'
const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
/** Servers that are silent are silent for ever, so the least patience will do. */
const patience = ['--timeout', '1', '--retries', '1']

/** The exit statuses that scripts rely on; more than one where the client may mend it or not. */
const statuses: Readonly<Record<string, readonly number[]>> = {
  sevens: [0],
  'private-pasv': [0],
  'only-active': [0],
  '226-before-data': [0],
  'no-226': [0, 6],
  '40-percent-426': [0, 6],
  '40-percent-426-always': [0, 6],
  '421-midway': [0, 6],
  '421-once': [0, 3, 6],
  '350-for-retr': [5],
  '40-percent-226': [6],
  '40-percent-gone': [6],
  '40-percent-226-no-size': [6],
  stall: [6],
  'stall-at-once': [6],
  ssh: [3],
  http: [3],
  'tls-first': [3],
  silent: [3],
  closes: [3],
  'endless-banner': [3],
  'too-many': [4],
  '550': [5],
  'list-vms': [0],
  'names-outside': [0, 1, 5],
  upload: [0],
  'upload-cut-226': [6],
  'upload-226-first': [6],
  'upload-552': [5],
}

describe('ferry, where servers misbehave', { concurrency: 4 }, () => {
  for (const scenario of ftpScenarios) {
    const wanted = statuses[scenario.name]
    if (wanted === undefined && !all) continue
    test(`${scenario.name}: ${scenario.about}`, async (t) => {
      const folder = await temporaryFolder(t)
      await using server = await misbehavingServer(scenario.script)
      const ended = await runFerry(scenario, server.url, folder)
      if (all) t.diagnostic(`exit ${ended.code}: ${ended.printed.trim().replaceAll('\n', ' / ')}`)
      const told = `exit ${ended.code}: ${ended.printed}`
      if (wanted) assert.ok(wanted.includes(ended.code ?? -1), told)
      const bytes =
        scenario.operation === 'upload' ? server.stored.get('/new.bin') : await fileIn(folder, 'file.bin')
      await judge(scenario, ended, bytes, folder)
      if (ended.code !== 0) assert.match(ended.printed, /^ferry: \S.{10,}/mu, 'it must say what is wrong')
    })
  }
})

test('a listing of which a line cannot be read is told by the exit status too: a file may be missing', async (t) => {
  const folder = await temporaryFolder(t)
  await using server = await misbehavingServer({ facts: 'type=file;size=5; a\r\nwhat is this?\r\n' })
  for (const words of [['ls'], ['get', '-r', '-o', 'tree'], ['sync', '--dry-run']]) {
    const places = words[0] === 'sync' ? [server.url, '.'] : [server.url]
    const ended = await runProgram(process.execPath, [ferry, ...words, ...places, ...patience], { folder })
    assert.ok(ended.code === 1 || ended.code === 5, `${words[0]}: exit ${ended.code}: ${ended.printed}`)
    assert.match(ended.printed, /1 line of the listing cannot be read/u)
  }
})

async function judge(
  { outcome, operation }: FtpScenario,
  ended: Ended,
  bytes: Uint8Array | undefined,
  folder: string,
): Promise<void> {
  const told = `exit ${ended.code}: ${ended.printed}`
  if (operation === 'tree' && outcome.kind === 'names') {
    assert.deepEqual((await readdir(join(folder, 'tree'))).toSorted(), outcome.names.toSorted())
  } else if (outcome.kind === 'names') {
    // A slash says that it is a directory.
    assert.deepEqual(
      ended.printed
        .split('\n')
        .filter(Boolean)
        .map((name) => name.replace(/\/$/u, ''))
        .toSorted(),
      outcome.names.map(shown).toSorted(),
      told,
    )
  } else if (outcome.kind === 'whole' || ended.code === 0) {
    assert.equal(ended.code, 0, told)
    assert.notEqual(outcome.kind, 'error', told)
    assert.deepEqual(bytes, fileBytes, told)
  } else {
    assert.notEqual(ended.code, 0, told)
    if (operation === 'download') assert.equal(bytes, undefined, 'a short file stands under the name')
  }
}

/** Bytes that are no text are shown as such. */
function shown(name: string): string {
  return name.toWellFormed()
}

async function runFerry({ operation }: FtpScenario, url: string, folder: string): Promise<Ended> {
  switch (operation) {
    case 'download':
      return run(['get', `${url}/file.bin`, '-o', 'file.bin'], folder)
    case 'tree':
      return run(['get', '-r', `${url}/`, '-o', 'tree'], folder)
    case 'list':
      return run(['ls', `${url}/`], folder)
    case 'upload':
      await writeFile(join(folder, 'new.bin'), fileBytes)
      return run(['put', 'new.bin', `${url}/new.bin`], folder)
  }
}

function run([command = '', ...words]: readonly string[], folder: string): Promise<Ended> {
  return runProgram(process.execPath, [ferry, command, ...patience, ...words], { folder })
}

async function fileIn(folder: string, name: string): Promise<Uint8Array | undefined> {
  if (!(await readdir(folder)).includes(name)) return undefined
  return new Uint8Array(await readFile(join(folder, name)))
}
