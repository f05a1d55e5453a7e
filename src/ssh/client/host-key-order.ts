/** The host key algorithms we take, the best first. Certificates come first: they need no list of known hosts. */
const usual = [
  'ssh-ed25519-cert-v01@openssh.com',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'ecdsa-sha2-nistp384-cert-v01@openssh.com',
  'ecdsa-sha2-nistp521-cert-v01@openssh.com',
  'rsa-sha2-512-cert-v01@openssh.com',
  'rsa-sha2-256-cert-v01@openssh.com',
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** Puts those first under which the host is known, or it would show another key and look like a stranger. */
export function hostKeyOrder(known: readonly string[]): readonly string[] {
  const wanted = new Set(
    known.flatMap((name) => (name === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [name])),
  )
  return [...usual.filter((name) => wanted.has(name)), ...usual.filter((name) => !wanted.has(name))]
}
