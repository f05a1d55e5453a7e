import type { Packet } from './packet.ts'

/** A transfer on its way, in either direction. */
export interface Course {
  take(packet: Packet): void
  /** The same request came once more. */
  askedAgain(): void
  /** Ends it, not complete. */
  end(reason: Error): void
}

/** What the peer says when it stops a transfer. */
export function peersError({ code, text }: { readonly code: number; readonly text: string }): string {
  return text === '' ? `error ${code}` : `error ${code}, ${text}`
}
