/** How many may come in, and how often they may try. */
export interface DoorLimits {
  /** Connections at once, in all. */
  readonly connections: number
  /** Connections at once from one address, or from one network of IPv6. */
  readonly connectionsPerAddress: number
  /** Failed logins on one connection; then it ends (RFC 2577 §5). */
  readonly triesPerConnection: number
  /** How long a failed login takes, so that guessing is slow (RFC 2577 §5). */
  readonly failedLoginDelayMs: number
}

export const doorDefaults: DoorLimits = {
  connections: 10_000,
  connectionsPerAddress: 4000,
  triesPerConnection: 3,
  failedLoginDelayMs: 1000,
}
