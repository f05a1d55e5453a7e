import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IncompleteError } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { SftpWorld } from '../../testing/sftp-world.ts'
import { putFile } from '../../testing/store-files.ts'

const path = parsePath('/file')
const MiB = 1024 * 1024

/** Reads a file of a mebibyte in two halves, between which somebody else writes to it: what closing it says. */
async function readWhile(
  other: { readonly bytes: string; readonly at: number } | undefined,
  second = MiB / 2,
): Promise<unknown> {
  const clock = new FakeClock()
  const world = new SftpWorld({ clock })
  await putFile(world.home, path, 'o'.repeat(MiB))
  const store = await world.connect()
  const file = await store.open(path, { read: true, expected: MiB })
  const into = new Uint8Array(MiB / 2)
  await file.read(into, 0)
  await clock.advance(5000)
  if (other !== undefined) {
    const written = await world.home.open(path, { write: true })
    await written.write([Buffer.from(other.bytes)], other.at)
    await written.close()
  }
  for (let at = MiB / 2; at <= second; at += into.length) await file.read(into, at)
  const end = await file.close().then(
    () => 'closed',
    (thrown: unknown) => thrown,
  )
  await store.end()
  await world.over()
  return end
}

test('a file that is written over while it is read is told as no file, and is not to be gone on with', async () => {
  const end = await readWhile({ bytes: 'n'.repeat(MiB), at: 0 }, MiB)
  assert.ok(end instanceof IncompleteError)
  assert.match(end.message, /^file was written to while it was read/u)
  assert.equal(end.facts.anew, true)
})

test('one that only grows, or is left alone, is whole', async () => {
  assert.equal(await readWhile({ bytes: 'n', at: MiB }, MiB), 'closed')
  assert.equal(await readWhile(undefined, MiB), 'closed')
})

test('who did not read to the end has no mixture to be told of', async () => {
  assert.equal(await readWhile({ bytes: 'n'.repeat(MiB), at: 0 }), 'closed')
})

test('what came of a file before is not gone on with where it is another one by now', async () => {
  const clock = new FakeClock()
  const world = new SftpWorld({ clock })
  await putFile(world.home, path, 'old one')
  const store = await world.connect()
  const known = await store.stat(path)
  await (await store.open(path, { read: true, from: 3, known })).close()
  await clock.advance(5000)
  await putFile(world.home, path, 'new one')
  await assert.rejects(store.open(path, { read: true, from: 3, known }), (thrown) => {
    assert.ok(thrown instanceof IncompleteError)
    return thrown.facts.anew === true
  })
  await store.end()
  await world.over()
})
