/** What a key of a kind makes signatures with, the best first; behind a certificate by the names that certificates have for it. */
export function signingAlgorithms(kind: string): readonly string[] {
  // RFC 8332: an RSA key signs by more than one.
  if (kind === 'ssh-rsa') return ['rsa-sha2-512', 'rsa-sha2-256']
  if (kind === 'ssh-rsa-cert-v01@openssh.com') {
    return ['rsa-sha2-512-cert-v01@openssh.com', 'rsa-sha2-256-cert-v01@openssh.com']
  }
  return [kind]
}
