/** A secret that both sides have, as it goes into hashes: a number as mpint, anything else as string. */
export type Secret = Uint8Array

/** Our half of an exchange: what is sent, and what comes of the other's. */
export interface Half {
  /** What is sent to the other side, without the length before it. */
  readonly offer: Uint8Array
  /** The secret, or a ProtocolError where what came is no proper half. */
  agree(offer: Uint8Array): Promise<Secret>
}

/** A way to agree on a secret. */
export interface KexMethod {
  readonly name: string
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512'
  /** The client's half; it goes first. */
  begin(): Promise<Half>
  /** The server's half: made for the client's, whose key it may hold. */
  answer(offer: Uint8Array): Promise<{ readonly offer: Uint8Array; readonly secret: Secret }>
}

/** The group is asked for first (RFC 4419), and is part of what is hashed. */
export interface GroupExchange {
  readonly name: string
  readonly hash: 'sha256'
  readonly group: true
}
