import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { TlsOptions } from '../../client/connect.ts'
import { isPin } from '../../core/certificate.ts'
import type { Certificate } from '../../core/tls.ts'
import { asFileError } from '../../stores/disk/faults.ts'
import { oneOf } from '../options.ts'
import { UsageError } from '../usage-error.ts'

interface TrustSaid {
  readonly pin: readonly string[]
  readonly ca: string | undefined
  readonly crl: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly 'tls-version': string | undefined
}

/** What the words of a command say of whom to trust under TLS. */
export async function trustWords(said: TrustSaid): Promise<TlsOptions> {
  const { pin, ca, crl, cert, key } = said
  const wrong = pin.find((word) => !isPin(word))
  if (wrong !== undefined) {
    throw new UsageError(
      `--pin takes sha256: and 64 hexadecimal digits, or sha256// and base64, and not "${wrong}".`,
    )
  }
  if (key !== undefined && cert === undefined) throw new UsageError('there is a --key without its --cert.')
  if (crl !== undefined && ca === undefined)
    throw new UsageError('--crl says what --ca has revoked, and there is no --ca.')
  const version = oneOf('--tls-version', said['tls-version'], ['1.2', '1.3'])
  return {
    known: knownCertificatesFile(),
    ...(pin.length === 0 ? {} : { pins: pin }),
    ...(ca === undefined ? {} : { authorities: await pem('--ca', ca, 'CERTIFICATE') }),
    ...(crl === undefined ? {} : { revoked: await pem('--crl', crl, 'X509 CRL') }),
    ...(cert === undefined ? {} : { certificate: await ourCertificate(cert, key) }),
    ...(version === undefined ? {} : { minVersion: `TLSv${version}`, maxVersion: `TLSv${version}` }),
  }
}

async function ourCertificate(cert: string, key: string | undefined): Promise<Certificate> {
  const pair = {
    chain: await pem('--cert', cert, 'CERTIFICATE'),
    key: await pem('--key', key ?? cert, 'PRIVATE KEY'),
  }
  const { createPrivateKey, X509Certificate } = await import('node:crypto')
  let belongs: boolean
  try {
    belongs = new X509Certificate(pair.chain).checkPrivateKey(createPrivateKey(pair.key))
  } catch {
    throw new UsageError(
      `${cert} and ${key ?? cert} cannot be read as a certificate and its key, without a passphrase.`,
    )
  }
  if (!belongs) throw new UsageError(`${key ?? cert} is not the key of the certificate in ${cert}.`)
  return pair
}

/** Where the certificates are kept that somebody has accepted. */
export function knownCertificatesFile(): string {
  const config = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
  return join(config, 'ferry', 'known_certificates')
}

async function pem(option: string, file: string, what: string): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`${option}: ${file} cannot be read: ${asFileError(thrown).message}.`)
  }
  if (new RegExp(`-----BEGIN (?:[A-Z0-9]+ )?${what}-----`, 'u').test(text)) return text
  throw new UsageError(`${option}: ${file} holds no ${what.toLowerCase()} as PEM (-----BEGIN ${what}-----).`)
}
