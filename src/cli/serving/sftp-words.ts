import { parseAuthorizedKeys } from '../../accounts/authorized-keys.ts'
import { asError, ProtocolError } from '../../core/error.ts'
import { isNetwork } from '../../core/cidr.ts'
import type { SftpSettings } from '../../sftp/server/settings.ts'
import type { Certificate } from '../../ssh/certificate.ts'
import { parseKeyFile } from '../../ssh/keys/parse-key-file.ts'
import { legacyNames } from '../../ssh/offer.ts'
import { signerOf } from '../../ssh/private-key.ts'
import { fingerprintOf } from '../../ssh/public-key.ts'
import { certifiedHostKey } from '../../ssh/server/host-certificates.ts'
import type { LegacyRule } from '../../ssh/server/legacy.ts'
import type { Signer } from '../../ssh/signer.ts'
import type { OptionRows } from '../options.ts'
import { otherFile, publicKeysIn } from '../public-keys.ts'
import { textOf } from '../text-of.ts'
import { UsageError } from '../usage-error.ts'

/** What the words of `ferry serve` say of SFTP beyond its port. */
export interface SftpWords {
  readonly setstat: SftpSettings['setstat']
  readonly legacy: readonly LegacyRule[]
  /** Files with the public keys of authorities whose certificates let users in. */
  readonly authorities: readonly string[]
  /** A file of keys that let nobody in any more. */
  readonly revoked: string | undefined
  /** Files with the host keys to show; none: those that are kept. */
  readonly hostKeys: readonly string[]
  /** Files with what authorities say of host keys. */
  readonly hostCertificates: readonly string[]
}

/** The options of SFTP; each is a key of ferry.yaml as well. */
export const sftpOptions = {
  'host-key': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    does: 'a host key of SFTP, as sshd has it; otherwise they are made and kept; may be said several times',
  },
  'host-certificate': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    does: 'what an authority says of a host key of SFTP, as ssh-keygen -h -s makes it; may be said several times',
  },
  'sftp-setstat': {
    type: 'string',
    value: 'told|ignored',
    does: 'whether SFTP clients hear that permissions or times cannot be set, told if not said',
  },
  'ssh-ca': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    does: 'authorities whose certificates let users in by SFTP',
  },
  'ssh-revoked': { type: 'string', value: 'FILE', does: 'keys that let nobody in any more' },
  'ssh-legacy': {
    type: 'string',
    multiple: true,
    value: '[USER@]NETWORK=NAMES',
    does: 'old algorithms for one device alone: ssh-rsa, diffie-hellman-group14-sha1, aes128-cbc, …',
  },
} as const satisfies OptionRows

interface Said {
  readonly 'sftp-setstat'?: string | undefined
  readonly 'ssh-legacy'?: readonly string[] | undefined
  readonly 'ssh-ca'?: readonly string[] | undefined
  readonly 'ssh-revoked'?: string | undefined
  readonly 'host-key'?: readonly string[] | undefined
  readonly 'host-certificate'?: readonly string[] | undefined
}

export function parseSftpWords(said: Said, port: number | 'off'): SftpWords {
  const [first] = Object.keys(sftpOptions).filter((option) => (said[option as keyof Said]?.length ?? 0) > 0)
  if (port === 'off' && first !== undefined) throw new UsageError(`--${first} is said and SFTP is off.`)
  return {
    setstat: parseSetstat(said['sftp-setstat'] ?? 'told'),
    legacy: (said['ssh-legacy'] ?? []).map(parseLegacy),
    authorities: said['ssh-ca'] ?? [],
    revoked: said['ssh-revoked'],
    hostKeys: said['host-key'] ?? [],
    hostCertificates: said['host-certificate'] ?? [],
  }
}

function parseSetstat(value: string): SftpSettings['setstat'] {
  if (value === 'told' || value === 'ignored') return value
  throw new UsageError(`--sftp-setstat is told or ignored, and not "${value}".`)
}

/** `[USER@]NETWORK=NAME[,NAME…]` */
function parseLegacy(value: string): LegacyRule {
  const [, user, network = '', list = ''] = /^(?:([^@=]+)@)?([^@=]+)=(.+)$/u.exec(value) ?? []
  if (!isNetwork(network))
    throw new UsageError(`--ssh-legacy takes [USER@]NETWORK=ALGORITHM[,ALGORITHM…], and not "${value}".`)
  const names = list.split(',')
  const unknown = names.find((name) => !legacyNames.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`--ssh-legacy knows ${legacyNames.join(', ')}, and not "${unknown}".`)
  return { network, names, ...(user === undefined ? {} : { user }) }
}

/** The public keys of the authorities, as SSH has them on the wire. */
export async function authorityKeys(files: readonly string[]): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = []
  for (const file of files) {
    const { keys, problems } = publicKeysIn(await textOf(file))
    if (problems.length > 0 || keys.length === 0)
      throw new UsageError(`${file}, ${problems[0] ?? 'which holds no public key'}.`)
    all.push(...keys.map(({ blob }) => blob))
  }
  return all
}

/** The host keys in these files, as OpenSSH, PuTTY or OpenSSL write them; undefined: none are named. */
export async function hostKeysIn(files: readonly string[]): Promise<readonly Signer[] | undefined> {
  const all: Signer[] = []
  for (const file of files) {
    const text = await textOf(file)
    try {
      const found = parseKeyFile(text)
      if (found.kind === 'locked')
        throw new UsageError(`${file} has a passphrase, which a server cannot be asked for.`)
      all.push(signerOf(found.key, file))
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown
      throw new UsageError(`${file} is no private key: ${asError(thrown).message}.`)
    }
  }
  return all.length === 0 ? undefined : all
}

/** What authorities say of these host keys, by the file that says it. */
export async function hostCertificatesIn(
  files: readonly string[],
  keys: readonly Signer[],
): Promise<readonly { readonly file: string; readonly text: string; readonly certificate: Certificate }[]> {
  return Promise.all(
    files.map(async (file) => {
      const text = await textOf(file)
      try {
        return { file, text, certificate: certifiedHostKey(keys, text).certificate }
      } catch (thrown) {
        if (!(thrown instanceof ProtocolError)) throw thrown
        throw new UsageError(`${file} cannot be shown: ${thrown.message}.`)
      }
    }),
  )
}

/** The fingerprints of a file of revoked keys: each line is one, or a public key. */
export async function revokedKeys(file: string | undefined): Promise<readonly string[]> {
  if (file === undefined) return []
  const text = await textOf(file)
  const other = otherFile(text)
  if (other !== undefined) throw new UsageError(`${file}, ${other}.`)
  const lines = text.split('\n').map((line) => line.trim())
  const fingerprints = lines.filter((line) => /^SHA256:[A-Za-z0-9+/]{43}$/u.test(line))
  const others = lines.map((line) => (fingerprints.includes(line) ? '' : line)).join('\n')
  const { keys, problems } = parseAuthorizedKeys(others)
  if (problems.length > 0) throw new UsageError(`${file}, ${problems[0]}.`)
  return [...fingerprints, ...keys.map(({ blob }) => fingerprintOf(blob))]
}
