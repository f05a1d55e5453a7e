import type { Clock } from '../../core/clock.ts'
import { ProtocolError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import type { Signer } from '../signer.ts'
import { signingAlgorithms } from '../signing-algorithms.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'

/** The numbers of draft-ietf-sshm-ssh-agent §6.1. */
const numbers = { failure: 5, askKeys: 11, keys: 12, askSignature: 13, signature: 14 } as const

/** As long as an answer may be (OpenSSH's limit). */
const longestAnswer = 256 * 1024
const mostKeys = 1000

/** To tell its keys an agent needs nobody; to sign it may wait for a person's yes, or for a finger on a token. */
const mostListingMs = 5000

/** An ssh-agent: it holds keys, and signs with them without giving them away. */
export interface Agent {
  keys(): Promise<readonly Signer[]>
  close(): void
}

/** Speaks to an agent over a connection to its socket. One question at a time. */
export function sshAgent(conn: Conn, clock: Clock): Agent {
  return new OpenAgent(conn, clock)
}

class OpenAgent implements Agent {
  readonly #conn: Conn
  readonly #clock: Clock
  #bytes = new Uint8Array(0)
  #last: Promise<unknown> = Promise.resolve()

  constructor(conn: Conn, clock: Clock) {
    this.#conn = conn
    this.#clock = clock
  }

  async keys(): Promise<readonly Signer[]> {
    const late = this.#clock.after(mostListingMs, () => this.#conn.destroy())
    const reader = await this.#ask(new Writer().byte(numbers.askKeys).done(), numbers.keys).finally(() =>
      late.cancel(),
    )
    const count = reader.uint32()
    if (count > mostKeys) throw new ProtocolError('the agent has more keys than anybody')
    return Array.from({ length: count }, () => {
      const blob = reader.string().slice()
      return this.#signer(blob, reader.text())
    })
  }

  close(): void {
    this.#conn.destroy()
  }

  #signer(blob: Uint8Array, comment: string): Signer {
    const kind = new Reader(blob).text()
    return {
      blob,
      comment,
      algorithms: signingAlgorithms(kind),
      sign: async (data, algorithm) => {
        const asked = new Writer(data.length + blob.length + 16)
          .byte(numbers.askSignature)
          .string(blob)
          .string(data)
          .uint32(flagsOf(algorithm))
          .done()
        const reader = await this.#ask(asked, numbers.signature)
        return reader.string().slice()
      },
    }
  }

  /** Asks when the questions before are answered. */
  #ask(message: Uint8Array, wanted: number): Promise<Reader> {
    const answer = this.#last.then(async () => {
      await this.#conn.write(new Writer(message.length + 4).string(message).done())
      const reader = new Reader(await this.#next())
      const kind = reader.byte()
      if (kind === numbers.failure) throw new ProtocolError('the agent refused')
      if (kind !== wanted) throw new ProtocolError('the agent gave an answer to something else')
      return reader
    })
    this.#last = answer.catch(() => undefined)
    return answer
  }

  async #next(): Promise<Uint8Array> {
    for (;;) {
      if (this.#bytes.length >= 4) {
        const length = new Reader(this.#bytes).uint32()
        if (length < 1 || length > longestAnswer) throw new ProtocolError('the agent speaks something else')
        if (this.#bytes.length >= 4 + length) {
          const message = this.#bytes.slice(4, 4 + length)
          this.#bytes = this.#bytes.slice(4 + length)
          return message
        }
      }
      const pieces = await this.#conn.read()
      if (pieces === undefined) throw new ProtocolError('the agent has gone')
      this.#bytes = new Uint8Array(Buffer.concat([this.#bytes, ...pieces]))
    }
  }
}

/** draft-ietf-sshm-ssh-agent §4.6.1. */
function flagsOf(algorithm: string): number {
  if (algorithm.startsWith('rsa-sha2-256')) return 2
  return algorithm.startsWith('rsa-sha2-512') ? 4 : 0
}
