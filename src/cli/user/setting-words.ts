import { parse } from 'yaml'
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
  const [key, value] = [word.slice(0, equals), valueOf(word.slice(equals + 1))]
  const dot = key.indexOf('.')
  if (dot < 0) return changed(said, key, value)
  const outer = key.slice(0, dot)
  const inner = said[outer]
  const old: Said = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {}
  const fresh = changed(old, key.slice(dot + 1), value)
  return changed(said, outer, Object.keys(fresh).length === 0 ? undefined : fresh)
}

function changed(said: Said, key: string, value: unknown): Said {
  const rest = Object.entries(said).filter(([other]) => other !== key)
  return Object.fromEntries(value === undefined ? rest : [...rest, [key, value]])
}

function valueOf(text: string): unknown {
  if (text === '') return undefined
  try {
    return parse(text) as unknown
  } catch {
    throw new UsageError(`"${text}" cannot be read as a value.`)
  }
}
