/** An account as another server had it. */
export interface Imported {
  readonly name: string
  /** The hash, as it was; undefined: nobody gets in by a password. */
  readonly hash: string | undefined
  /** A password in clear, where the other server had it so. */
  readonly clear?: string
  readonly said: Readonly<Record<string, unknown>>
  /** Public keys, a line of authorized_keys each. */
  readonly keys: readonly string[]
  /** What was not taken over, for a person to look at. */
  readonly notes: readonly string[]
}

/** Lines that say something. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/u).filter((line) => line.trim() !== '' && !line.startsWith('#'))
}
