import type { Clock } from '../core/clock.ts'
import type { Events } from '../core/event.ts'
import { readBlocks } from '../sftp/server/read-runs.ts'
import { runSftp, sftpBlocks } from '../sftp/server/session.ts'
import type { SftpSettings } from '../sftp/server/settings.ts'
import { hostKeys, keepNothing, type Keep } from '../ssh/server/host-keys.ts'
import { certifiedHostKey } from '../ssh/server/host-certificates.ts'
import type { ChannelWork } from '../ssh/server/house.ts'
import type { SshSettings } from '../ssh/server/settings.ts'
import { fingerprintOf } from '../ssh/public-key.ts'
import type { Signer } from '../ssh/signer.ts'

/** Where SFTP is served, and how, inside SSH. */
export interface SftpListener extends Partial<SshSettings> {
  /** The address to listen on; all of them if none is said. */
  readonly host?: string
  /** 2222 if none is said; 0 takes a free one. */
  readonly port?: number
  /** Keeps the host keys, as `dataFolder(path).keep` does. Without it they are new at each start, and clients are scared. */
  readonly keep?: Keep
  /** The host keys to show, the best liked first, instead of those that are kept. All of them are announced. */
  readonly hostKeys?: readonly Signer[]
  /** What authorities say of host keys (OpenSSH's HostCertificate): each is a line of a `-cert.pub` file, for one of the keys. */
  readonly hostCertificates?: readonly string[]
  /** What can be chosen about the sessions. */
  readonly sessions?: Partial<SftpSettings>
}

/** The host keys of a listener and what clients are shown of the first, `SHA256:…`. */
export async function keysOf({
  keep,
  hostKeys: given,
  hostCertificates = [],
}: Pick<SftpListener, 'keep' | 'hostKeys' | 'hostCertificates'>): Promise<{
  keys: readonly Signer[]
  fingerprint: string
}> {
  const keys = given ?? (await hostKeys(keep ?? keepNothing))
  const certified = hostCertificates.map((text) => certifiedHostKey(keys, text).signer)
  return { keys: [...keys, ...certified], fingerprint: fingerprintOf(keys[0]?.blob ?? new Uint8Array(0)) }
}

/** The subsystem: all sessions of a listener share their blocks. */
export function sftpWork(clock: Clock, events: Events, settings: Partial<SftpSettings> = {}): ChannelWork {
  const shared = { blocks: sftpBlocks(), readBlocks: readBlocks() }
  return async (conn, session, client) => {
    await runSftp({ conn, session, client, clock, events, ...shared, settings })
    return 0
  }
}
