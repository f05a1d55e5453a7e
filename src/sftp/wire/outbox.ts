import { asError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'

interface Parcel {
  readonly bytes: Uint8Array
  readonly release: () => void
}

/** Messages up to this size travel together: one packet for many of them. */
const small = 16 * 1024
const together = 32 * 1024

/** Messages on their way out, in the order they became ready. */
export class Outbox {
  readonly #conn: Conn
  readonly #moved: () => void
  readonly #parcels: Parcel[] = []
  #size = 0
  #sending: Promise<void> | undefined

  /** `moved` is called whenever there is less to send. */
  constructor(conn: Conn, moved: () => void) {
    this.#conn = conn
    this.#moved = moved
  }

  /** How many bytes wait. */
  get size(): number {
    return this.#size
  }

  /** `release` is called when the bytes are no longer needed. */
  add(bytes: Uint8Array, release: () => void = () => undefined): void {
    this.#parcels.push({ bytes, release })
    this.#size += bytes.length
    this.#sending ??= this.#send()
  }

  /** Resolves when all that was added is on its way, or cannot be sent any more. */
  async emptied(): Promise<void> {
    await this.#sending
  }

  async #send(): Promise<void> {
    // One turn later: the messages that become ready in this one leave together.
    await Promise.resolve()
    try {
      for (let parcels = this.#take(); parcels.length > 0; parcels = this.#take()) {
        const [first] = parcels
        try {
          await this.#conn.write(first !== undefined && parcels.length === 1 ? first.bytes : joined(parcels))
        } finally {
          for (const { bytes, release } of parcels) {
            this.#size -= bytes.length
            release()
          }
        }
        this.#moved()
      }
    } catch (thrown) {
      // Nobody hears the rest; who reads from the connection is told by that it is cut.
      for (const { release } of this.#parcels.splice(0)) release()
      this.#size = 0
      this.#conn.destroy(asError(thrown))
      this.#moved()
    }
    this.#sending = undefined
  }

  /** The next large one alone, or as many small ones as fit together. */
  #take(): Parcel[] {
    let count = 0
    let size = 0
    for (const { bytes } of this.#parcels) {
      if (count > 0 && (bytes.length > small || size + bytes.length > together)) break
      count += 1
      size += bytes.length
      if (bytes.length > small) break
    }
    return this.#parcels.splice(0, count)
  }
}

function joined(parcels: readonly Parcel[]): Uint8Array {
  const whole = new Uint8Array(parcels.reduce((sum, { bytes }) => sum + bytes.length, 0))
  let at = 0
  for (const { bytes } of parcels) {
    whole.set(bytes, at)
    at += bytes.length
  }
  return whole
}
