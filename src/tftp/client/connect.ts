import { canonicalAddress } from '../../core/address.ts'
import { NetworkError } from '../../core/error.ts'
import type { RemoteOptions, RemoteStore } from '../../core/remote.ts'
import type { ClientHouse } from './house.ts'
import { TftpRemote } from './remote.ts'

/** What a TFTP client can be told beyond what every client is. */
export interface TftpOptions extends RemoteOptions {
  /** How bytes travel where a path does not say it itself (`;mode=netascii`, RFC 3617): octet if nothing is said. */
  readonly mode?: 'octet' | 'netascii'
  /** The block to ask for; 512 asks for none. */
  readonly blockSize?: number
  /** The window to ask for, in blocks; 1 asks for none. */
  readonly window?: number
}

/** The largest block that crosses Ethernet whole also behind IPv6 and a tunnel (RFC 2348 measured with it). */
const usualBlock = 1428

/** A window that every receive buffer holds. */
const usualWindow = 64

/** Makes a TFTP server a Store. Nothing is sent yet: TFTP knows no logins, only files that are asked for. */
export async function connectTftp(options: TftpOptions): Promise<RemoteStore> {
  const { network, clock, host, port = 69, said, silenceMs = 30_000 } = options
  const [address] = await network.lookup(host)
  if (address === undefined) throw new NetworkError('not-found', `the name ${host} is not known`)
  const house: ClientHouse = {
    network,
    clock,
    host,
    server: { address: canonicalAddress(address), port },
    mode: options.mode ?? 'octet',
    blockSize: options.blockSize ?? usualBlock,
    window: options.window ?? usualWindow,
    silenceMs,
    silenceWithinMs: options.silenceMs,
    learned: { options: 'not known' },
    say: (from, line) => said?.(from, line),
  }
  return new TftpRemote(house, options.signal)
}
