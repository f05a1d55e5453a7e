import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Clock, Timer } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
import { certificateFor } from '../core/certificate-for.ts'
import type { Certificate, TlsIdentity } from '../core/tls.ts'
import { ExpiryWarner } from './expiry-warner.ts'
import { shownTo } from '../net/tls-contexts.ts'
import { asFileError } from '../stores/disk/faults.ts'

/** Files with a certificate (and those above it) and its key, as PEM; they may be one file. */
export interface CertificateFiles {
  readonly chain: string
  readonly key: string
}

/** What an administrator wants to know of a certificate. */
export interface ShownCertificate {
  readonly subject: string
  /** Milliseconds since 1970. */
  readonly expires: number
  /** SHA-256. */
  readonly fingerprint: string
}

export interface CertificatesOptions {
  /** The first is shown to who asks for no name, or for one that none is for. */
  readonly files: readonly CertificateFiles[]
  /** Who must have signed clients' certificates: a file of PEM. */
  readonly clientAuthorities?: string
  /** Which of them hold no longer: a file of PEM. */
  readonly revoked?: string
  readonly clientCertificates?: 'off' | 'ask'
  readonly clock: Clock
  readonly events: Events
  /** Told of each new one. */
  readonly changed?: (identity: TlsIdentity) => void
}

/** How often the files are looked at: programs that renew certificates put new ones in their place at any time. */
const lookMs = 10_000

/**
 * The certificates of a server, from files that are read again when they change. What is not whole, or a key to another
 * certificate, is told and not taken: the old one stays.
 */
export class Certificates {
  readonly #options: CertificatesOptions
  #identity: TlsIdentity
  #seen: string
  #timer: Timer | undefined
  readonly #warner: ExpiryWarner

  private constructor(options: CertificatesOptions, identity: TlsIdentity, seen: string) {
    this.#options = options
    this.#identity = identity
    this.#seen = seen
    this.#warner = new ExpiryWarner(options.clock, options.events)
    this.#warnOfExpiry()
    this.#later()
  }

  /** Reads them for the first time; throws when they cannot be used. */
  static async open(options: CertificatesOptions): Promise<Certificates> {
    const seen = await timesOf(options)
    return new Certificates(options, await readIdentity(options), seen)
  }

  /** What to show now. */
  get identity(): TlsIdentity {
    return this.#identity
  }

  /** What to show to who has asked for a host (HOST, RFC 7151) before TLS began; who says another in TLS (SNI) gets that. */
  identityFor(host: string | undefined): TlsIdentity {
    return identityFor(this.#identity, host)
  }

  /** What is shown now, and until when. */
  get shown(): readonly ShownCertificate[] {
    return this.#all.map((one) => ({
      subject: subjectOf(one),
      expires: Date.parse(one.validTo),
      fingerprint: one.fingerprint256,
    }))
  }

  /** Looks whether the files have changed, and reads them if so: why they cannot be taken. */
  async look(): Promise<readonly string[]> {
    const problems: string[] = []
    try {
      const seen = await timesOf(this.#options)
      if (seen !== this.#seen) {
        this.#identity = await readIdentity(this.#options)
        this.#seen = seen
        this.#warner.renew()
        const fingerprint = fingerprintOf(this.#identity.certificate)
        this.#options.changed?.(this.#identity)
        this.#tell(`a new certificate is shown from now on, its fingerprint is ${fingerprint}`)
      }
    } catch (thrown) {
      problems.push(`the new certificate is not taken, the old one stays: ${asError(thrown).message}`)
    }
    this.#warnOfExpiry()
    return problems
  }

  close(): void {
    this.#timer?.cancel()
  }

  #later(): void {
    this.#timer = this.#options.clock.after(lookMs, () => void this.#lookByItself())
  }

  async #lookByItself(): Promise<void> {
    for (const problem of await this.look()) this.#tell(problem)
    if (this.#timer !== undefined) this.#later()
  }

  #warnOfExpiry(): void {
    this.#warner.look(
      this.#all.map((one) => ({
        what: `the certificate of ${subjectOf(one)}`,
        begins: Date.parse(one.validFrom),
        expires: Date.parse(one.validTo),
      })),
    )
  }

  get #all(): readonly X509Certificate[] {
    const { certificate, others = [] } = this.#identity
    return [certificate, ...others.map((other) => other.certificate)].map(
      ({ chain }) => new X509Certificate(chain),
    )
  }

  #tell(text: string): void {
    this.#options.events.emit({ kind: 'warning', text })
  }
}

