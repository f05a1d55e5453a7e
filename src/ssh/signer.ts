/** A private key that can prove who holds it, wherever it lies: in a file, or in an agent. */
export interface Signer {
  /** The public key, or the certificate, as it goes over the wire (RFC 4253 §6.6). */
  readonly blob: Uint8Array
  /** What it can make signatures with, the best first: `rsa-sha2-512`, `rsa-sha2-256`. For a certificate: its own algorithm names. */
  readonly algorithms: readonly string[]
  /** What a person calls it: a file name, an agent's comment. */
  readonly comment: string
  /** A signature as it goes over the wire: `string algorithm, string bytes`. `algorithm` is one of `algorithms`. */
  sign(data: Uint8Array, algorithm: string): Promise<Uint8Array>
}
