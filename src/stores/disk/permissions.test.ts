import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { FileError, type Fault } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import { transfer } from '../../core/transfer.ts'
import { diskStore } from '../disk.ts'
import { offersDescriptors } from './descriptors.ts'

const path = parsePath
const skip = (await offersDescriptors()) ? false : 'there is no /proc here'
const fault = (wanted: Fault) => (error: unknown) => error instanceof FileError && error.fault === wanted
const nobody = 65534

/** A store that is used by someone with no more rights than any user: root may do everything. */
async function commonWorld(context: TestContext, prepare: (root: string) => void = () => undefined) {
  const root = mkdtempSync(join(tmpdir(), 'ferry-rights-'))
  chmodSync(root, 0o755)
  const isRoot = process.geteuid?.() === 0
  if (isRoot) chownSync(root, nobody, nobody)
  prepare(root)
  if (isRoot) process.seteuid?.(nobody)
  context.after(() => {
    if (isRoot) process.seteuid?.(0)
    rmSync(root, { recursive: true })
  })
  const store = await diskStore(root)
  context.after(() => store.close())
  return { root, store }
}

test('a file without the right to read can be changed by its owner', { skip }, async (context) => {
  const { root, store } = await commonWorld(context)
  writeFileSync(join(root, 'file'), 'content')
  chmodSync(join(root, 'file'), 0)
  await store.change(path('/file'), { modified: new Date(1000) })
  await assert.rejects(store.change(path('/file'), { size: 1 }), fault('denied'))
  await assert.rejects(store.open(path('/file'), { read: true }), fault('denied'))
  chmodSync(join(root, 'file'), 0o200)
  await store.change(path('/file'), { size: 3 })
  assert.equal((await store.stat(path('/file'))).size, 3)
  await store.change(path('/file'), { mode: 0o644 })
  assert.equal(readFileSync(join(root, 'file'), 'utf8'), 'con')
})

test('a directory that may be passed but not read is passed, and not listed', { skip }, async (context) => {
  const { root, store } = await commonWorld(context)
  mkdirSync(join(root, 'way'))
  writeFileSync(join(root, 'way/file'), 'content')
  chmodSync(join(root, 'way'), 0o300)
  assert.equal((await store.stat(path('/way/file'))).size, 7)
  await assert.rejects(store.list(path('/way'))[Symbol.asyncIterator]().next(), fault('denied'))
  chmodSync(join(root, 'way'), 0o700)
})

test(
  'who loses the right midway finishes the file that is open, and gets no other',
  { skip },
  async (context) => {
    const { root, store } = await commonWorld(context)
    await store.mkdir(path('/way'))
    const file = await store.open(path('/way/file'), { write: true, create: 'allow' })
    await transfer(file, async () => {
      await file.write([Buffer.from('one ')], 0)
      chmodSync(join(root, 'way'), 0)
      await file.write([Buffer.from('two')], 4)
      await assert.rejects(store.open(path('/way/other'), { write: true, create: 'allow' }), fault('denied'))
      await assert.rejects(store.stat(path('/way/file')), fault('denied'))
    })
    chmodSync(join(root, 'way'), 0o700)
    assert.equal(readFileSync(join(root, 'way/file'), 'utf8'), 'one two')
  },
)

const noOther = process.geteuid?.() === 0 ? skip : 'it takes root to make a file of somebody else'

test(
  "somebody else's file moves where the system forbids a second name",
  { skip: noOther },
  async (context) => {
    const { root, store } = await commonWorld(context, (directory) => {
      writeFileSync(join(directory, 'file'), 'content')
      writeFileSync(join(directory, 'other'), 'other')
      for (const name of ['file', 'other']) chmodSync(join(directory, name), 0o600)
    })
    await assert.rejects(store.rename(path('/file'), path('/other'), false), fault('exists'))
    await store.rename(path('/file'), path('/moved'), false)
    assert.equal(statSync(join(root, 'moved')).size, 7)
    await assert.rejects(store.change(path('/moved'), { mode: 0o777 }), fault('denied'))
    await assert.rejects(store.change(path('/moved'), { modified: new Date(0) }), fault('denied'))
  },
)
