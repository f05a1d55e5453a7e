import { isRecord } from '../core/is-record.ts'
import { nearWord } from './near-word.ts'

/** Something wrong with what was written, and where: the keys that lead there. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly text: string
}

export type JsonSchema = Readonly<Record<string, unknown>>

/** What a value must look like: it reads one, tells all that is wrong with it, and describes itself as JSON Schema. */
export interface Shape<Value> {
  /** undefined where it is wrong; then a problem was told. */
  read(given: unknown, path: readonly (string | number)[], problems: Problem[]): Value | undefined
  readonly schema: JsonSchema
}

/** The value a shape reads. */
export type Of<Of extends Shape<unknown>> = Of extends Shape<infer Value> ? Value : never

/** Text with a meaning: `parse` gives undefined for what has none. */
export function word<Value>(
  about: string,
  wanted: string,
  parse: (text: string) => Value | undefined,
  more: JsonSchema = {},
): Shape<Value> {
  return {
    schema: { type: 'string', description: about, ...more },
    read(given, path, problems) {
      const value = isWord(given) ? parse(String(given)) : undefined
      if (value === undefined) problems.push({ path, text: `must be ${wanted}, and is ${shown(given)}` })
      return value
    },
  }
}

/** A NUL is in no path, address or name, and what is asked for one throws. */
function isWord(given: unknown): given is string | number {
  return typeof given === 'number' || (typeof given === 'string' && !given.includes('\0'))
}

/** Any text that is not empty. */
export function text(about: string): Shape<string> {
  const one: Shape<string> = {
    schema: { type: 'string', description: about, minLength: 1 },
    read(given, path, problems) {
      if (typeof given === 'string' && given !== '' && isWord(given)) return given
      problems.push({ path, text: `must be a text, and is ${shown(given)}` })
      return undefined
    },
  }
  return one
}

/** A whole number. */
export function whole(about: string, least: number, most: number): Shape<number> {
  return {
    schema: { type: 'integer', description: about, minimum: least, maximum: most },
    read(given, path, problems) {
      if (typeof given === 'number' && Number.isSafeInteger(given) && given >= least && given <= most)
        return given
      problems.push({ path, text: `must be a whole number from ${least} to ${most}, and is ${shown(given)}` })
      return undefined
    },
  }
}

/** Yes or no. */
export function flag(about: string): Shape<boolean> {
  return {
    schema: { type: 'boolean', description: about },
    read(given, path, problems) {
      if (typeof given === 'boolean') return given
      problems.push({ path, text: `must be true or false, and is ${shown(given)}` })
      return undefined
    },
  }
}

/** One of a few words. */
export function choice<Word extends string>(about: string, words: readonly Word[]): Shape<Word> {
  return {
    schema: { enum: words, description: about },
    read(given, path, problems) {
      // YAML 1.1 editors know off and on as false and true.
      const said = given === false ? 'off' : given
      const found = words.find((one) => one === said)
      if (found === undefined)
        problems.push({ path, text: `must be one of ${words.join(', ')}, and is ${shown(given)}` })
      return found
    },
  }
}

/** The first shape that takes the value, by what it looks like: a list, an object, or anything else. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return {
    schema: { anyOf: [first.schema, second.schema] },
    read(given, path, problems) {
      const tried: Problem[] = []
      const value = first.read(given, path, tried)
      if (tried.length === 0) return value
      const other: Problem[] = []
      const another = second.read(given, path, other)
      if (other.length === 0) return another
      // The one that went deeper was meant.
      const depth = (found: readonly Problem[]): number =>
        Math.max(...found.map((problem) => problem.path.length))
      problems.push(...(depth(other) > depth(tried) ? other : tried))
      return undefined
    },
  }
}

/** Several of a kind. */
export function list<Value>(about: string, of: Shape<Value>): Shape<readonly Value[]> {
  return {
    schema: { type: 'array', description: about, items: of.schema },
    read(given, path, problems) {
      if (!Array.isArray(given)) {
        problems.push({ path, text: notList(given) })
        return undefined
      }
      const before = problems.length
      const values = given.map((item: unknown, at) => of.read(item, [...path, at], problems))
      return problems.length > before ? undefined : (values as Value[])
    },
  }
}

function notList(given: unknown): string {
  return typeof given === 'string' || typeof given === 'number'
    ? `must be a list, also of one: [${given}]`
    : `must be a list like [one, other], and is ${shown(given)}`
}

/** Values under names that the writer chooses. */
export function named<Value>(about: string, of: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return {
    schema: { type: 'object', description: about, additionalProperties: of.schema },
    read(given, path, problems) {
      if (!isRecord(given)) {
        problems.push({ path, text: `must be a map of names, and is ${shown(given)}` })
        return undefined
      }
      const before = problems.length
      const pairs = Object.entries(given).map(([key, value]) => [
        key,
        of.read(value, [...path, key], problems),
      ])
      // Made without a prototype: a name like __proto__ is a name.
      return problems.length > before
        ? undefined
        : Object.assign(Object.create(null), Object.fromEntries(pairs))
    },
  }
}

/** An object whose keys are known; each may be left out, except those in `needed`. */
export function record<Fields extends object>(
  about: string,
  fields: { readonly [Key in keyof Fields]-?: Shape<NonNullable<Fields[Key]>> },
  needed: readonly (keyof Fields & string)[] = [],
): Shape<Fields> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries(fields))
  const properties = Object.fromEntries([...shapes].map(([key, shape]) => [key, shape.schema]))
  return {
    schema: {
      type: 'object',
      description: about,
      properties,
      additionalProperties: false,
      ...(needed.length > 0 ? { required: needed } : {}),
    },
    read(given, path, problems) {
      if (!isRecord(given)) {
        problems.push({ path, text: `must be a map of settings, and is ${shown(given)}` })
        return undefined
      }
      const before = problems.length
      const value: Record<string, unknown> = {}
      for (const [key, item] of Object.entries(given)) {
        const shape = shapes.get(key)
        if (shape === undefined)
          problems.push({ path: [...path, key], text: unknownKey(path, key, [...shapes.keys()]) })
        else value[key] = shape.read(item, [...path, key], problems)
      }
      for (const key of needed)
        if (!Object.hasOwn(given, key)) problems.push({ path, text: `the key ${key} is missing` })
      return problems.length > before ? undefined : (value as Fields)
    },
  }
}

function unknownKey(path: readonly (string | number)[], key: string, known: readonly string[]): string {
  const near = nearWord(key, known)
  return near === undefined
    ? `is no setting; there are ${known.join(', ')}`
    : `is no setting (is ${[...path, near].join('.')} meant?)`
}

function shown(given: unknown): string {
  const written =
    typeof given === 'object' && given !== null
      ? Array.isArray(given)
        ? 'a list'
        : 'a map'
      : (JSON.stringify(given) ?? String(given))
  return written.length > 60 ? `${written.slice(0, 60)}…` : written
}
