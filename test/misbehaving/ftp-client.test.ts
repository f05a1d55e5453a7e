import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyFile, type Copied } from '../../src/client/copy-file.ts'
import { plan } from '../../src/client/plan.ts'
import { runPlan } from '../../src/client/run-plan.ts'
import { listAll } from '../../src/client/walk.ts'
import type { Clock } from '../../src/core/clock.ts'
import { asError } from '../../src/core/error.ts'
import { FileError } from '../../src/core/error.ts'
import { parsePath, rootPath } from '../../src/core/path.ts'
import type { RemoteStore } from '../../src/core/remote.ts'
import type { Store } from '../../src/core/store.ts'
import { connectFtp } from '../../src/ftp/client/connect.ts'
import { memoryNetwork } from '../../src/net/memory.ts'
import { memoryStore } from '../../src/stores/memory.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { fileBytes, ftpScenarios, misbehavingServer, type FtpScenario } from '../../src/testing/index.ts'

/* Our FTP client at the hands of every server that has broken others: by the clock of the test, so none waits. */

const silenceMs = 4000
/** With every retry and its pauses. */
const longestMs = 120_000

type End =
  | { readonly kind: 'done'; readonly copied?: Copied | undefined; readonly names?: readonly string[] }
  | { readonly kind: 'error'; readonly error: Error }
  | { readonly kind: 'hang' }

for (const scenario of ftpScenarios) {
  test(`${scenario.name}: ${scenario.about}`, async () => {
    const clock = new FakeClock()
    const network = memoryNetwork()
    await using server = await misbehavingServer(scenario.script, { network, clock })
    const target = memoryStore({ clock })
    const work = run(scenario, { network, clock, host: server.host, port: server.port }, target)
    const end = await within(clock, work)
    const said = end.kind === 'error' ? `${end.error.name}: ${end.error.message}` : end.kind
    assert.notEqual(end.kind, 'hang', server.heard.join('\n'))
    const whole = scenario.operation === 'upload' ? server.stored.get('/new.bin') : await bytesOf(target)
    judge(scenario, end, whole, `${said}\n${server.heard.join('\n')}`)
  })
}

function judge(scenario: FtpScenario, end: End, bytes: Uint8Array | undefined, told: string): void {
  const { outcome, operation } = scenario
  switch (outcome.kind) {
    case 'whole':
      assert.equal(end.kind, 'done', told)
      assert.deepEqual(bytes, fileBytes)
      return
    case 'whole-or-error':
      if (end.kind === 'done') assert.deepEqual(bytes, fileBytes, told)
      return
    case 'error':
      assert.equal(end.kind, 'error', told)
      if (outcome.says && end.kind === 'error') assert.match(sentence(end.error), outcome.says)
      if (operation === 'download') assert.equal(bytes, undefined, 'a short file stands under the name')
      return
    case 'names':
      assert.equal(end.kind, 'done', told)
      assert.deepEqual(end.kind === 'done' && end.names?.toSorted(), outcome.names.toSorted())
  }
}

function sentence(error: Error): string {
  const facts = 'facts' in error ? Object.values(error.facts as object) : []
  return [error.message, ...facts.map(String)].join(' ')
}

interface Where {
  readonly network: ReturnType<typeof memoryNetwork>
  readonly clock: FakeClock
  readonly host: string
  readonly port: number
}

async function run({ operation }: FtpScenario, where: Where, target: Store): Promise<End> {
  let remote: RemoteStore | undefined
  try {
    remote = await connectFtp({
      ...where,
      user: 'test',
      ask: { secret: async () => 'secret', trust: async () => 'no' },
      silenceMs,
    })
    return { kind: 'done', ...(await operate(operation, remote, target, where.clock)) }
  } catch (thrown) {
    return { kind: 'error', error: asError(thrown) }
  } finally {
    await remote?.end()
  }
}

async function operate(
  operation: FtpScenario['operation'],
  remote: RemoteStore,
  target: Store,
  clock: Clock,
) {
  switch (operation) {
    case 'download':
      return { copied: await copyFile(at(remote, '/file.bin'), at(target, '/file.bin')) }
    case 'upload': {
      const source = memoryStore()
      const file = await source.open(parsePath('/new.bin'), { write: true, create: 'require' })
      await file.write([fileBytes], 0)
      await file.close()
      return {
        copied: await copyFile(at(source, '/new.bin'), at(remote, '/new.bin'), { landing: 'in-place' }),
      }
    }
    case 'list':
      return { names: await namesOf(remote) }
    case 'tree': {
      const ends = [at(remote, '/'), at(target, '/')] as const
      for await (const { error } of runPlan(plan(...ends), ...ends, { clock }))
        if (error && !isLeftOut(error)) throw error
      return { names: await namesOf(target) }
    }
  }
}

/** Names that lead elsewhere are told as lines that cannot be read, and all else is brought. */
function isLeftOut(error: Error): boolean {
  return error instanceof FileError && error.fault === 'unsupported'
}

function at<Kind extends Store>(store: Kind, path: string) {
  return { store, path: parsePath(path) }
}

async function namesOf(store: Store): Promise<string[]> {
  const names: string[] = []
  for await (const batch of store.list(rootPath)) names.push(...batch.map(({ name }) => name))
  return names
}

async function bytesOf(store: Store): Promise<Uint8Array | undefined> {
  if (!(await namesOf(store)).includes('file.bin')) return undefined
  const file = await store.open(parsePath('/file.bin'), { read: true })
  const bytes = new Uint8Array((await file.stat()).size)
  await file.read(bytes, 0)
  await file.close()
  return bytes
}

/** Turns the clock until the work has ended. */
async function within(clock: FakeClock, work: Promise<End>): Promise<End> {
  const ended: End[] = []
  void work.then((end) => ended.push(end))
  const start = clock.now()
  while (ended.length === 0 && clock.now() - start < longestMs) await clock.advance(50)
  return ended[0] ?? { kind: 'hang' }
}

test('a size that a listing rounds is no proof, and no reason to refuse what came', async () => {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const blocks =
    'Directory A:[B]\r\n\r\nFILE.BIN;1   196/196  2-JUL-2003 10:30:13  [ROOT]  (RWED,RWED,RE,)\r\n'
  await using server = await misbehavingServer(
    { listing: blocks, unknown: ['MLST', 'MLSD'] },
    { network, clock },
  )
  const remote = await connectFtp({
    network,
    clock,
    host: server.host,
    port: server.port,
    user: 'test',
    ask: { secret: async () => 'secret', trust: async () => 'no' },
  })
  const [entry] = await listAll(remote, rootPath)
  assert.ok(entry?.rounded === true && entry.size > fileBytes.length)
  const target = memoryStore({ clock })
  const from = { store: remote, path: parsePath('/file.bin') }
  const copied = await copyFile(from, { store: target, path: parsePath('/file.bin') }, { entry })
  assert.deepEqual([copied.size, copied.completeness], [fileBytes.length, 'proven'])
})
