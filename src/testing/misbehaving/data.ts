import type { Conn, Network, Peer, Port } from '../../core/network.ts'

const patienceMs = 5000

/** The data connection of a scripted server: agreed by PASV or PORT, made when it is used. */
export class Data {
  readonly #network: Network
  #target: Peer | undefined
  #listener: Port | undefined
  #incoming: Promise<Conn> | undefined
  #conn: Conn | undefined
  /** All that were made: who ended one still has to let go of it. */
  readonly #made = new Set<Conn>()
  #port = 0

  constructor(network: Network) {
    this.#network = network
  }

  /** The port that was told last. */
  get port(): number {
    return this.#port
  }

  /** Opens a passive port; one that refuses is closed again at once, and nobody else gets its number meanwhile. */
  async listen(host: string, refuses: boolean): Promise<void> {
    await this.forget()
    const { promise, resolve } = Promise.withResolvers<Conn>()
    const listener = await this.#network.listen({ host, port: 0 }, (conn) => {
      this.#made.add(conn)
      resolve(conn)
    })
    this.#port = listener.local.port
    if (refuses) return listener.close()
    this.#listener = listener
    this.#incoming = promise
  }

  /** The client listens there. */
  async aim(target: Peer | undefined): Promise<void> {
    await this.forget()
    this.#target = target
  }

  /** The connection, once it stands; undefined where nothing was agreed. */
  async conn(): Promise<Conn | undefined> {
    if (this.#conn === undefined && this.#incoming !== undefined) this.#conn = await this.#incoming
    if (this.#conn === undefined && this.#target !== undefined) {
      const { address: host, port } = this.#target
      this.#conn = await this.#network.connect({ host, port, timeoutMs: patienceMs })
      this.#made.add(this.#conn)
    }
    return this.#conn
  }

  /** Ends it as if all had been sent. */
  async end(): Promise<void> {
    const conn = await this.conn()
    await conn?.end()
    await this.forget()
  }

  async cut(): Promise<void> {
    const conn = await this.conn()
    conn?.destroy(new Error('cut by the script'))
    await this.forget()
  }

  /** Lets go of whatever there is. */
  async forget(): Promise<void> {
    const listener = this.#listener
    this.#conn = undefined
    this.#incoming = undefined
    this.#target = undefined
    this.#listener = undefined
    await listener?.close()
  }

  /** Ends everything, at once. */
  destroy(): void {
    for (const conn of this.#made) conn.destroy()
    void this.forget()
  }
}
