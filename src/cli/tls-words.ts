import type { TlsWish } from '../ftp/server/security.ts'
import { UsageError } from './usage-error.ts'

/** What the words of `ferry serve` say of TLS. */
export interface TlsWords {
  readonly wish: TlsWish
  readonly reuse: 'require' | 'prefer' | 'address'
  readonly end: 'strict' | 'lenient'
  readonly ccc: boolean
  readonly files: readonly { readonly chain: string; readonly key: string }[]
  readonly clientAuthorities: string | undefined
  readonly revoked: string | undefined
}

/** The options of TLS, for `parseArgs`. */
export const tlsOptions = {
  tls: { type: 'string' },
  'tls-reuse': { type: 'string' },
  'tls-end': { type: 'string' },
  'tls-ccc': { type: 'boolean', default: false },
  cert: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
  'client-ca': { type: 'string' },
  'client-crl': { type: 'string' },
} as const

interface Values {
  readonly tls?: string
  readonly 'tls-reuse'?: string
  readonly 'tls-end'?: string
  readonly 'tls-ccc': boolean
  readonly cert?: string[]
  readonly key?: string[]
  readonly 'client-ca'?: string
  readonly 'client-crl'?: string
}

export function parseTlsWords(values: Values): TlsWords {
  const { cert: certs = [], key: keys = [] } = values
  if (keys.length > certs.length) throw new UsageError('there is a --key without its --cert.')
  if (values['client-crl'] !== undefined && values['client-ca'] === undefined)
    throw new UsageError('--client-crl says what --client-ca has revoked, and there is no --client-ca.')
  return {
    wish: oneOf('--tls', values.tls ?? 'offered', ['required', 'offered', 'off']),
    reuse: oneOf('--tls-reuse', values['tls-reuse'] ?? 'prefer', ['require', 'prefer', 'address']),
    end: oneOf('--tls-end', values['tls-end'] ?? 'lenient', ['strict', 'lenient']),
    ccc: values['tls-ccc'],
    // One file may hold both.
    files: certs.map((chain, index) => ({ chain, key: keys[index] ?? chain })),
    clientAuthorities: values['client-ca'],
    revoked: values['client-crl'],
  }
}

function oneOf<Word extends string>(option: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found !== undefined) return found
  throw new UsageError(`${option} takes ${words.join(', ')}, and not "${value}".`)
}
