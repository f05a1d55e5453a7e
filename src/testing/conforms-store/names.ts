import assert from 'node:assert/strict'
import { FileError } from '../../core/error.ts'
import { decodeText } from '../../core/text.ts'
import { exists, get, namesIn, put, type StoreCase } from './case.ts'
import type { Path } from '../../core/path.ts'
import type { Store } from '../../core/store.ts'

const odd: Record<string, string> = {
  spaces: '  two  words ',
  'a leading dash': '-rf',
  dots: '...',
  'a leading dot': '.hidden',
  quotes: `it's "quoted" \`twice\``,
  'pattern signs': '*?[a-z]{x,y}!',
  backslashes: 'a\\b\\',
  'a percent sign': '100%20%00',
  'a line end': 'first\nsecond\r',
  'control bytes': 'tab\tbell\u0007escape\u001b',
  'UTF-8': 'Grüße, δοκιμή, 試験',
  emoji: '👩‍👩‍👧 🚀',
  'a Latin letter in two code points': 'e\u0301',
}

export const nameCases: readonly StoreCase[] = [
  ...Object.entries(odd).map(([title, name]): StoreCase => ({
    name: `a name with ${title} makes the round trip`,
    ...(title === 'a line end' ? { ability: 'line-ends' as const } : {}),
    run: (store, at) => roundTrip(store, at, name),
  })),
  {
    name: 'a name that is not UTF-8 comes back byte for byte',
    ability: 'raw-names',
    async run(store, at) {
      const latin1 = decodeText(Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65))
      await roundTrip(store, at, latin1)
      await roundTrip(store, at, decodeText(Uint8Array.of(0xff, 0xfe, 0x80)))
      await roundTrip(store, at, decodeText(Uint8Array.of(0xc3, 0xbc, 0x20, 0xc3)))
    },
  },
  {
    name: 'names that differ only in bytes that are not UTF-8 are different names',
    ability: 'raw-names',
    async run(store, at) {
      const names = [0xe4, 0xf6, 0xfc].map((byte) => decodeText(Uint8Array.of(byte)))
      for (const name of names) await put(store, at(name), name)
      assert.deepEqual(await namesIn(store, at('')), names.toSorted())
      assert.equal(new Set(await Promise.all(names.map((name) => get(store, at(name))))).size, 1)
    },
  },
  {
    name: 'a name of 255 bytes makes the round trip',
    ability: 'long-names',
    async run(store, at) {
      await roundTrip(store, at, 'x'.repeat(255))
      await roundTrip(store, at, 'ü'.repeat(127))
    },
  },
  {
    name: 'a name that is too long is invalid, and nothing is made',
    async run(store, at) {
      const long = 'x'.repeat(2000)
      const deeds = [put(store, at(long), ''), store.mkdir(at(long))]
      for (const [index, outcome] of (await Promise.allSettled(deeds)).entries()) {
        if (outcome.status === 'fulfilled') continue
        assert.ok(outcome.reason instanceof FileError, `deed ${index}`)
        assert.ok(['invalid', 'exists', 'is-directory'].includes(outcome.reason.fault), outcome.reason.fault)
        assert.ok((await namesIn(store, at(''))).length <= 1)
      }
    },
  },
]

/** A file and a directory of this name: made, listed, moved, opened through, removed. */
async function roundTrip(store: Store, at: (place: string) => Path, name: string): Promise<void> {
  await put(store, at(name), 'content')
  assert.deepEqual(await namesIn(store, at('')), [name])
  assert.equal((await store.stat(at(name))).name, name)
  assert.equal(await get(store, at(name)), 'content')
  await store.rename(at(name), at('plain'), false)
  await store.mkdir(at(name))
  await store.rename(at('plain'), at(`${name}/${name}`), false)
  assert.deepEqual(await namesIn(store, at(name)), [name])
  assert.equal(await get(store, at(`${name}/${name}`)), 'content')
  await store.remove(at(`${name}/${name}`))
  await store.rmdir(at(name))
  assert.equal(await exists(store, at(name)), false)
}
