import { generateKeyPairSync, createPublicKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { blobOf } from '../../src/ssh/public-key.ts'

/** sshd lets in users of the machine only, and without root's rights only the one who has started it. */
export const sshUser = userInfo().username

/** Where the private key lies that lets the user in. */
export function userKey(folder: string): string {
  return join(folder, 'user-key')
}

/** Makes a key for the user, and the file that says so. In a format that OpenSSH and we read alike. */
export function makeUserKey(folder: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(userKey(folder), privateKey.export({ format: 'pem', type: 'sec1' }), { mode: 0o600 })
  const blob = Buffer.from(blobOf(createPublicKey(privateKey))).toString('base64')
  const authorized = join(folder, 'authorized_keys')
  writeFileSync(authorized, `ecdsa-sha2-nistp256 ${blob}\n`)
  return authorized
}
