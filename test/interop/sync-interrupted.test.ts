import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startFerry, type Ferry } from './ferry.ts'
import { runProgram, StartedProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
const files = 40

interface World {
  readonly folder: string
  readonly server: Ferry
  readonly url: string
}

async function world(t: TestContext, where: 'served' | 'local'): Promise<World> {
  const folder = await temporaryFolder(t)
  for (const name of ['served', 'local']) await mkdir(join(folder, name, 'tree'), { recursive: true })
  for (let index = 0; index < files; index += 1) {
    const path = join(folder, where, 'tree', `f${index}`)
    await writeFile(path, `file ${index}\n`.repeat(500))
    await utimes(path, 1e9 + index, 1e9 + index)
  }
  await makeFile(join(folder, where, 'tree', 'large'), 4_000_000)
  const server = await startFerry(join(folder, 'served'), '--host', '127.0.0.1')
  t.after(() => server.stop())
  return { folder, server, url: `ftp://u:p@127.0.0.1:${server.port}/tree` }
}

/** Which files crossed whole, as the server has it. */
function whole(server: Ferry, kind: 'upload' | 'download', since = 0): Set<string> {
  const told = server.lines.slice(since)
  return new Set(
    told.flatMap(({ event, outcome, path }) =>
      event === kind && outcome === 'complete' ? [String(path)] : [],
    ),
  )
}

async function sameTrees(folder: string): Promise<void> {
  const [served, local] = [join(folder, 'served', 'tree'), join(folder, 'local', 'tree')]
  const shown = await shownIn(served)
  assert.deepEqual(await shownIn(local), shown)
  for (const name of shown) {
    assert.equal(await sha256(join(local, name)), await sha256(join(served, name)), name)
  }
}

/** What was being written when its writer was killed is left, unlisted, until it is swept. */
async function shownIn(place: string): Promise<readonly string[]> {
  return (await readdir(place)).filter((name) => !name.startsWith('.ferry-part-')).toSorted()
}

for (const [direction, kind] of [
  ['up', 'upload'],
  ['down', 'download'],
] as const) {
  for (const how of ['Ctrl-C', 'kill -9'] as const) {
    test(`a sync ${direction} that ${how} broke off ends equal, and brings nothing twice`, async (t) => {
      const { folder, server, url } = await world(t, direction === 'up' ? 'local' : 'served')
      const places = direction === 'up' ? ['local/tree', url] : [url, 'local/tree']
      const words = [ferry, 'sync', '--verify', 'size', ...places]
      const first = new StartedProgram(process.execPath, [...words, '--rate', '500k'], { folder })
      await server.until('some files', () => whole(server, kind).size >= 10)
      if (how === 'Ctrl-C') first.interrupt()
      else first.kill()
      const ended = await first.ended
      if (how === 'Ctrl-C') assert.equal(ended.code, 130, ended.printed)
      // Bytes that a killed client had not written yet are lost, whatever the server thinks: what counts is the target.
      const target = join(folder, direction === 'up' ? 'served' : 'local', 'tree')
      const there = (await readdir(target)).filter((name) => !name.startsWith('.ferry-'))
      // The log comes a moment later.
      await server.until('word of these', () =>
        there.every((name) => whole(server, kind).has(`/tree/${name}`)),
      )
      const since = server.lines.length
      const second = await runProgram(process.execPath, words, { folder })
      assert.equal(second.code, 0, second.printed)
      await sameTrees(folder)
      const again = whole(server, kind, since)
      assert.ok(there.length >= 4)
      assert.deepEqual(
        there.filter((name) => again.has(`/tree/${name}`)),
        [],
      )
      const third = await runProgram(process.execPath, words, { folder })
      assert.match(third.printed, /copied 0 files/u)
    })
  }
}

test('a dry run touches nothing, as the server has it', async (t) => {
  const { folder, server, url } = await world(t, 'local')
  await writeFile(join(folder, 'served', 'tree', 'extra'), 'x')
  const dry = await runProgram(
    process.execPath,
    [ferry, 'sync', '--dry-run', '--delete', '--json', 'local/tree', url],
    { folder },
  )
  assert.equal(dry.code, 0, dry.printed)
  const actions = dry.printed
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { action: string }).action)
  assert.equal(actions.filter((action) => action === 'copy').length, files + 1)
  assert.equal(actions.filter((action) => action === 'remove').length, 1)
  assert.deepEqual(
    server.lines.filter(({ event }) => ['upload', 'file', 'refused'].includes(event ?? '')),
    [],
  )
  assert.equal(await readFile(join(folder, 'served', 'tree', 'extra'), 'utf8'), 'x')
})
