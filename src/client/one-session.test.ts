import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'
import { atMisbehaving } from '../testing/at-misbehaving.ts'
import { say, usual } from '../testing/misbehaving/script.ts'
import { copyFile } from './copy-file.ts'

/** A server that lets in so many sessions and refuses all others. */
function letsIn(count: number) {
  const full = [say('530 Sorry, too many connections'), { kind: 'close' as const }]
  const files = { '/large': 'l'.repeat(100_000), '/small': 'small' }
  return { files, answers: { PASS: [...Array.from({ length: count }, () => [usual]), full] } }
}

async function read(store: Store, path: Path): Promise<Uint8Array> {
  const file = await store.open(path, { read: true })
  const into = new Uint8Array(200_000)
  return into.subarray(0, await transfer(file, () => file.read(into, 0)))
}

for (const name of ['large', 'small']) {
  test(`a ${name} file is copied within a server that lets in one session`, async () => {
    await atMisbehaving(letsIn(1), async (store, { heard }) => {
      const from = { store, path: parsePath(`/${name}`) }
      const to = { store, path: parsePath('/copy') }
      const { completeness } = await copyFile(from, to)
      assert.equal(completeness, 'proven')
      assert.deepEqual(await read(store, to.path), await read(store, from.path))
      // What is small needs no second session, and nobody asks for one.
      assert.equal(heard.filter((line) => line.startsWith('USER')).length, name === 'small' ? 1 : 2)
    })
  })
}

test('several are copied at once within a server that lets in fewer sessions than they need', async () => {
  const { files, answers } = letsIn(3)
  // Who has lost a session may have another.
  const script = { files, answers: { PASS: [...answers.PASS, [usual]] } }
  await atMisbehaving(script, async (store) => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const from = { store, path: parsePath('/large') }
    const copied = await Promise.all(
      names.map((name) => copyFile(from, { store, path: parsePath(`/${name}`) })),
    )
    assert.deepEqual(
      copied.map(({ completeness }) => completeness),
      names.map(() => 'proven'),
    )
  })
})
