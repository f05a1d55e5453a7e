import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { nearWord } from '../config/near-word.ts'
import { UsageError } from './usage-error.ts'

/** One option: what `parseArgs` has to know of it, and what the help says. */
export interface OptionRow {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  readonly multiple?: boolean
  /** What stands behind it in the help: `N`, `a|b`. */
  readonly value?: string
  /** What it does, in a few words; options without it are not in the help. */
  readonly does: string
}

export type OptionRows = Readonly<Record<string, OptionRow>>

/** What was said, by the options' names. */
export type Said<Rows extends OptionRows> = {
  readonly [Name in keyof Rows]: Rows[Name]['type'] extends 'boolean'
    ? boolean
    : Rows[Name]['multiple'] extends true
      ? readonly string[]
      : string | undefined
}

/** The ways of FTP's data connections, as `--mode` takes them. */
export const dataModes = ['auto', 'passive', 'active', 'epsv', 'pasv', 'port', 'eprt'] as const

/** What every command that fetches takes. */
export const commonOptions = {
  json: { type: 'boolean', does: 'one JSON object a line, errors too' },
  quiet: { type: 'boolean', short: 'q', does: 'say nothing but errors' },
  verbose: { type: 'boolean', short: 'v', does: 'say each file, and what was spoken' },
  rate: { type: 'string', value: 'BYTES', does: 'at most so many bytes a second, like 500k or 2M' },
  timeout: {
    type: 'string',
    value: 'SECONDS',
    does: 'how long the other side may be silent, 30 if not said',
  },
  retries: { type: 'string', value: 'N', does: 'how often to try again what may pass, 3 if not said' },
  mode: {
    type: 'string',
    value: dataModes.join('|'),
    does: 'how the data connections of FTP come about',
  },
  'active-address': {
    type: 'string',
    value: 'ADDRESS',
    does: 'active mode behind a router: the address to tell',
  },
  'active-ports': { type: 'string', value: 'A-B', does: 'active mode: the ports to listen on' },
  tls: {
    type: 'string',
    value: 'require|prefer|off',
    does: 'TLS of ftp://, prefer if not said: where the server offers it',
  },
  pin: {
    type: 'string',
    multiple: true,
    value: 'sha256:…',
    does: 'trust this TLS certificate alone, by its fingerprint',
  },
  ca: { type: 'string', value: 'FILE', does: 'trust who is in this file too (PEM)' },
  crl: { type: 'string', value: 'FILE', does: 'what those of --ca have revoked (PEM)' },
  cert: { type: 'string', value: 'FILE', does: 'our own TLS certificate, its key too if no --key' },
  key: { type: 'string', value: 'FILE', does: 'the key of --cert' },
  'tls-version': {
    type: 'string',
    value: '1.2|1.3',
    does: 'this version of TLS alone; either if not said',
  },
  proxy: { type: 'string', value: 'URL', does: 'go through socks5://HOST:PORT or http://HOST:PORT' },
  transcript: { type: 'string', value: 'FILE', does: 'write the dialogue there, passwords masked' },
} as const satisfies OptionRows

/** Reads the words behind a command; `help` is what is typed to see its options. */
export function parseWords<Rows extends OptionRows>(
  command: string,
  words: readonly string[],
  rows: Rows,
  help = `ferry help ${command}`,
): { readonly said: Said<Rows>; readonly rest: readonly string[] } {
  const options: ParseArgsOptionsConfig = {}
  for (const [name, { type, short, multiple }] of Object.entries(rows)) {
    options[name] = {
      type,
      ...(short === undefined ? {} : { short }),
      ...(multiple === true ? { multiple: true, default: [] } : {}),
      ...(type === 'boolean' ? { default: false } : {}),
    }
  }
  try {
    const { values, positionals } = parseArgs({ args: [...words], allowPositionals: true, options })
    return { said: values as Said<Rows>, rest: positionals }
  } catch (thrown) {
    const [first = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split(/\.\s/u)
    const trouble = wrongOption(words, options) ?? first.replace(/\.$/u, '')
    throw new UsageError(`${trouble}. "${help}" lists the options.`)
  }
}

/** What is said of the first option that is not known, or has no value. */
function wrongOption(words: readonly string[], options: ParseArgsOptionsConfig): string | undefined {
  const { tokens } = parseArgs({
    args: [...words],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    if (Object.hasOwn(options, name)) {
      if (options[name]?.type !== 'string' || inlineValue === true) continue
      if (value === undefined) return `${rawName} needs a value behind it`
      if (value.startsWith('-') && value !== '-')
        return `${rawName} needs a value behind it; one that begins with a dash is written --${name}=${value}`
      continue
    }
    const near = rawName.startsWith('--') ? nearWord(name, Object.keys(options)) : undefined
    return `there is no option ${rawName}${near === undefined ? '' : ` (is --${near} meant?)`}`
  }
  return undefined
}

/** A word of a few. */
export function oneOf<Word extends string>(
  option: string,
  value: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (value === undefined) return undefined
  const found = words.find((word) => word === value)
  if (found !== undefined) return found
  throw new UsageError(`${option} takes ${words.join(', ')}, and not "${value}".`)
}

/** A whole number that is not below the least. */
export function wholeNumber(option: string, value: string | undefined, least = 0): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,9}$/u.test(value) && Number(value) >= least) return Number(value)
  throw new UsageError(`${option} takes a whole number from ${least}, and not "${value}".`)
}

/** A number of bytes: `500k`, `2M`, `1.5G`; powers of 1000, and of 1024 with an i. */
export function byteCount(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const [, digits, unit = '', binary] = /^(\d+(?:\.\d+)?)([kmgt]?)(i?)b?$/iu.exec(value) ?? []
  const power = ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase())
  const bytes = Math.round(Number(digits) * (binary === '' ? 1000 : 1024) ** power)
  if (digits !== undefined && bytes > 0) return bytes
  throw new UsageError(`${option} takes a number of bytes like 500k or 2M, and not "${value}".`)
}
