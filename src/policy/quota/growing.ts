/** A file that somebody may write. */
export interface Growing {
  readonly key: string
  /** How many bytes are booked for it, also once nobody has it open any more. */
  booked: number
  /** How long it was when it was last looked at; undefined where the store could not say. */
  size?: number | undefined
  opens: number
  /** It was removed or replaced while it was open: nothing of it stays. */
  gone: boolean
  /** One booking after the other: a write that lies behind one that was refused must book its part as well. */
  turn: Promise<unknown>
}
