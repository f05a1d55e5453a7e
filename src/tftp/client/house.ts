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
  /** How long it may be silent in the midst of a transfer, where somebody has said it. */
  readonly silenceWithinMs: number | undefined
  /** What was learned of the server. */
  readonly learned: { options: 'not known' | 'it trips over them' }
  readonly say: (from: 'client' | 'server' | 'note', line: string) => void
}
