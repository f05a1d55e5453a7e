/** Whose line is to be changed. */
export type Side = 'client' | 'server' | 'router'

/** A line to change, in the words of one program. */
export interface Fix {
  readonly side: Side
  /** `Ferry`, `vsftpd`, `FileZilla`, `nftables`, … */
  readonly program: string
  readonly line: string
}

/** Where the drawing is broken. */
export type Break = 'name' | 'control' | 'tls' | 'login' | 'passive' | 'active' | 'none'

/** What the findings mean. */
export interface Verdict {
  /** One of a kind: scripts and documents refer to it. */
  readonly id: string
  /** `trouble`: this is why it does not work. `note`: it works, but somebody will stumble here. */
  readonly weight: 'trouble' | 'note' | 'fine'
  /** What is the matter, as one sentence. */
  readonly sentence: string
  readonly evidence: readonly string[]
  readonly fixes: readonly Fix[]
  readonly broken: Break
}
