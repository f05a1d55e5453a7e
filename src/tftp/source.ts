/** Where the bytes of a file that is sent come from, in its order. */
export interface Source {
  /** Whether all was taken. */
  readonly atEnd: boolean
  /** Copies what is at hand: the number of bytes. */
  take(into: Uint8Array): number
  /** Resolves when there is more to take, or nothing more to come. Only when all that was at hand is taken. */
  more(): Promise<void>
  /** Nothing is taken any more. */
  end(): Promise<void>
}
