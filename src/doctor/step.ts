import type { TlsEnding } from '../core/tls.ts'

/**
 * How a step ended: `refused` by the system over there, `silence` where nothing came at all (a firewall that drops),
 * `unreachable` where a router or our own system said that there is no way, `cut` where the connection broke, `rejected` where the server said no.
 */
export type Outcome = 'works' | 'refused' | 'silence' | 'unreachable' | 'cut' | 'rejected' | 'not-tried'

/** One thing that was tried. */
export interface Step {
  readonly outcome: Outcome
  readonly ms: number
  /** What the server said, word for word. */
  readonly reply?: string
  /** What happened, where the reply does not tell. */
  readonly text?: string
  /** The server broke it off because we showed no certificate of ours. */
  readonly wantsCertificate?: true
}

export interface Lookup extends Step {
  readonly addresses: readonly string[]
}

/** One address and port that was knocked at. */
export interface Knock extends Step {
  readonly address: string
  readonly port: number
}

/** Which protocol the first bytes belong to. */
export type Speaks = 'ftp' | 'ssh' | 'http' | 'tls' | 'smtp' | 'nothing' | 'unknown'

export interface Greeting extends Step {
  readonly speaks: Speaks
}

export interface Features extends Step {
  readonly names: readonly string[]
}

/** TLS of one data connection. */
export interface DataTls {
  readonly version: string
  /** Whether it went on with the session of the control connection. */
  readonly resumed: boolean
  /** How the server ended it. */
  readonly ending: TlsEnding
}

/** A listing that travelled. */
export interface Listing {
  /** Its bytes came, their end, and the reply that says so. */
  readonly whole: boolean
  /** The reply behind it. */
  readonly reply?: string
  readonly lines?: number
  /** How many lines were in a form that is known. */
  readonly understood?: number
  readonly utf8?: boolean
  /** A file in it that is worth fetching a part of. */
  readonly file?: string
  readonly tls?: DataTls
}

/** EPSV or PASV, and the connection to what it named. */
export interface PassiveStep extends Step {
  /** What was named; for EPSV the address is the control peer's. */
  readonly named?: { readonly address: string; readonly port: number }
  /** Whether the named address is another than the one the control connection goes to. */
  readonly elsewhere?: boolean
  /** Whether the same port at the control peer's address answers. */
  readonly atPeer?: Outcome
  /** What was found at a port that was refused when it was knocked at again: another server may stand there then. */
  readonly again?: Outcome
  /** Whether a listing came whole over it. */
  readonly listed?: boolean
  readonly listing?: Listing
}

/** One more try, and what was said. */
export interface PassiveTry extends PassiveStep {
  readonly command: 'EPSV' | 'PASV'
}

/** PORT or EPRT, and whether the server came. */
export interface ActiveStep extends Step {
  readonly told: { readonly address: string; readonly port: number }
  /** Where the server's connection came from. */
  readonly cameFrom?: { readonly address: string; readonly port: number }
  readonly listing?: Listing
}

/** What the server says it sees of us (SITE DIAG). */
export interface Diagnosis extends Step {
  readonly peer?: string
  /** The argument of our PORT or EPRT as it arrived there. */
  readonly arrived?: string
}

/** A small file, written, read back and removed. */
export interface RoundTrip extends Step {
  readonly stage?: 'STOR' | 'RETR' | 'compare' | 'DELE'
  /** How many bytes came back and were sent, where they were not the same. */
  readonly bytesBack?: number
  readonly bytesSent?: number
  /** The file's name, where it is there still because it could not be removed. */
  readonly leftBehind?: string
}

/** The beginning of a file, fetched to see whether full packets arrive, and broken off. */
export interface Sample extends Step {
  readonly bytes: number
  /** NOOP while it ran: answered then, or only behind it. */
  readonly noop?: Step
  /** ABOR, where there was something left to break off. */
  readonly abort?: Step
}

/** What was found out until a connection stood. */
export interface Reached {
  readonly host: string
  readonly port: number
  readonly lookup?: Lookup
  readonly knocks?: readonly Knock[]
  /** Other ports, looked at when this one does not answer. */
  readonly otherPorts?: readonly (Knock & { readonly speaks: Speaks })[]
}
