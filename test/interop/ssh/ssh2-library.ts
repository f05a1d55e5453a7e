import { createRequire } from 'node:module'

/** What the tests use of npm's ssh2, which has no types of its own. It runs without its two native parts, which are not built. */
export interface Ssh2 {
  readonly Client: new () => Ssh2Client
  readonly Server: new (options: object, connected: (client: Ssh2Peer) => void) => Ssh2Server
  readonly utils: {
    readonly sftp: { readonly STATUS_CODE: Readonly<Record<'OK' | 'EOF' | 'NO_SUCH_FILE', number>> }
  }
}

export interface Ssh2Client {
  on(event: 'ready', heard: () => void): this
  on(event: 'error', heard: (error: Error) => void): this
  on(event: 'close', heard: () => void): this
  on(event: 'handshake', heard: (agreed: { kex: string; serverHostKey: string }) => void): this
  connect(options: object): this
  sftp(done: (error: Error | undefined, sftp: Ssh2Files) => void): void
  end(): void
}

type Done<Result> = (error: Error | null | undefined, result: Result) => void

export interface Ssh2Files {
  fastPut(local: string, remote: string, done: Done<void>): void
  fastGet(remote: string, local: string, done: Done<void>): void
  readdir(path: string, done: Done<readonly { readonly filename: string }[]>): void
  stat(path: string, done: Done<{ readonly size: number; readonly mode: number }>): void
  rename(from: string, to: string, done: Done<void>): void
  unlink(path: string, done: Done<void>): void
  symlink(target: string, path: string, done: Done<void>): void
  readlink(path: string, done: Done<string>): void
  chmod(path: string, mode: number, done: Done<void>): void
}

export interface Ssh2Server {
  listen(port: number, host: string, done: () => void): void
  address(): { readonly port: number }
  close(done?: () => void): void
}

/** Events of ssh2's server, as far as a test answers them. */
export interface Ssh2Peer {
  on(event: string, heard: (...args: never[]) => void): this
}

/** The library itself. */
export const ssh2 = createRequire(import.meta.url)('ssh2') as Ssh2
