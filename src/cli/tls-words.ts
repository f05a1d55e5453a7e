import type { TlsWishes } from '../ftp/server/security.ts'
import { UsageError } from './usage-error.ts'

/** What the words of `ferry serve` say of TLS. */
export interface TlsWords {
  readonly users: TlsWishes
  readonly anonymous: TlsWishes
  readonly clientCertificates: 'off' | 'taken' | 'required'
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
  'tls-data': { type: 'string' },
  'tls-guests': { type: 'string' },
  'tls-guests-data': { type: 'string' },
  'tls-reuse': { type: 'string' },
  'tls-end': { type: 'string' },
  'tls-ccc': { type: 'boolean', default: false },
  cert: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
  'client-cert': { type: 'string' },
  'client-ca': { type: 'string' },
  'client-crl': { type: 'string' },
} as const

interface Values {
  readonly tls?: string
  readonly 'tls-data'?: string
  readonly 'tls-guests'?: string
  readonly 'tls-guests-data'?: string
  readonly 'tls-reuse'?: string
  readonly 'tls-end'?: string
  readonly 'tls-ccc': boolean
  readonly cert?: string[]
  readonly key?: string[]
  readonly 'client-cert'?: string
  readonly 'client-ca'?: string
  readonly 'client-crl'?: string
}

export function parseTlsWords(values: Values): TlsWords {
  const { cert: certs = [], key: keys = [] } = values
  if (keys.length > certs.length) throw new UsageError('there is a --key without its --cert.')
  if (values['client-crl'] !== undefined && values['client-ca'] === undefined)
    throw new UsageError('--client-crl says what --client-ca has revoked, and there is no --client-ca.')
  const clientCertificates = oneOf('--client-cert', values['client-cert'] ?? 'taken', [
    'off',
    'taken',
    'required',
  ])
  if (clientCertificates === 'off' && values['client-ca'] !== undefined)
    throw new UsageError('--client-ca says whose certificates users may show, and --client-cert is off.')
  const users = parseWishes(values, ['tls', 'tls-data'], { control: 'offered', data: undefined })
  const anonymous = parseWishes(values, ['tls-guests', 'tls-guests-data'], users)
  return {
    users,
    anonymous,
    clientCertificates,
    reuse: oneOf('--tls-reuse', values['tls-reuse'] ?? 'prefer', ['require', 'prefer', 'address']),
    end: oneOf('--tls-end', values['tls-end'] ?? 'lenient', ['strict', 'lenient']),
    ccc: values['tls-ccc'],
    // One file may hold both.
    files: certs.map((chain, index) => ({ chain, key: keys[index] ?? chain })),
    clientAuthorities: values['client-ca'],
    revoked: values['client-crl'],
  }
}

const wishes = ['required', 'offered', 'off'] as const

/** What is not said of data is as for the control connection where that is said, and else as it is for others. */
function parseWishes(
  values: Values,
  [control, data]: readonly ['tls', 'tls-data'] | readonly ['tls-guests', 'tls-guests-data'],
  otherwise: { readonly control: TlsWishes['control']; readonly data: TlsWishes['data'] | undefined },
): TlsWishes {
  const saidOfControl = values[control]
  const wish = saidOfControl === undefined ? otherwise.control : oneOf(`--${control}`, saidOfControl, wishes)
  const saidOfData = values[data] ?? (saidOfControl === undefined ? otherwise.data : undefined) ?? wish
  const both = { control: wish, data: oneOf(`--${data}`, saidOfData, wishes) }
  if (both.control === 'off' && both.data === 'required')
    throw new UsageError(`--${data} required needs TLS on the control connection, and --${control} is off.`)
  return both
}

function oneOf<Word extends string>(option: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found !== undefined) return found
  throw new UsageError(`${option} takes ${words.join(', ')}, and not "${value}".`)
}
