import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { OpenFile, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { conformsStore, type ConformsStoreOptions } from './conforms-store.ts'

test('a store that keeps its promises passes with any runner', async () => {
  assert.deepEqual(await failures(() => ({})), new Map())
})

test('a write that reports more than it wrote is found, and told with what was asked of the store', async () => {
  const found = await failures(
    onFiles((file) => ({
      write: (pieces, at) => file.write([Buffer.concat([...pieces]).subarray(0, 100_000)], at),
    })),
  )
  const message = found.get('what was written can be read, of any size') ?? ''
  assert.match(message, /\+ 100000\n- 1500000/u)
  assert.match(message, /What was last asked of the store:/u)
  assert.match(message, /file\.write\(1500000 bytes, 0\) gave undefined/u)
})

test('a list that leaves something out is found', async () => {
  const found = await failures((inner) => ({
    async *list(path) {
      let count = 0
      for await (const batch of inner.list(path)) yield batch.filter(() => (count += 1) !== 1000)
    },
  }))
  assert.deepEqual([...found.keys()], ['2500 entries come once each, in batches'])
})

test('a rename that first removes what it replaces is found, unless it is said', async () => {
  const [title] = (await failures(removesFirst)).keys()
  assert.equal(title, 'with replace there is always a file, the old one or the new one')
  const cannot = { 'atomic-replace': 'it removes first' }
  assert.deepEqual(await failures(removesFirst, { cannot }), new Map())
})

test('an error of another kind is told beside the one that is wanted', async () => {
  const found = await failures(() => ({ rmdir: () => Promise.reject(new Error('ENOTEMPTY')) }))
  const message = found.get('rmdir removes an empty directory and refuses everything else') ?? ''
  assert.match(message, /Error: ENOTEMPTY/u)
  assert.match(message, /rmdir\('.+'\) rejected with Error \(ENOTEMPTY\)/u)
})

test('what goes well and should not is told with the fault that is wanted', async () => {
  const found = await failures(onFiles(() => ({ read: () => Promise.resolve(0) })))
  const message = found.get('a reader cannot write, a writer cannot read') ?? ''
  assert.match(message, /it went well, where a FileError '.+' is wanted/u)
})

test('a method that throws instead of rejecting is named', async () => {
  const found = await failures(() => ({
    remove: () => {
      throw new FileError('denied', 'not here')
    },
  }))
  const message = found.get('remove removes a file and refuses everything else') ?? ''
  assert.match(message, /remove\('.+'\) threw FileError 'denied' \(not here\), where a promise/u)
})

type Fault = (inner: Store) => Partial<Store>

const removesFirst: Fault = (inner) => ({
  async rename(from, to, replace) {
    const kind = (path: Path) =>
      inner.stat(path).then(
        (entry) => entry.kind,
        () => undefined,
      )
    const files = (await kind(from)) === 'file' && (await kind(to)) === 'file'
    if (replace && from !== to && files) await inner.remove(to)
    await setImmediate()
    await inner.rename(from, to, replace)
  },
})

/** The cases that fail where a store in memory has a fault, each with its message. */
async function failures(fault: Fault, options: ConformsStoreOptions = {}): Promise<Map<string, string>> {
  const cases: { readonly title: string; readonly body: () => Promise<void> }[] = []
  const runner = {
    describe: (_: string, body: () => void) => body(),
    test: (title: string, body: () => Promise<void>) => cases.push({ title, body }),
  }
  const make = async () => {
    const inner = memoryStore()
    return { store: over(inner, fault(inner)), end: async () => undefined }
  }
  conformsStore('it', make, { ...options, runner })
  const found = new Map<string, string>()
  for (const { title, body } of cases)
    await body().catch((thrown: Error) => void found.set(title, thrown.message))
  return found
}

function over<T extends object>(inner: T, other: Partial<T>): T {
  return new Proxy(inner, {
    get(target, key) {
      if (Object.hasOwn(other, key)) return Reflect.get(other, key)
      const member: unknown = Reflect.get(target, key)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

function onFiles(fault: (file: OpenFile) => Partial<OpenFile>): Fault {
  return (inner) => ({
    async open(path, how) {
      const file = await inner.open(path, how)
      return over(file, fault(file))
    },
  })
}
