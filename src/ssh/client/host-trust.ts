/** A key that a host has shown, and whom it was shown for. */
export interface HostKeyShown {
  readonly host: string
  readonly port: number
  /** `ssh-ed25519`, `ssh-ed25519-cert-v01@openssh.com`, … */
  readonly algorithm: string
  /** The key, or the certificate, as it goes over the wire (RFC 4253 §6.6). */
  readonly blob: Uint8Array
}

/** Who knows which host has which key: `known_hosts`, a pinned fingerprint, a person who is asked. */
export interface HostTrust {
  /** The key algorithms under which this host is known, the best first: they are asked for before all others. */
  known(host: string, port: number): Promise<readonly string[]>
  /** Resolves when the key is to be trusted; throws TrustError when not. That the host holds it is proven by then. */
  check(shown: HostKeyShown): Promise<void>
  /** All keys the host says it has now (hostkeys-00@openssh.com), each proven: old ones may be forgotten, new ones learned. */
  rotated?(host: string, port: number, keys: readonly HostKeyShown[]): Promise<void>
}
