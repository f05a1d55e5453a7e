import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, NetworkError } from '../core/error.ts'
import { parsePath, rootPath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { putFile } from '../testing/store-files.ts'
import { whileTurning } from '../testing/while-turning.ts'
import { plan } from './plan.ts'
import { runPlan } from './run-plan.ts'

const lost = new NetworkError('reset', 'cut', { facts: { retryable: true } })

/** A store that removes what it is told to, and whose answer to that is lost the first time. */
function deaf(store: Store): Store {
  const answered = new Set<Path>()
  const once =
    (remove: (path: Path) => Promise<void>) =>
    async (path: Path): Promise<void> => {
      await remove(path)
      if (answered.has(path)) return
      answered.add(path)
      throw lost
    }
  return new Proxy(store, {
    get(of, name) {
      if (name === 'remove') return once((path) => of.remove(path))
      if (name === 'rmdir') return once((path) => of.rmdir(path))
      const value: unknown = Reflect.get(of, name)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}

/** What became of each thing that only the target has. */
async function removed(target: Store): Promise<readonly (readonly [string, Error | undefined])[]> {
  const clock = new FakeClock()
  const from = { store: memoryStore(), path: rootPath }
  const to = { store: target, path: rootPath }
  const work = async () => {
    const results: [string, Error | undefined][] = []
    for await (const { action, error } of runPlan(
      plan(from, to, { delete: true, deleteAll: true }),
      from,
      to,
      {
        clock,
        jobs: 1,
      },
    ))
      results.push([`${action.kind} ${action.path}`, error])
    return results
  }
  return whileTurning(clock, work())
}

void test('a removal that is tried again, as its answer was lost, and finds nothing is done', async () => {
  const target = memoryStore()
  await target.mkdir(parsePath('/d'))
  await putFile(target, parsePath('/d/f'), 'x')
  assert.deepEqual(await removed(deaf(target)), [
    ['remove d/f', undefined],
    ['rmdir d', undefined],
  ])
})

void test('one that finds nothing the first time is an error', async () => {
  const target = memoryStore()
  await putFile(target, parsePath('/f'), 'x')
  const gone = new Proxy(target, {
    get(of, name) {
      if (name === 'remove') return () => Promise.reject(new FileError('not-found', 'nothing there'))
      const value: unknown = Reflect.get(of, name)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
  const [[, error] = []] = await removed(gone)
  assert.ok(error instanceof FileError)
})