function subjectOf({ subject }: X509Certificate): string {
  return subject.replaceAll(/\s+/gu, ' ')
}

/** What to show to who has asked for a host before TLS began. */
export function identityFor(identity: TlsIdentity, host: string | undefined): TlsIdentity {
  const found = host === undefined ? undefined : certificateFor(identity, host)
  return found === undefined ? identity : { ...identity, certificate: found }
}

/** SHA-256 of a certificate, as clients print it. */
export function fingerprintOf({ chain }: Certificate): string {
  return new X509Certificate(chain).fingerprint256
}

async function timesOf({ files, clientAuthorities, revoked }: CertificatesOptions): Promise<string> {
  const paths = files.flatMap(({ chain, key }) => [chain, key])
  for (const more of [clientAuthorities, revoked]) if (more !== undefined) paths.push(more)
  const all = await Promise.all(paths.map((path) => ofFile(path, stat(path))))
  return all.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join(', ')
}

async function readIdentity(options: CertificatesOptions): Promise<TlsIdentity> {
  const [first, ...more] = await Promise.all(options.files.map((files) => readCertificate(files)))
  if (first === undefined) throw new Error('there is no certificate')
  const others = more.map((certificate) => ({ names: namesOf(certificate), certificate }))
  const { clientAuthorities, revoked, clientCertificates = 'off' } = options
  return {
    certificate: first,
    clientCertificates,
    ...(others.length > 0 ? { others } : {}),
    ...(clientAuthorities === undefined ? {} : { clientAuthorities: await textOf(clientAuthorities) }),
    ...(revoked === undefined ? {} : { revoked: await textOf(revoked) }),
  }
}

function textOf(path: string): Promise<string> {
  return ofFile(path, readFile(path, 'utf8'))
}

/** What the system says of a file, with its name and in plain words. */
async function ofFile<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (thrown) {
    throw new Error(`${path} cannot be read: ${asFileError(thrown).message}`, { cause: thrown })
  }
}

async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const chain = await textOf(files.chain)
  const key = await textOf(files.key)
  const certificate = read(() => new X509Certificate(chain), `${files.chain} holds no certificate in PEM`)
  const secret = read(
    () => createPrivateKey(key),
    `${files.key} holds no key in PEM, or one with a passphrase`,
  )
  if (!certificate.checkPrivateKey(secret))
    throw new Error(`the key ${files.key} does not belong to the certificate ${files.chain}`)
  const bits = secret.asymmetricKeyDetails?.modulusLength
  if (secret.asymmetricKeyType === 'rsa' && bits !== undefined && bits < leastBits)
    throw new Error(`the key ${files.key} has ${bits} bits, and OpenSSL takes none of RSA below ${leastBits}`)
  // What OpenSSL refuses for other reasons would end each handshake, and be told only then.
  const shown = { chain, key }
  read(() => shownTo({ certificate: shown, clientCertificates: 'off' }), `${files.chain} cannot be shown`)
  return shown
}

/** What OpenSSL's security level 2 demands, which is everybody's. */
const leastBits = 2048

/** OpenSSL says what it has stumbled over, and not in which file. */
function read<Result>(work: () => Result, trouble: string): Result {
  try {
    return work()
  } catch (thrown) {
    throw new Error(`${trouble} (${asError(thrown).message})`, { cause: thrown })
  }
}

/** The names that a certificate is for, in small letters. */
function namesOf({ chain }: Certificate): readonly string[] {
  const names = new X509Certificate(chain).subjectAltName ?? ''
  return [...names.matchAll(/DNS:([^,\s]+)/gu)].map(([, name = '']) => name.toLowerCase())
}
