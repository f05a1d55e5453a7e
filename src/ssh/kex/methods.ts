import { classic, modp } from './dh.ts'
import { curve25519, ecdhNist } from './ecdh.ts'
import { mlkem768x25519 } from './hybrid.ts'
import type { GroupExchange, KexMethod } from './method.ts'

const hybrid = mlkem768x25519()

/** The ways to agree on keys, the best first. */
export const kexMethods: readonly (KexMethod | GroupExchange)[] = [
  ...(hybrid === undefined ? [] : [hybrid]),
  curve25519('curve25519-sha256'),
  curve25519('curve25519-sha256@libssh.org'),
  ecdhNist('ecdh-sha2-nistp256', 'prime256v1', 'sha256'),
  ecdhNist('ecdh-sha2-nistp384', 'secp384r1', 'sha384'),
  ecdhNist('ecdh-sha2-nistp521', 'secp521r1', 'sha512'),
  { name: 'diffie-hellman-group-exchange-sha256', hash: 'sha256', group: true },
  classic('diffie-hellman-group16-sha512', 'sha512', () => modp('modp16')),
  classic('diffie-hellman-group18-sha512', 'sha512', () => modp('modp18')),
  classic('diffie-hellman-group14-sha256', 'sha256', () => modp('modp14')),
]

/** Only where an account of an old device asks for it: SHA-1. */
export const legacyKexMethods: readonly KexMethod[] = [
  classic('diffie-hellman-group14-sha1', 'sha1', () => modp('modp14')),
  // 1024 bits, which some can break: of devices that know nothing else.
  classic('diffie-hellman-group1-sha1', 'sha1', () => modp('modp2')),
]
