/** The way to one peer. */
export interface Link {
  send(bytes: Uint8Array): void
  close(): Promise<void>
}
