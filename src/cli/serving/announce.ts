import { createHash, type X509Certificate } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { isUnspecified } from '../../core/address.ts'
import type { Peer } from '../../core/network.ts'
import type { Listener } from '../../server/listener.ts'
import type { NamedUser, ServeWords } from './serve-options.ts'

/** What the lines tell of a certificate, or go by. */
type Shown = Pick<X509Certificate, 'fingerprint256' | 'publicKey'>

/**
 * Says on stdout that all listeners stand. For people: where, as whom, and a line to paste into another terminal. For
 * programs: one line of JSON. `generated` is the user that was made up, whose password is told here and nowhere else.
 */
export function announce(
  wish: ServeWords,
  { listeners: all, http }: { readonly listeners: readonly Listener[]; readonly http: Peer | undefined },
  generated: NamedUser | undefined,
  certificate: Shown | undefined,
  stands = true,
): void {
  const listeners = all.map(reachable)
  if (wish.json) {
    const user = generated === undefined ? {} : { user: generated.name, password: generated.password }
    const trust = certificate === undefined ? {} : { certificate: certificate.fingerprint256 }
    const told = http === undefined ? listeners : [...listeners, { protocol: 'http', ...http }]
    process.stdout.write(`${JSON.stringify({ ready: true, listeners: told, ...user, ...trust })}\n`)
    return
  }
  process.stdout.write(
    readyText(wish, listeners, { generated, lan: lanAddresses(), certificate, stands, http }),
  )
}

/** A listener on all addresses is reached here at the loopback one. */
function reachable({ protocol, address, port, ...more }: Listener): Listener {
  return { ...more, protocol, address: isUnspecified(address) ? '127.0.0.1' : address, port }
}

/** What there may be to tell beside the listeners. */
interface Beside {
  readonly generated?: NamedUser | undefined
  /** The addresses by which others in the network reach this machine. */
  readonly lan?: readonly string[]
  readonly certificate?: Shown | undefined
  /** Whether the way through an SSH host stands. */
  readonly stands?: boolean
  /** Where the metrics are. */
  readonly http?: Peer | undefined
}

/** The first lines for people. */
export function readyText(wish: ServeWords, listeners: readonly Listener[], beside: Beside = {}): string {
  const { generated, lan = [], certificate, stands = true, http } = beside
  const lines = [`Serving ${resolve(wish.directory)}${wish.readOnly ? ', to read only' : ''}`]
  const here = listeners.filter(({ through }) => through === undefined)
  lines.push(...here.flatMap((listener) => listenerLines(listener, wish.host === undefined ? lan : [])))
  if (http !== undefined) lines.push(`  http ${urlOf('http', http.address, http.port)}metrics`)
  lines.push(...publishedLines(listeners, stands))
  if (listeners.some(({ protocol }) => protocol === 'tftp')) {
    lines.push(`  TFTP knows no users: everybody may read${tftpUploads[wish.tftp.write]}`)
  }
  if (generated !== undefined) {
    lines.push(`  user      ${generated.name}`, `  password  ${generated.password}`)
  }
  if (certificate !== undefined) lines.push(`  certificate  SHA-256 ${certificate.fingerprint256}`)
  lines.push('Try it in another terminal:')
  lines.push(...here.map((listener) => lineToTry(wish, listener, generated, certificate)))
  lines.push(...warning(wish, listeners, certificate))
  return `${lines.join('\n')}\n`
}

/** Where a listener is reached, and by which key it is known. */
function listenerLines({ protocol, address, port, fingerprint }: Listener, lan: readonly string[]): string[] {
  const lines = [`  ${protocol.padEnd(4)} ${urlOf(protocol, address, port)}`]
  for (const other of lan) lines.push(`       ${urlOf(protocol, other, port)}`)
  if (fingerprint !== undefined) lines.push(`       host key ${fingerprint}`)
  return lines
}

/** A line to paste into another terminal. */
function lineToTry(
  wish: ServeWords,
  { protocol, address, port }: Listener,
  generated: NamedUser | undefined,
  certificate: Shown | undefined,
): string {
  const url = urlOf(protocol, address, port)
  // TFTP has no listing: whoever tries it must name a file.
  if (protocol === 'tftp') return `  curl --output NAME ${url}NAME`
  if (protocol === 'sftp') return `  sftp -P ${port} ${nameOf(wish, generated)}${address}`
  return `  curl ${tlsWords(certificate, protocol)}${credentials(wish, generated)}${url}`
}

const tftpUploads = {
  off: '',
  new: ', and upload new files',
  replace: ', and upload files, also in place of others',
} as const

/** Where others reach it whom no router lets in here; a port that any would do for is not known before there is a way. */
function publishedLines(listeners: readonly Listener[], stands: boolean): string[] {
  return listeners.flatMap(({ protocol, port, through }) => {
    if (through === undefined) return []
    const url = port === 0 ? `${protocol}://${through}/` : urlOf(protocol, through, port)
    return [`  ${stands ? 'Reached at' : 'Not yet reached at'} ${url} through SSH`]
  })
}

/**
 * curl is told to encrypt, and by which key it knows the server: what vouches for the certificate, and for which names, it may not
 * be able to judge. A pin alone does not spare it that.
 */
function tlsWords(certificate: Shown | undefined, protocol: string): string {
  if (certificate === undefined) return ''
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  const pin = createHash('sha256').update(key).digest('base64')
  return `--insecure --pinnedpubkey sha256//${pin} ${protocol === 'ftps' ? '' : '--ssl-reqd '}`
}

/** What is not encrypted; with SFTP and required TLS alone there is nothing of it. */
function warning(
  wish: ServeWords,
  listeners: readonly Listener[],
  certificate: Shown | undefined,
): readonly string[] {
  const has = (wanted: string): boolean => listeners.some(({ protocol }) => protocol === wanted)
  const ftp = has('ftp') && !(wish.tls.users.control === 'required' && certificate !== undefined)
  if (!ftp && !has('tftp')) return []
  if (ftp && certificate !== undefined)
    return ['FTP without TLS can be read by anybody on the way: --tls required refuses it.']
  const but = has('sftp') ? ', but for SFTP' : ''
  const what = ftp ? 'Passwords and files' : 'Files'
  return [`${what} travel in clear${but}: anybody on the way can read them.`]
}

function nameOf(wish: ServeWords, generated: NamedUser | undefined): string {
  return `${generated?.name ?? wish.users[0]?.name ?? (wish.anonymous ? 'anonymous' : 'NAME')}@`
}

function credentials(wish: ServeWords, generated: NamedUser | undefined): string {
  if (generated !== undefined) return `--user ${generated.name}:${generated.password} `
  const [first] = wish.users
  if (first !== undefined) return `--user ${first.name} `
  // All accounts are in the data folder, or elsewhere.
  return wish.anonymous ? '' : '--user NAME '
}

function urlOf(protocol: string, address: string, port: number): string {
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${port}/`
}

/** What others can reach this machine by: its IPv4 addresses beyond loopback. */
function lanAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
}
