import type { Host, Lab } from './lab.ts'
import type { ForeignServer } from './servers.ts'

/** One way of two hosts to stand to one another, and what is right to say about it. */
export interface Scenario {
  readonly name: string
  /** Where the client is. */
  readonly from: Host
  /** Where the server is; none: nobody serves. */
  readonly at?: Host
  /** What the client connects to. */
  readonly to: string
  readonly port?: number
  /** Words for `ferry serve`. */
  readonly serve?: readonly string[]
  /** It is published through an sshd on the public host. */
  readonly published?: true
  /** Another program that serves; without it the scenario is not played. */
  readonly foreign?: ForeignServer
  /** What the programs speak. */
  readonly scheme?: 'ftp' | 'ftpes'
  readonly doctorWords?: readonly string[]
  readonly getWords?: readonly string[]
  readonly curlWords?: readonly string[]
  /** How long a step waits, in seconds; two if not said. */
  readonly patience?: number
  /** How long a transfer takes there. */
  readonly takesSeconds?: number
  /** The programs run one after the other: each connection counts. */
  readonly apart?: true
  /** Why it cannot be played here. */
  skip?(): string | undefined
  /** Routers and firewalls. */
  prepare?(lab: Lab, files: string): void | Promise<void>
  /** The verdict that must come first. */
  readonly first: string
  /** Those that must be among the others. */
  readonly notes?: readonly string[]
  /** Whether a plain `curl` fetches a file by passive mode. */
  readonly curl: boolean
  /** The exit status of `ferry get`; if not said, 0 where curl fetches and 3 where it cannot. */
  readonly get?: number
}

/** How the two stand to the world, and whether TLS is spoken, in the words of docs/active-and-passive.md. */
export function standing({ from, at, scheme, serve = [] }: Scenario): {
  readonly client: string
  readonly server: string
  readonly tls: string
} {
  return {
    client: from === 'client' ? 'behind NAT' : from === 'server' ? 'beside the server' : 'public',
    server: at === undefined ? 'nobody' : at === 'server' ? 'behind NAT' : 'public',
    tls: scheme === 'ftpes' ? 'yes' : serve.includes('offered') ? 'both' : 'no',
  }
}

/** The passive ports of the servers. */
export const range = ['--passive', '50000-50009']
