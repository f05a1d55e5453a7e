import type { Conn } from '../core/network.ts'

/**
 * One channel of an SSH connection (RFC 4254 §5), as a Conn. Reading is what gives the other side room to send more, so who is behind with its work reads no further.
 */
export interface Channel extends Conn {
  /** What the program at the other end has said on stderr. */
  readonly complaint: string
  /**
   * Writes pieces one behind the other, without joining them first: a header and the block it belongs to. Resolves when they
   * may be changed again. Writes that wait are sent in the order they were asked for.
   */
  writeAll(pieces: readonly Uint8Array[]): Promise<void>
  /** Says that what was asked for is being done and gets on: who waits for the answer of a long work has nothing to say meanwhile. */
  stir(): void
  /** Lets the other side send so much before somebody reads: a long way carries more than the usual window. It never gets less. */
  widen(window: number): void
}
