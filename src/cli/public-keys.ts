import { parseAuthorizedKeys, type AuthorizedKeys } from '../accounts/authorized-keys.ts'
import { ProtocolError } from '../core/error.ts'
import { isCertificateName } from '../ssh/certificate.ts'
import { parsePublicKey } from '../ssh/public-key.ts'
import { Reader } from '../ssh/wire/reader.ts'

/** The keys of a file as authorized_keys. One that could let nobody in is a problem, as is a file of another kind. */
export function publicKeysIn(text: string): AuthorizedKeys {
  const other = otherFile(text)
  if (other !== undefined) return { keys: [], problems: [other] }
  const { keys, problems } = parseAuthorizedKeys(text)
  const useless = keys.flatMap(({ line, blob }) => {
    const trouble = troubleWith(blob)
    return trouble === undefined ? [] : [`line ${line}: ${trouble}`]
  })
  return { keys, problems: [...problems, ...useless] }
}

/** What is often given for a public key as ssh writes it; each of its lines would be a problem. undefined: it is none of these. */
export function otherFile(text: string): string | undefined {
  return others.find(([pattern]) => pattern.test(text))?.[1]
}

const others = [
  [
    /PRIVATE KEY-----|^PuTTY-User-Key-File-/u,
    'a private key, which is to stay with its owner: the public one lies beside it, with .pub',
  ],
  [
    /^---- BEGIN SSH2 PUBLIC KEY ----/mu,
    'a public key as in RFC 4716: ssh-keygen -i -f FILE makes a line of it that is taken here',
  ],
  [
    /-----BEGIN PUBLIC KEY-----/u,
    'a public key in PEM: ssh-keygen -i -m PKCS8 -f FILE makes a line of it that is taken here',
  ],
  [
    /-----BEGIN RSA PUBLIC KEY-----/u,
    'a public key in PEM: ssh-keygen -i -m PEM -f FILE makes a line of it that is taken here',
  ],
  [/^SSHKRL\n/u, 'a list that ssh-keygen -k has made: name the keys themselves, or their fingerprints'],
  // Each second byte of Latin letters is nothing in UTF-16, in which Windows PowerShell writes what goes through `>`.
  [/^.{0,3}s\0s\0h\0|\0s\0s\0h/u, 'written in UTF-16: save it as UTF-8'],
] as const

function troubleWith(blob: Uint8Array): string | undefined {
  try {
    if (isCertificateName(new Reader(blob).text())) {
      return 'a certificate and no key: let its authority in (--ssh-ca), or the key that it is for'
    }
    parsePublicKey(blob)
    return undefined
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return thrown.message
    throw thrown
  }
}
