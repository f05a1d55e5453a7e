import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Ferry } from './ferry.ts'
import { hasIpv6, temporaryFolder } from './scene.ts'

test('--json prints one ready line, first', async (t) => {
  const folder = await temporaryFolder(t)
  const ferry = await ready(t, folder, '--host', '127.0.0.1', '--verbose')
  const { address, port } = ferry
  await fetch(`http://${address}:${port}/`).catch(() => undefined) // makes it tell of something
  await ferry.until('an event', ({ event }) => event === 'closed')
  const [first] = ferry.lines
  assert.match(first?.certificate ?? '', /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u)
  assert.deepEqual(first, {
    ready: true,
    listeners: [{ protocol: 'ftp', address, port }],
    certificate: first?.certificate,
  })
  assert.equal(address, '127.0.0.1')
  assert.ok(port > 0)
  assert.equal(ferry.lines.filter(({ ready }) => ready !== undefined).length, 1)
  assert.deepEqual(await ferry.stop(), { code: 0, signal: null, stderr: '' })
})

test('without --host it is reachable at the loopback address that the ready line tells', async (t) => {
  const ferry = await ready(t, await temporaryFolder(t))
  assert.equal(ferry.address, '127.0.0.1')
  assert.deepEqual(await ferry.stop(), { code: 0, signal: null, stderr: '' })
})

test('without --user the ready line has a user and a fresh password', async (t) => {
  const folder = await temporaryFolder(t)
  const ferry = start(t, [folder, '--ftp', '0', '--json', '--host', '127.0.0.1'])
  const line = await ferry.until('the ready line', ({ ready }) => ready === true)
  assert.equal(line.user, 'ferry')
  assert.match(line.password ?? '', /^[a-z2-9]{12}$/u)
  await ferry.stop()
})

test(
  '--host ::1 is told as it is',
  { skip: hasIpv6 ? false : 'this machine has no address ::1' },
  async (t) => {
    const ferry = await ready(t, await temporaryFolder(t), '--host', '::1')
    assert.equal(ferry.address, '::1')
    await ferry.stop()
  },
)

test('a port in use: one line that says what to do, and exit 2', async (t) => {
  const folder = await temporaryFolder(t)
  const first = await ready(t, folder, '--host', '127.0.0.1')
  const second = start(t, [folder, '--ftp', String(first.port), '--host', '127.0.0.1', '--json'])
  const { code, stderr } = await second.ended
  assert.equal(code, 2)
  assert.match(stderr, new RegExp(`^[^\\n]*port ${first.port} [^\\n]*--ftp \\d+[^\\n]*\\n$`, 'u'))
  assert.deepEqual(second.lines, [])
  await first.stop()
})

test('a folder that is not there, or is none: one line that says what to do, and exit 2', async (t) => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'file'), '')
  const missing = await start(t, [join(folder, 'missing'), '--ftp', '0', '--json']).ended
  assert.equal(missing.code, 2)
  assert.match(missing.stderr, /^[^\n]*missing[^\n]*mkdir[^\n]*\n$/u)
  const file = await start(t, [join(folder, 'file'), '--ftp', '0', '--json']).ended
  assert.equal(file.code, 2)
  assert.match(file.stderr, /^[^\n]*not a folder[^\n]*\n$/u)
})

async function ready(t: TestContext, folder: string, ...words: string[]): Promise<Ferry> {
  const ferry = start(t, [folder, '--ftp', '0', '--user', 'u:p', '--json', ...words])
  await ferry.until('the ready line', ({ ready }) => ready === true)
  return ferry
}

/** A server that does not outlive its test. */
function start(t: TestContext, words: readonly string[]): Ferry {
  const ferry = new Ferry(words)
  t.after(() => ferry.signal('SIGKILL'))
  return ferry
}
