import type { Clock } from '../../core/clock.ts'
import { ProtocolError, TrustError } from '../../core/error.ts'
import type { Ask } from '../../core/remote.ts'
import { certificateTrouble, isCertificateName, parseCertificate, plainAlgorithm } from '../certificate.ts'
import type { HostKeyShown, HostTrust } from '../client/host-trust.ts'
import { blobOf, fingerprintOf } from '../public-key.ts'
import type { KnownHostsFiles } from './files.ts'
import { formatKnownHost, knownName, namesHost, parseKnownHost, type KnownHost } from './line.ts'
import { rotate } from './rotate.ts'

/** What is done with the key of a host that nobody knows: StrictHostKeyChecking of ssh_config(5). */
export type Strictness = 'yes' | 'ask' | 'accept-new' | 'no'

export interface KnownHostsOptions {
  readonly files: KnownHostsFiles
  readonly ask: Ask
  /** For how long certificates hold. */
  readonly clock: Clock
  /** `ask` if not said. A key that has changed is refused, whatever is said here but `no`. */
  readonly strict?: Strictness
  /** Whether names are hashed when they are written. */
  readonly hash?: boolean
  /** Whether the host's own word on which keys it has is followed; yes if not said. */
  readonly updates?: boolean
}

/** Trust by known_hosts, as OpenSSH has it: strict, and new hosts are for a person to say yes to. */
export function knownHosts(options: KnownHostsOptions): HostTrust {
  return new KnownHosts(options)
}

interface Found extends KnownHost {
  /** Where it stands: `~/.ssh/known_hosts:12`. */
  readonly place: string
  readonly file: string
  /** The name it was found by. */
  readonly name: string
  /** It says nothing of the port, which is not 22: another server may well listen there, with another key. */
  readonly isBare: boolean
}

class KnownHosts implements HostTrust {
  readonly #options: KnownHostsOptions

  constructor(options: KnownHostsOptions) {
    this.#options = options
  }

  async known(host: string, port: number): Promise<readonly string[]> {
    const kinds = new Set<string>()
    let authority = false
    for (const { marker, kind } of await this.#find(host, port)) {
      if (marker === undefined) for (const algorithm of algorithmsOf(kind)) kinds.add(algorithm)
      authority ||= marker === 'cert-authority'
    }
    return authority ? [...certificateNames, ...kinds] : [...kinds]
  }

  async rotated(host: string, port: number, keys: readonly HostKeyShown[]): Promise<void> {
    const { files, hash = false, updates = true } = this.#options
    if (updates) await rotate(files, host, port, keys, hash)
  }

  async check(shown: HostKeyShown): Promise<void> {
    const found = await this.#find(shown.host, shown.port)
    if (isCertificateName(shown.algorithm)) await this.#checkCertificate(shown, found)
    else await this.#checkKey(shown, found)
  }

