import type { NetworkError } from './error.ts'
import type { Conn } from './network.ts'

/** A certificate with those above it, and its key, both as PEM. */
export interface Certificate {
  readonly chain: string
  readonly key: string
}

/** The versions of TLS that are spoken here. */
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

/** What either side allows. */
export interface TlsLimits {
  /** 1.2 if nothing is said. */
  readonly minVersion?: TlsVersion
  /** 1.3 if nothing is said. */
  readonly maxVersion?: TlsVersion
  /** As OpenSSL writes them; Node's own if nothing is said. */
  readonly ciphers?: string
}

/** Who a server is, and whom it asks for a certificate. */
export interface TlsIdentity extends TlsLimits {
  readonly certificate: Certificate
  /** Others, shown to who asks for one of their names (SNI). */
  readonly others?: readonly { readonly names: readonly string[]; readonly certificate: Certificate }[]
  readonly clientCertificates?: 'off' | 'ask'
  /** Who must have signed clients' certificates, as PEM. */
  readonly clientAuthorities?: string
  /** Which of those hold no longer, as PEM. */
  readonly revoked?: string
}

/**
 * What connections of one session have in common. A session of TLS that was begun under a binding can be resumed under the
 * same binding and under no other, so that `resumed` proves whose connection it is.
 */
export interface TlsBinding {
  readonly identity: TlsIdentity
  /** Travels in clear in front of each ticket: 16 bytes that no other binding has. */
  readonly name: Uint8Array
  /** Seals the tickets: 32 bytes by chance. */
  readonly secret: Uint8Array
  /** The sessions of TLS 1.2 that clients without tickets resume, by their ids in hexadecimal; filled by the network. */
  readonly sessions: Map<string, Uint8Array>
}

/** What of a ClientHello (RFC 8446 §4.1.2) matters before it is answered. */
export interface ClientHello {
  /** It offers to resume a session of TLS 1.3. */
  readonly resumes: boolean
  /** It takes TLS 1.2 as well. */
  readonly takesOlder: boolean
  /** The names of the keys that sealed the tickets it shows, in hexadecimal: those of TLS 1.3 first. */
  readonly ticketKeys: readonly string[]
  /** The session of TLS 1.2 that it offers to resume, in hexadecimal, or what TLS 1.3 has in its place; '' for none. */
  readonly sessionId: string
}

/** What both sides of a handshake say. */
export interface SecureHow {
  /** ALPN: the protocols that are spoken here, best first; who offers others only is refused. */
  readonly protocols: readonly string[]
  /** How long the handshake may take. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Bytes of the peer's that were read already and belong to the handshake. */
  readonly first?: Uint8Array
  /**
   * Tell an orderly end from a bare one, and let the connection be in clear again later. It takes about a tenth of the
   * speed (TRUST.md).
   */
  readonly watched?: boolean
}

/** How to take a handshake of TLS as the server. */
export interface SecureServer extends SecureHow {
  readonly side: 'server'
  readonly binding: TlsBinding
  /**
   * Who resumes gets no new ticket. A client that only sends never reads one, and one that closes with something unread has
   * its system cut the connection and throw away what it has not sent yet.
   */
  readonly quiet?: boolean
  /**
   * Who resumes nothing of TLS 1.3 is spoken to in TLS 1.2 if that is taken: its ticket comes within the handshake, and does
   * for many connections.
   */
  readonly prefersOlder?: boolean
  /** Judges what the client shows before it is answered; an error cuts the connection and is what `secure` fails with. */
  readonly admit?: (hello: ClientHello) => NetworkError | undefined
}

/** How to begin a handshake of TLS as the client. */
export interface SecureClient extends SecureHow {
  readonly side: 'client'
  /** Whom we mean: its name must stand in the certificate. The same for all connections that share a session. */
  readonly host: string
  /** What an earlier connection gave in `session`. */
  readonly session?: Uint8Array
  readonly limits?: TlsLimits
  /** Who is trusted besides those that the system trusts, as PEM. */
  readonly authorities?: string
  /** Which certificates of those hold no longer, as PEM: whoever is in no list is not taken. */
  readonly revoked?: string
  /** Our own certificate, for servers that ask. */
  readonly certificate?: Certificate
}

/** What the peer has shown of itself. */
export interface PeerCertificate {
  /** SHA-256, `AB:CD:…`. */
  readonly fingerprint: string
  /** SHA-256 of its public key, base64: it outlives certificates that are renewed. */
  readonly keyDigest: string
  readonly subject: string
  readonly issuer: string
  /** The names it is for. */
  readonly names: string
  readonly validFrom: Date
  readonly validTo: Date
  /** Why it is not to be trusted, as OpenSSL or Node name it; undefined: it is. */
  readonly fault: string | undefined
  /** What else is the matter with a server's: the name, or who vouches for it. */
  readonly otherFaults: readonly string[]
}

/** What was agreed in the handshake. */
export interface TlsFacts {
  readonly version: string
  readonly cipher: string
  /** It goes on with a session of the same binding. */
  readonly resumed: boolean
  readonly protocol: string | undefined
  /** The name that the client asked for (SNI). */
  readonly serverName: string | undefined
  readonly peer: PeerCertificate | undefined
}

/**
 * How the peer ended: it said so under encryption, it just closed, it did so in the middle of a record, it cut the
 * connection, or nobody has looked.
 */
export type TlsEnding = 'closed-clean' | 'fin-only' | 'cut' | 'reset' | 'unknown'

/** A connection in TLS. */
export interface SecureConn extends Conn {
  readonly secure: true
  readonly tls: TlsFacts
  /** Known once `read` has given undefined. */
  readonly ending: TlsEnding
  /** The newest session that the server has given, for a client's next connection; undefined: none yet. */
  readonly session: Uint8Array | undefined
  /**
   * Ends TLS, waits for the peer's end of it, and gives the connection back in clear. Only for one that is watched, and while
   * nothing is being read.
   */
  clear(): Promise<Conn>
}
