import type { Events } from '../../core/event.ts'
import type { Entrances } from '../../server/doors.ts'
import type { ShownCertificate } from '../../server/certificates.ts'
import type { FtpListener } from '../../server/listener.ts'
import type { TlsIdentity } from '../../core/tls.ts'
import type { Keep } from '../../ssh/server/host-keys.ts'
import type { DiskStore } from '../../stores/disk.ts'
import type { ServeWords } from './serve-options.ts'
import { sftpService, type SftpService } from './sftp-service.ts'
import { tftpService, type TftpService } from './tftp-service.ts'
import { tlsService, type TlsService } from './tls-service.ts'

/** The doors as the words of `ferry serve` ask for them, with the files that they name. */
export interface WordedEntrances {
  readonly entrances: Entrances
  readonly tftp: TftpService | undefined
  readonly tls: TlsService | undefined
  /** What TLS and SFTP show, and until when. */
  certificates(): readonly ShownCertificate[]
  /** Reads files anew that have changed: what is wrong with them. */
  look(): Promise<readonly string[]>
  /** Looks at files no more. */
  close(): void
}

export interface EntranceParts {
  readonly events: Events
  readonly openFolder: (directory: string) => Promise<DiskStore>
  /** Whether what is said is told, whoever asks for it. */
  readonly transcript: boolean
  /** Gives TLS what it shows, where that is not to be read from files. */
  readonly tls?: (wish: ServeWords) => TlsService | undefined
  /** Told of each certificate that is read anew. */
  readonly shown?: (identity: TlsIdentity) => void
  /** Gives the host keys of SFTP, where those are not to be made or looked for. */
  readonly keep?: Keep
}

/** Reads what the words name: certificates, host keys, rules for names. */
export async function entrancesOf(
  wish: ServeWords,
  { events, openFolder, transcript, tls: given, shown, keep }: EntranceParts,
): Promise<WordedEntrances> {
  const tls = given === undefined ? await tlsService(wish, events, shown) : given(wish)
  // Workers are given the host keys; the main thread looks at their certificates for all.
  let sftp: SftpService | undefined
  try {
    sftp = await sftpService(wish, keep === undefined ? events : undefined, keep)
    const tftp = await tftpService(wish, openFolder)
    const entrances = {
      ftp: ftpListener(wish, tls, transcript),
      sftp: sftp?.listener,
      tftp: tftp?.listener,
    }
    return {
      entrances,
      tftp,
      tls,
      certificates: () => [...(tls?.shown() ?? []), ...(sftp?.shown() ?? [])],
      async look() {
        const [ofTls = [], ofTftp = []] = await Promise.all([tls?.look(), tftp?.look()])
        return [...ofTls, ...ofTftp]
      },
      close,
    }
  } catch (thrown) {
    close()
    throw thrown
  }

  function close(): void {
    tls?.close()
    sftp?.close()
  }
}

function ftpListener(
  wish: ServeWords,
  tls: TlsService | undefined,
  transcript: boolean,
): FtpListener | 'off' {
  if (wish.ftpPort === 'off' && wish.ftpsPort === 'off') return 'off'
  return {
    port: wish.ftpPort,
    tls: tls?.tls ?? 'off',
    ...(wish.ftpsPort === 'off' ? {} : { implicitPort: wish.ftpsPort }),
    passive: wish.passive,
    publicAddress: wish.publicAddress,
    transcript: wish.loudness === 'verbose' || transcript,
    ...(wish.host === undefined ? {} : { host: wish.host }),
  }
}
