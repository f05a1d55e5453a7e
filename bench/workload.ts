import type { Ground } from './ground.ts'
import type { Load } from './load/load.ts'
import type { Running } from './running.ts'

/** One thing that is measured for every server, again and again. */
export interface Workload {
  readonly name: string
  /** FTP if nothing is said. */
  readonly protocol?: 'ftps' | 'tftp' | 'sftp' | 'published'
  readonly about: (size: Size) => string
  readonly parts: readonly Part[]
  readonly rounds: number
  /** Rounds before the first that counts. */
  readonly warmups: number
  /** Peers are measured only when asked for by name: it is about ours. */
  readonly ours?: true
  /** Makes the files; called once. */
  prepare(ground: Ground, size: Size): void
  /** Measures one server once; a part that it cannot do is left out. */
  measure(stage: Stage): Promise<Samples>
  /** Says how we stand against what we want. */
  readonly goal?: (standing: Standing) => Verdict
}

/** One column of figures. */
export interface Part {
  readonly name: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  /** What the CPU times are given per. */
  readonly cpuUnit?: 's/GB' | 'ms each'
}

export type Samples = Readonly<Record<string, Sample>>

/** What one round of one part gave. */
export interface Sample {
  readonly value: number
  readonly serverCpu?: number
  readonly clientCpu?: number
  readonly peakMiB?: number
  /** CPU cores that programs other than the server and the client have kept busy meanwhile. */
  readonly others?: number
}

/** How much of everything. */
export interface Size {
  readonly bytes: number
  readonly fewBytes: number
  readonly entries: number
  readonly sessions: number
  readonly files: number
  readonly tlsFiles: number
  readonly logins: number
  /** How often each of many does what it does, and how large its files are. */
  readonly turns: number
  readonly mixedBytes: number
  /** In TLS. */
  readonly tlsBytes: number
  /** Idle sessions in TLS. */
  readonly tlsSessions: number
  /** Idle sessions of SFTP: a server that forks needs two processes for each. */
  readonly sftpSessions: number
  /** Through an SSH host. */
  readonly publishedBytes: number
  /** By TFTP, with and without options. */
  readonly tftpBytes: number
  readonly bootClients: number
  readonly bootBytes: number
  /** Silent connections, and how long each attack is looked at. */
  readonly crowd: number
  readonly abuseSeconds: number
}

/** What a measurement happens on. */
export interface Stage {
  readonly ground: Ground
  readonly size: Size
  readonly load: Load
  /** The server, running since the first round. */
  readonly shared: () => Promise<Running>
  /** The server, started anew; whoever asked for it stops it. */
  readonly fresh: () => Promise<Running>
}

/** The medians, for a goal to look at. */
export interface Standing {
  ours(part: string): number | undefined
  /** Ours divided by a peer's. */
  ratio(part: string, peer: string): number | undefined
  /** The peer beside which we look worst. */
  hardest(part: string): { readonly peer: string; readonly ratio: number } | undefined
}

export interface Verdict {
  readonly text: string
  /** The figure that it is judged by. */
  readonly figure: string
  /** undefined: what it is judged by was not measured. */
  readonly reached: boolean | undefined
}
