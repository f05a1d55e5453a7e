import { createPrivateKey } from 'node:crypto'
import { systemClock, type Timer } from '../../core/clock.ts'
import { asError } from '../../core/error.ts'
import type { Events } from '../../core/event.ts'
import type { ShownCertificate } from '../../server/certificates.ts'
import { dataFolder, usualDataFolder } from '../../server/data-folder.ts'
import { ExpiryWarner, type Expiring } from '../../server/expiry-warner.ts'
import { handlesWithin, mostOpenFiles } from '../../server/open-files.ts'
import type { SftpListener } from '../../server/sftp-listener.ts'
import type { Certificate } from '../../ssh/certificate.ts'
import { blobOf, fingerprintOf } from '../../ssh/public-key.ts'
import { keptFileError } from './kept-file-error.ts'
import { authorityKeys, hostCertificatesIn, hostKeysIn, revokedKeys } from './sftp-words.ts'
import { hostKeys, keepNothing, type Keep } from '../../ssh/server/host-keys.ts'
import type { ServeWords } from './serve-options.ts'

/** SFTP as `ferry serve` gives it. */
export interface SftpService {
  readonly listener: SftpListener
  /** The host certificates that end some day. */
  shown(): readonly ShownCertificate[]
  close(): void
}

/**
 * SFTP as the words ask for it, its host keys kept in the data folder unless `given` gives them; undefined: it is off. `warn` is
 * told, day by day, of host certificates that end.
 */
export async function sftpService(
  wish: ServeWords,
  warn?: Events,
  given?: Keep,
): Promise<SftpService | undefined> {
  if (wish.sftpPort === 'off') return undefined
  const { hostKeys: named, hostCertificates } = wish.sftp
  const keep = given ?? (named.length > 0 ? keepNothing : await keeper(wish.data ?? usualDataFolder()))
  const keys = (await hostKeysIn(named)) ?? (await hostKeys(keep))
  const certificates = await hostCertificatesIn(hostCertificates, keys)
  const ending = certificates.map(({ file, certificate }) => expiring(file, certificate))
  const watch = warn === undefined || ending.length === 0 ? undefined : watchExpiry(warn, ending)
  return {
    listener: {
      port: wish.sftpPort,
      transcript: wish.loudness === 'verbose',
      legacy: wish.sftp.legacy,
      authorities: await authorityKeys(wish.sftp.authorities),
      revoked: await revokedKeys(wish.sftp.revoked),
      sessions: { setstat: wish.sftp.setstat, handles: handlesWithin(mostOpenFiles()) },
      hostKeys: keys,
      hostCertificates: certificates.map(({ text }) => text),
      ...(wish.host === undefined ? {} : { host: wish.host }),
    },
    shown: () =>
      ending.flatMap(({ subject, expires, fingerprint }) =>
        Number.isFinite(expires) ? [{ subject, expires, fingerprint }] : [],
      ),
    close: () => watch?.cancel(),
  }
}

function expiring(file: string, { key, validAfter, validBefore, principals }: Certificate) {
  // 2^64 - 1: for ever (PROTOCOL.certkeys).
  const ends = validBefore * 1000 > latestDate ? Number.POSITIVE_INFINITY : validBefore * 1000
  return {
    what: `the host certificate ${file}`,
    subject: `SSH for ${principals.join(', ')}`,
    begins: Math.min(validAfter * 1000, latestDate),
    expires: ends,
    fingerprint: fingerprintOf(blobOf(key.key)),
  }
}

/** The last moment that a Date can say. */
const latestDate = 8.64e15

/** How often it is looked whether certificates are about to end. */
const lookMs = 3_600_000

function watchExpiry(events: Events, certificates: readonly Expiring[]): Timer {
  const warner = new ExpiryWarner(systemClock, events)
  let timer: Timer
  const look = (): void => {
    warner.look(certificates)
    timer = systemClock.after(lookMs, look)
  }
  look()
  return { cancel: () => timer.cancel() }
}

/** The host keys by their names, made if they are missing; none where others were named, or SFTP is off. */
export async function keptHostKeys(wish: ServeWords): Promise<ReadonlyMap<string, Uint8Array>> {
  const kept = new Map<string, Uint8Array>()
  if (wish.sftpPort === 'off' || wish.sftp.hostKeys.length > 0) return kept
  const keep = await keeper(wish.data ?? usualDataFolder())
  await hostKeys(async (name, make) => {
    const content = await keep(name, make)
    kept.set(name, content)
    return content
  })
  return kept
}

/** Without a folder to keep keys in, a server for trying out still starts. */
async function keeper(folder: string): Promise<Keep> {
  try {
    const kept = await dataFolder(folder)
    return async (name, make) => {
      try {
        const pem = await kept.keep(name, make)
        createPrivateKey(Buffer.from(pem))
        return pem
      } catch (thrown) {
        throw keptFileError('the host key', kept.file(name), thrown)
      }
    }
  } catch (thrown) {
    const trouble = `the host keys cannot be kept in ${folder} (${asError(thrown).message})`
    process.stderr.write(`ferry: ${trouble}: they are new at each start. Name another folder: --data DIR\n`)
    return keepNothing
  }
}
