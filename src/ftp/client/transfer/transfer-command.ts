/** A command whose bytes travel over a data connection. */
export interface TransferCommand {
  readonly line: string
  /** Where the bytes begin (REST). */
  readonly restart?: number
  readonly path: string
  /** It may go in one write with the request for a data connection, as it can be said again in another session. */
  readonly together?: boolean
  /** Begun in vain it changes nothing over there. */
  readonly harmless?: boolean
  /** What is being done, for errors: `download /a`. */
  readonly doing: string
}
