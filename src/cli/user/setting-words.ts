import { resolve } from 'node:path'
import { parse } from 'yaml'
import { isRecord } from '../../core/is-record.ts'
import { UsageError } from '../usage-error.ts'

type Said = Readonly<Record<string, unknown>>

/**
 * Settings with what words like `sessions=3`, `quota.bytes=10GB` and `rights./in=[list, create]` change. Values are
 * written as in ferry.yaml; an empty one takes the setting away.
 */
export function withWords(said: Said, words: readonly string[]): Said {
  return words.reduce(withWord, said)
}

function withWord(said: Said, word: string): Said {
  const equals = word.indexOf('=')
  if (equals < 1) throw new UsageError(`settings are written SETTING=VALUE, and "${word}" is not.`)
  const parts = partsOf(word.slice(0, equals))
  return changedAt(said, parts, fromHere(parts.at(-1), valueOf(word.slice(equals + 1))))
}

/** A path or a name may have dots in it, and what is said of a mount stands behind its path. */
function partsOf(key: string): readonly string[] {
  const dot = key.indexOf('.')
  if (dot < 0) return [key]
  const [outer, inner] = [key.slice(0, dot), key.slice(dot + 1)]
  const [, place, setting] = /^(.+)\.(from|readOnly|passwordFile)$/u.exec(inner) ?? []
  return outer === 'mounts' && place !== undefined && setting !== undefined
    ? [outer, place, setting]
    : [outer, inner]
}

function changedAt(said: Said, [key = '', ...more]: readonly string[], value: unknown): Said {
  if (more.length === 0) return changed(said, key, value)
  const inner = said[key]
  const fresh = changedAt(isRecord(inner) ? inner : {}, more, value)
  return changed(said, key, Object.keys(fresh).length === 0 ? undefined : fresh)
}

/** Files and folders are those of where this is typed: the server may have been started in another place. */
function fromHere(key: string | undefined, value: unknown): unknown {
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, fromHere(inner, one)]))
  if (typeof value !== 'string' || !['home', 'from', 'passwordFile'].includes(key ?? '')) return value
  return value === '' || value === 'memory' || value.startsWith('account ') || value.includes('://')
    ? value
    : resolve(value)
}

function changed(said: Said, key: string, value: unknown): Said {
  const rest = Object.entries(said).filter(([other]) => other !== key)
  return Object.fromEntries(value === undefined ? rest : [...rest, [key, value]])
}

/** `*.exe` in a list: what YAML takes for the name of another value, of which there are none here. */
const bareStar = /(?<=(?:^|[[{,:])\s*)\*[^\],}"']*/gu

function valueOf(text: string): unknown {
  if (text === '') return undefined
  try {
    return parse(text.replaceAll(bareStar, (pattern) => JSON.stringify(pattern.trimEnd()))) as unknown
  } catch {
    throw new UsageError(`"${text}" cannot be read as a value.`)
  }
}
