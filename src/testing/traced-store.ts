import { inspect } from 'node:util'
import type { Rows } from '../core/rows.ts'
import type { Store } from '../core/store.ts'

/** A store that remembers what it was last asked, to be told with a case that failed. */
export interface TracedStore {
  readonly store: Store
  /** A line for each of the last calls, the oldest first. */
  readonly lastCalls: () => string
}

/** Puts a store behind one that remembers. */
export function tracedStore(inner: Store): TracedStore {
  const calls: Call[] = []
  return {
    store: traced(inner, '', calls),
    lastCalls: () => ['What was last asked of the store:', ...calls.map(lineOf)].join('\n  '),
  }
}

interface Call {
  readonly name: string
  readonly given: readonly unknown[]
  outcome: string
}

/** How many calls are remembered: a case is rarely longer, and a person reads no more. */
const most = 20

/** A store, or a file that is open, by which each call is remembered. */
function traced<T extends object>(inner: T, of: string, calls: Call[]): T {
  return new Proxy(inner, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function' || typeof key !== 'string') return member
      return (...given: readonly unknown[]): unknown => {
        const call: Call = { name: `${of}${key}`, given, outcome: 'has not answered' }
        calls.push(call)
        if (calls.length > most) calls.shift()
        return answered(call, () => Reflect.apply(member, target, given), calls)
      }
    },
  })
}

function answered(call: Call, ask: () => unknown, calls: Call[]): unknown {
  let result: unknown
  try {
    result = ask()
  } catch (thrown) {
    call.outcome = `threw ${errorIn(thrown)}, where a promise that rejects is wanted`
    throw thrown
  }
  if (call.name === 'list') return counted(result as ReturnType<Store['list']>, call)
  if (call.name === 'rows') return rowsTold(result as AsyncIterable<Rows> | undefined, call)
  return seen(result as Promise<unknown>, call, calls)
}

async function seen(result: Promise<unknown>, call: Call, calls: Call[]): Promise<unknown> {
  try {
    const value = await result
    call.outcome = call.name === 'open' ? 'opened it' : `gave ${inOneLine(value)}`
    return call.name === 'open' && isObject(value) ? traced(value, `  file.`, calls) : value
  } catch (thrown) {
    call.outcome = `rejected with ${errorIn(thrown)}`
    throw thrown
  }
}

function rowsTold(batches: AsyncIterable<Rows> | undefined, call: Call) {
  call.outcome = batches === undefined ? 'has none' : 'gave some'
  return batches
}

async function* counted(batches: AsyncIterable<readonly unknown[]>, call: Call) {
  let count = 0
  call.outcome = 'gave no entry yet'
  try {
    for await (const batch of batches) {
      count += batch.length
      call.outcome = `gave ${count} entries`
      yield batch
    }
  } catch (thrown) {
    call.outcome = `threw ${errorIn(thrown)} behind ${count} entries`
    throw thrown
  }
}

function lineOf({ name, given, outcome }: Call): string {
  return `${name}(${given.map(inOneLine).join(', ')}) ${outcome}`
}

function errorIn(thrown: unknown): string {
  if (!Error.isError(thrown)) return inOneLine(thrown)
  const fault = 'fault' in thrown ? ` '${String(thrown.fault)}'` : ''
  return `${thrown.name}${fault} (${thrown.message})`
}

function inOneLine(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (Array.isArray(value) && value.every((piece) => piece instanceof Uint8Array)) {
    const pieces = value as readonly Uint8Array[]
    return `${pieces.reduce((sum, piece) => sum + piece.length, 0)} bytes`
  }
  return inspect(value, { breakLength: Infinity, depth: 1, maxStringLength: 80 })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
