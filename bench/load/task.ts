/** Where a server stands, and who may enter. */
export interface Address {
  readonly port: number
  readonly user: string
  readonly password: string
}

/** What the load generator can be asked to do. Whoever enters takes the place of those who are there; the first one transfers. */
export type Task =
  | { readonly kind: 'enter'; readonly at: Address; readonly sessions: number }
  | { readonly kind: 'leave' }
  | { readonly kind: 'say'; readonly line: string }
  | { readonly kind: 'download' | 'upload'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'list'; readonly verb: 'LIST' | 'MLSD'; readonly path: string; readonly entries: number }
  | {
      readonly kind: 'download-many' | 'upload-many' | 'remove-many'
      readonly files: number
      readonly bytes: number
    }
  | { readonly kind: 'logins'; readonly at: Address; readonly count: number; readonly lanes: number }

/** What a task took, by the load generator's own clock, and what the server said last. */
export interface Done {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly text: string
}
