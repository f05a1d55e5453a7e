import { isMap, isNode, LineCounter, parse, parseDocument, type Document } from 'yaml'
import { asError } from '../core/error.ts'
import { isRecord } from '../core/is-record.ts'
import type { Problem, Shape } from './shape.ts'

/** A value of the configuration, and what is wrong with it. */
export interface ReadConfig<Value> {
  readonly value: Value | undefined
  /** Each begins with its line and column, or the variable that it comes from. */
  readonly problems: readonly string[]
  /** Where each value comes from, by its path. */
  readonly origins: ReadonlyMap<string, string>
}

/** No configuration is larger, and none is a bomb of aliases. */
const longest = 4 * 1024 * 1024

/** Reads a configuration, with what the environment says instead: `FERRY_LIMITS_CONNECTIONS=50`. */
export function readConfig<Value>(
  file: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  shape: Shape<Value>,
): ReadConfig<Value> {
  if (text.length > longest)
    return { value: undefined, problems: [`${file}: it is too long`], origins: new Map() }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`)
    return { value: undefined, problems, origins: new Map() }
  }
  let said: unknown
  try {
    said = document.toJS({ maxAliasCount: 100 })
  } catch (thrown) {
    // More aliases than anybody writes, or one of nothing.
    return { value: undefined, problems: [`${file}: ${asError(thrown).message}`], origins: new Map() }
  }
  const origins = new Map<string, string>()
  noteOrigins(said, [], (path) => origins.set(path.join('.'), at(offsetOf(document, path))))
  const fromEnv = new Map<string, string>()
  const whole = withEnvironment(said ?? {}, shape, env, fromEnv)
  for (const [path, name] of fromEnv) origins.set(path, name)
  const problems: Problem[] = []
  const value = shape.read(whole, [], problems)
  const told = problems.map(({ path, text: what }) => {
    const place = originOf(path, fromEnv) ?? at(offsetOf(document, path))
    return `${place}: ${path.length === 0 ? '' : `${path.join('.')} `}${what}`
  })
  return { value: told.length > 0 ? undefined : value, problems: told, origins }
}

/** Where a value stands, or the nearest around it: of a key that is not known, the key itself. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const around = length <= 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (isMap(around)) {
      const pair = around.items.find(({ key }) => isNode(key) && String(key) === String(path[length - 1]))
      if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? 0
    }
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node)) return node.range?.[0] ?? 0
  }
  return 0
}

function originOf(
  path: readonly (string | number)[],
  fromEnv: ReadonlyMap<string, string>,
): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const found = fromEnv.get(path.slice(0, length).join('.'))
    if (found !== undefined) return found
  }
  return undefined
}

/** No setting lies deeper; what does may be a ring of aliases. */
const deepest = 12

function noteOrigins(value: unknown, path: readonly string[], note: (path: readonly string[]) => void): void {
  if (!isRecord(value)) {
    if (path.length > 0) note(path)
    return
  }
  if (path.length >= deepest) return
  for (const [key, item] of Object.entries(value)) noteOrigins(item, [...path, key], note)
}

/** The name of the variable of each key: that of the key in capitals, words apart by `_`. */
function withEnvironment(
  said: unknown,
  shape: Shape<unknown>,
  env: Readonly<Record<string, string | undefined>>,
  from: Map<string, string>,
): unknown {
  let result = said
  for (const path of pathsOf(shape.schema, [])) {
    const name = `FERRY_${path.map(variable).join('_')}`
    const text = env[name]
    // What starts containers passes variables that nobody has set as empty ones.
    if (text === undefined || text === '') continue
    from.set(path.join('.'), name)
    result = withValue(result, path, valueOf(text))
  }
  return result
}

function variable(key: string): string {
  return key
    .replaceAll(/([a-z])([A-Z])/gu, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase()
}

function valueOf(text: string): unknown {
  try {
    return parse(text) as unknown
  } catch {
    return text
  }
}

function withValue(said: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  const old: Record<string, unknown> = typeof said === 'object' && said !== null ? { ...said } : {}
  return { ...old, [key]: rest.length === 0 ? value : withValue(old[key], rest, value) }
}

function* pathsOf(schema: unknown, path: readonly string[]): Generator<readonly string[]> {
  if (path.length > 0) yield path
  const { properties } = schema as { readonly properties?: Readonly<Record<string, unknown>> }
  for (const [key, inner] of Object.entries(properties ?? {})) yield* pathsOf(inner, [...path, key])
}