  async #checkKey(shown: HostKeyShown, found: readonly Found[]): Promise<void> {
    const { host, blob } = shown
    const same = found.filter((one) => Buffer.from(one.blob).equals(blob))
    const revoked = same.find(({ marker }) => marker === 'revoked')
    if (revoked !== undefined) throw refused(shown, `the key of ${host} is revoked in ${revoked.place}`)
    if (same.some(({ marker }) => marker === undefined)) return
    const others = found.filter(({ marker, isBare }) => marker === undefined && !isBare)
    if (others.length > 0) return this.#changed(shown, others)
    await this.#unknown(shown)
  }

  /** A certificate is as good as the authority that signed it; without one the key in it is judged as any other. */
  async #checkCertificate(shown: HostKeyShown, found: readonly Found[]): Promise<void> {
    const { host } = shown
    const certificate = certificateIn(shown)
    const plain = plainBlobOf(shown)
    for (const { marker, blob, place } of found) {
      if (marker !== 'revoked') continue
      const revoked = [certificate.authority.blob, plain].some((one) => Buffer.from(one).equals(blob))
      if (revoked)
        throw refused(shown, `the certificate of ${host}, or its authority, is revoked in ${place}`)
    }
    const trusted = found.some(
      ({ marker, blob }) =>
        marker === 'cert-authority' && Buffer.from(blob).equals(certificate.authority.blob),
    )
    if (!trusted) {
      return this.#checkKey({ ...shown, algorithm: plainAlgorithm(shown.algorithm), blob: plain }, found)
    }
    const trouble =
      certificateTrouble(certificate, 'host', host, this.#options.clock.now()) ??
      (certificate.critical.size > 0 ? 'it has conditions that are not known here' : undefined)
    if (trouble === undefined) return
    // A key that is known by itself needs no certificate: ssh(1) has it so, and a certificate is soon too old.
    if (found.some(({ marker, blob }) => marker === undefined && Buffer.from(blob).equals(plain))) return
    throw refused(shown, `the certificate of ${host} does not hold: ${trouble}`)
  }

  /** Only a key of the same kind has changed: of another kind it may well be one that was never met. */
  async #changed(shown: HostKeyShown, others: readonly Found[]): Promise<void> {
    const same = others.find(({ kind }) => kind === kindOf(shown.algorithm))
    const places = others.map(({ place }) => place).join(', ')
    if (same === undefined) {
      const text = `the key of ${shown.host} is of a kind that it was not known by (${places})`
      return this.#unknown(shown, text)
    }
    if (this.#options.strict === 'no') return
    const remove = `ssh-keygen -f '${same.file}' -R '${same.name}'`
    throw refused(
      shown,
      `the key of ${shown.host} has changed: it is not the one in ${same.place}`,
      `Somebody may be between you and the server, or it has a new key. Ask its owner for the fingerprint; if it is right, remove the old one: ${remove}`,
    )
  }

  async #unknown(shown: HostKeyShown, trouble?: string): Promise<void> {
    const { strict = 'ask', ask } = this.#options
    const { host, port, algorithm, blob } = shown
    const text = trouble ?? `nothing is known of the key of ${host}`
    if (strict === 'yes') throw refused(shown, text, 'Add its key to known_hosts, if its owner confirms it.')
    const answer =
      strict === 'ask'
        ? await ask.trust({
            kind: 'host-key',
            host,
            port,
            algorithm,
            fingerprint: fingerprintOf(blob),
            trouble: text,
          })
        : 'always'
    if (answer === 'no') {
      throw refused(
        shown,
        text,
        `If the fingerprint is right, say so when you are asked, or add it to known_hosts.`,
      )
    }
    if (answer === 'once') return
    await this.#options.files.append(
      formatKnownHost(knownName(host, port), kindOf(algorithm), blob, this.#options.hash ?? false),
    )
  }

  /**
   * What is known of a host. The bare name counts at other ports as well (ssh(1), "checking without port identifier"): revoked keys,
   * authorities (`*.example` is at every port), and keys where none is known by the name with its port.
   */
  async #find(host: string, port: number): Promise<readonly Found[]> {
    const lines = await this.#lines()
    const named = (name: string, isBare: boolean): Found[] =>
      lines.filter((line) => namesHost(line, name)).map((line) => ({ ...line, name, isBare }))
    const own = named(knownName(host, port), false)
    if (port === 22) return own
    const isKnown = own.some(({ marker }) => marker === undefined)
    const bare = named(host.toLowerCase(), true)
    return [...own, ...bare.filter(({ marker }) => marker !== undefined || !isKnown)]
  }

  async #lines(): Promise<readonly Omit<Found, 'name' | 'isBare'>[]> {
    const files = await this.#options.files.read()
    return files.flatMap(({ name: file, text }) =>
      text.split('\n').flatMap((line, index) => {
        const known = parseKnownHost(line)
        return known === undefined ? [] : [{ ...known, file, place: `${file}:${index + 1}` }]
      }),
    )
  }
}

/** Certificates that are asked for where an authority is known. */
const certificateNames = [
  'ssh-ed25519-cert-v01@openssh.com',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'ecdsa-sha2-nistp384-cert-v01@openssh.com',
  'ecdsa-sha2-nistp521-cert-v01@openssh.com',
  'rsa-sha2-512-cert-v01@openssh.com',
  'rsa-sha2-256-cert-v01@openssh.com',
]

/** What a key of a kind signs by, the best first. */
function algorithmsOf(kind: string): readonly string[] {
  return kind === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [kind]
}

function kindOf(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm
}

function certificateIn(shown: HostKeyShown): ReturnType<typeof parseCertificate> {
  try {
    return parseCertificate(shown.blob)
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError)) throw thrown
    throw refused(shown, `the certificate of ${shown.host} does not hold: ${thrown.message}`)
  }
}

/** The key in a certificate, without it. */
function plainBlobOf(shown: HostKeyShown): Uint8Array {
  return blobOf(certificateIn(shown).key.key)
}

function refused(shown: HostKeyShown, text: string, hint?: string): TrustError {
  const fingerprint = fingerprintOf(shown.blob)
  return new TrustError(`${text} (${kindOf(shown.algorithm)} ${fingerprint})`, {
    facts: {
      phase: 'secure',
      retryable: false,
      connectionUsable: false,
      ...(hint === undefined ? {} : { hint }),
    },
  })
}
