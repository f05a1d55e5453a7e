import { NetworkError } from '../core/error.ts'
import { networkError } from './network-error.ts'

/** What OpenSSL's codes, and the alerts of the peer, mean for the two who wanted to speak TLS. */
const words: Readonly<Record<string, string>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the two sides have no version of TLS in common',
  ALERT_PROTOCOL_VERSION: 'the two sides have no version of TLS in common',
  ERR_SSL_UNKNOWN_PROTOCOL: 'what came is no TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what came is no TLS',
  ERR_SSL_HTTP_REQUEST: 'what came is HTTP and no TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what came is no TLS',
  ERR_SSL_UNEXPECTED_MESSAGE: 'what came is no handshake',
  ERR_SSL_NO_SHARED_CIPHER: 'the two sides have no cipher in common',
  ERR_SSL_EE_KEY_TOO_SMALL: 'the certificate has a key that is too short',
  ERR_SSL_CA_KEY_TOO_SMALL: 'the certificate was signed with a key that is too short',
  ERR_SSL_CA_MD_TOO_WEAK: 'the certificate was signed over an old hash',
  ERR_SSL_DH_KEY_TOO_SMALL: 'the key exchange of the peer is too weak: Diffie-Hellman with too few bits',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'the peer asked for another protocol than FTP (ALPN)',
  ALERT_NO_APPLICATION_PROTOCOL: 'the peer speaks another protocol than FTP (ALPN)',
  ALERT_UNKNOWN_CA: 'the peer does not know who signed the certificate',
  ALERT_BAD_CERTIFICATE: 'the peer does not take the certificate',
  ALERT_CERTIFICATE_UNKNOWN: 'the peer does not take the certificate',
  ALERT_CERTIFICATE_EXPIRED: 'the peer finds the certificate expired',
  ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC: 'what came was damaged or forged',
  ERR_SSL_CIPHER_OPERATION_FAILED: 'what came was damaged or forged',
  ERR_SSL_INVALID_AAD: 'what came was damaged or forged',
  ERR_SSL_BAD_RECORD_TYPE: 'what came was damaged or forged',
}

/** Translates what Node throws in and about TLS. */
export function tlsError(thrown: unknown): NetworkError {
  const code = Error.isError(thrown) && 'code' in thrown ? String(thrown.code) : ''
  // An alert has the name of the version that brought it, and OpenSSL 3.5 has renamed some.
  const name = code.replace(/^ERR_SSL_(?:SSLV3|TLSV1|TLSV13|TLS|SSL\/TLS)_ALERT_/u, 'ALERT_')
  if (name === 'ALERT_CERTIFICATE_REQUIRED') return certificateWanted(thrown)
  if (name === 'ALERT_HANDSHAKE_FAILURE') return nothingInCommon(thrown)
  const text = words[name]
  if (text !== undefined) return new NetworkError('failed', text, { cause: thrown })
  if (!code.startsWith('ERR_SSL_') && !code.startsWith('ERR_OSSL_')) return networkError(thrown)
  const plain = code
    .replace(/^ERR_O?SSL_/u, '')
    .replaceAll('_', ' ')
    .toLowerCase()
  return new NetworkError('failed', `TLS failed: ${plain}`, { cause: thrown })
}

/** In TLS 1.2 a server that demands a certificate has no other alert for it than this one (RFC 5246 §7.4.6). */
function nothingInCommon(cause: unknown): NetworkError {
  return new NetworkError(
    'failed',
    'the peer found nothing in common, no cipher or no certificate that it takes',
    {
      cause,
      facts: {
        phase: 'secure',
        retryable: false,
        connectionUsable: false,
        hint: 'It may demand a certificate of ours: --cert FILE shows one, with its key in --key FILE.',
      },
    },
  )
}

/** In TLS 1.3 a server says so when the handshake is over for the client already (RFC 8446 §4.4.2.4). */
function certificateWanted(cause: unknown): NetworkError {
  return new NetworkError('failed', 'the peer demands a certificate of ours', {
    cause,
    facts: {
      phase: 'secure',
      retryable: false,
      wantsCertificate: true,
      connectionUsable: false,
      hint: 'It lets in only who shows one that it knows: --cert FILE shows ours, with its key in --key FILE.',
    },
  })
}
