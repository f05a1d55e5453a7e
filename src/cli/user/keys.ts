import { X509Certificate, randomBytes } from 'node:crypto'
import { nameOfKey, plainFingerprint } from '../../accounts/judge.ts'
import type { KeptKey } from '../../accounts/register.ts'
import { formatSecret } from '../../accounts/totp.ts'
import type { Data } from '../../server/data.ts'
import { publicKeysIn } from '../public-keys.ts'
import { textOf } from '../text-of.ts'
import { UsageError } from '../usage-error.ts'
import { existing, type UserWords } from './accounts.ts'

/** `ferry user key NAME`: lists; `key NAME add FILE|-` takes public keys and certificates; `key NAME remove ID`. */
export async function keysOf(data: Data, words: UserWords): Promise<void> {
  const { register } = data
  const { name } = existing(data, words)
  const [, verb = 'list', what = ''] = words.rest
  if (verb === 'add' && what !== '') {
    const found = keysIn(await textOf(what === '-' ? '/dev/stdin' : what))
    if (found.length === 0) throw new UsageError(`there is no public key and no certificate in ${what}.`)
    for (const key of found)
      process.stdout.write(`${register.addKey(name, key) ? 'added' : 'was there'} ${key.kind} ${key.name}\n`)
  } else if (verb === 'remove' && what !== '') {
    const wanted = what.startsWith('SHA256:') ? what : plainFingerprint(what)
    if (!register.removeKey(name, wanted)) throw new UsageError(`${name} has no key ${what}.`)
  } else if (verb === 'list') {
    for (const key of register.keysOf(name)) {
      const line = words.json ? JSON.stringify(key) : `${key.kind} ${key.name} ${key.remark}`.trimEnd()
      process.stdout.write(`${line}\n`)
    }
  } else throw new UsageError('say ferry user key NAME, key NAME add FILE, or key NAME remove ID.')
}

/** `ferry user code NAME`: makes the secret of one-time codes and shows it once; --off takes it away. */
export async function codeOf(data: Data, words: UserWords): Promise<void> {
  const { name } = existing(data, words)
  if (words.off) {
    data.register.setTotp(name, undefined)
    return
  }
  const secret = formatSecret(randomBytes(20))
  data.register.setTotp(name, secret)
  process.stdout.write(
    `${secret}\notpauth://totp/ferry:${encodeURIComponent(name)}?secret=${secret}&issuer=ferry\n`,
  )
}

/** What a file holds: lines as in authorized_keys, or certificates in PEM. */
export function keysIn(text: string): KeptKey[] {
  const certificates = text.match(pemCertificate) ?? []
  const { keys, problems } = publicKeysIn(text.replaceAll(pemCertificate, ''))
  if (problems.length > 0) throw new UsageError(`${problems.join('\n')}.`)
  return [
    ...certificates.map(certificateIn),
    ...keys.map(({ kind, blob, remark }): KeptKey => ({
      kind: 'key',
      name: nameOfKey(blob),
      remark: `${kind} ${remark}`.trimEnd(),
    })),
  ]
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu

function certificateIn(pem: string): KeptKey {
  try {
    const certificate = new X509Certificate(pem)
    const remark = certificate.subject.replaceAll(/\s+/gu, ' ')
    return { kind: 'certificate', name: plainFingerprint(certificate.fingerprint256), remark }
  } catch {
    throw new UsageError('a certificate in it cannot be read.')
  }
}
