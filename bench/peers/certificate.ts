import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { selfSigned } from '../../src/server/self-signed.ts'

/** Makes a certificate of its own for a server (P-256, as all have), in one file with its key: where that is. */
export function makeCertificate(folder: string): string {
  const { chain, key } = selfSigned({
    names: ['localhost'],
    from: new Date('2020-01-01'),
    until: new Date('2049-01-01'),
  })
  const path = join(folder, 'certificate.pem')
  writeFileSync(path, chain + key, { mode: 0o600 })
  return path
}
