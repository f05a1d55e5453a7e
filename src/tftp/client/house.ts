import type { Clock } from '../../core/clock.ts'
import type { Network, Peer } from '../../core/network.ts'

/** What all requests to one server share. */
export interface ClientHouse {
  readonly network: Network
  readonly clock: Clock
  /** As it was typed. */
  readonly host: string
  readonly server: Peer
  readonly mode: 'octet' | 'netascii'
  readonly blockSize: number
  readonly window: number
  readonly silenceMs: number
  /** What was learned of the server. */
  readonly learned: { options: 'not known' | 'it trips over them' }
  readonly say: (from: 'client' | 'server' | 'note', line: string) => void
}
