import type { SftpServer } from './server.ts'

/** sshd takes ten sessions on a connection (MaxSessions), and the first is there already. */
const most = 7

/**
 * More sessions on the same connection, opened when a long way wants them and kept for the next file. Each has a window of its own,
 * and many servers never let it grow: with one alone, an upload waits for most of each round trip.
 */
export class Siblings {
  readonly #open: () => Promise<SftpServer>
  #opening: Promise<readonly SftpServer[]> | undefined

  constructor(open: () => Promise<SftpServer>) {
    this.#open = open
  }

  /** As many as the server gives, some or none. */
  async all(): Promise<readonly SftpServer[]> {
    this.#opening ??= this.#openAll()
    const all = await this.#opening
    return all.filter(({ link }) => link.failure === undefined)
  }

  async end(): Promise<void> {
    if (this.#opening === undefined) return
    for (const { link } of await this.#opening) await link.end()
  }

  async #openAll(): Promise<readonly SftpServer[]> {
    const opened = await Promise.allSettled(Array.from({ length: most }, () => this.#open()))
    // A server that gives no more has said so; what it gave will do.
    return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }
}
