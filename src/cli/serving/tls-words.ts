import type { TlsWishes } from '../../ftp/server/ftp-tls.ts'
import type { OptionRows, Said } from '../options.ts'
import { UsageError } from '../usage-error.ts'

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

/** The options of TLS; each is a key of ferry.yaml as well. */
export const tlsOptions = {
  tls: {
    type: 'string',
    value: 'required|offered|off',
    does: 'FTP without TLS is refused, taken (offered, the default), or all there is',
  },
  'tls-data': { type: 'string', value: 'required|offered|off', does: 'the same for data connections' },
  'tls-guests': { type: 'string', value: 'required|offered|off', does: 'the same for guests' },
  'tls-guests-data': { type: 'string', value: 'required|offered|off', does: "the same for guests' data" },
  cert: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    does: 'the certificate to show, read anew when it changes; otherwise one is made and kept; may be said several times',
  },
  key: { type: 'string', multiple: true, value: 'FILE', does: 'its key, where that is in another file' },
  'client-cert': {
    type: 'string',
    value: 'off|taken|required',
    does: 'whether users may show certificates of their own (taken, the default), or must',
  },
  'client-ca': { type: 'string', value: 'FILE', does: 'whose certificates users may show' },
  'client-crl': { type: 'string', value: 'FILE', does: 'those that --client-ca has revoked' },
  'tls-reuse': {
    type: 'string',
    value: 'require|prefer|address',
    does: 'what proves whose a data connection is, prefer if not said',
  },
  'tls-end': {
    type: 'string',
    value: 'strict|lenient',
    does: 'whether an upload needs close_notify at its end, lenient if not said',
  },
  'tls-ccc': { type: 'boolean', does: 'take CCC, for routers that must read the control connection' },
} as const satisfies OptionRows

type Values = Said<typeof tlsOptions>

export function parseTlsWords(values: Values): TlsWords {
  const { cert: certs, key: keys } = values
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
