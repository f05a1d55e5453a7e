import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { TlsOptions } from '../client/connect.ts'
import { isPin } from '../core/certificate.ts'
import { asError } from '../core/error.ts'
import { oneOf } from './options.ts'
import { UsageError } from './usage-error.ts'

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
    ...(ca === undefined ? {} : { authorities: await pem('--ca', ca) }),
    ...(crl === undefined ? {} : { revoked: await pem('--crl', crl) }),
    ...(cert === undefined
      ? {}
      : { certificate: { chain: await pem('--cert', cert), key: await pem('--key', key ?? cert) } }),
    ...(version === undefined ? {} : { minVersion: `TLSv${version}`, maxVersion: `TLSv${version}` }),
  }
}

/** Where the certificates are kept that somebody has accepted. */
function knownCertificatesFile(): string {
  const config = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
  return join(config, 'ferry', 'known_certificates')
}

async function pem(option: string, file: string): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`${option}: ${file} cannot be read: ${asError(thrown).message}`)
  }
  if (text.includes('-----BEGIN ')) return text
  throw new UsageError(`${option}: ${file} holds no PEM (-----BEGIN …).`)
}
