import type { Conn } from '../core/network.ts'
import { PacketReader } from '../ssh/packet/packet-reader.ts'
import { plainSealer } from '../ssh/packet/sealer.ts'
import { Transport, type Layer } from '../ssh/transport.ts'
import { usualAlgorithms } from '../ssh/offer.ts'
import { systemClock } from '../core/clock.ts'
import { message } from '../ssh/wire/message.ts'
import { Writer } from '../ssh/wire/writer.ts'

/** Everything that a connection still says, until it ends or is cut. */
export async function restOf(conn: Conn): Promise<Buffer> {
  const pieces: Buffer[] = []
  try {
    for (let read = await conn.read(); read !== undefined; read = await conn.read())
      pieces.push(Buffer.from(Buffer.concat([...read])))
  } catch {
    // A cut is an end as well.
  }
  return Buffer.concat(pieces)
}

/** A packet in clear, as before the first key exchange. */
export function plainPacket(payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(payload.length + 64)
  return out.slice(0, plainSealer.seal([payload], out, 0, 0))
}

/** The payloads in what a server says in clear, behind its version line. */
export function plainPayloads(said: Uint8Array): Uint8Array[] {
  const reader = new PacketReader()
  reader.push(said.subarray(said.indexOf(0x0a) + 1))
  const found: Uint8Array[] = []
  for (let payload = reader.next(); payload !== undefined; payload = reader.next()) found.push(payload)
  return found
}

/** A client that has exchanged keys, may be logged in, and from there on says whatever it is told to. */
export class RawSsh implements Layer {
  /** What the server has said above the transport. */
  readonly heard: { number: number; payload: Uint8Array }[] = []
  /** Resolves with the reason when the connection is over. */
  readonly over: Promise<Error>
  readonly #transport: Transport
  #wake: (() => void) | undefined

  constructor(conn: Conn) {
    this.#transport = new Transport({
      conn,
      clock: systemClock,
      version: 'SSH-2.0-Rogue_1',
      side: { role: 'client', check: async () => undefined },
      hostKeyAlgorithms: ['ssh-ed25519'],
      algorithms: usualAlgorithms,
      layer: this,
    })
    this.over = this.#transport.run()
    void this.#tellOfEnd()
  }

  secured(): void {
    this.#transport.state = 'running'
    this.heard.push({ number: 0, payload: new Uint8Array(0) })
    this.#wake?.()
  }

  take(number: number, payload: Uint8Array): void {
    if (number === message.authSuccess) this.#transport.state = 'running'
    this.heard.push({ number, payload })
    this.#wake?.()
  }

  room(): void {
    // It never waits for any.
  }

  say(...payloads: readonly Uint8Array[]): void {
    for (const payload of payloads) this.#transport.send(payload)
  }

  /** Waits for a message of this number; 0: keys are exchanged. */
  async until(number: number): Promise<Uint8Array> {
    for (;;) {
      const at = this.heard.findIndex((one) => one.number === number)
      if (at !== -1) return this.heard.splice(at, 1)[0]?.payload ?? new Uint8Array(0)
      if (this.#transport.ended !== undefined) throw this.#transport.ended
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async #tellOfEnd(): Promise<void> {
    await this.over
    this.#wake?.()
  }

  /** Logs in as anna. */
  async login(): Promise<void> {
    await this.until(0)
    // What a server may say before it lets us in is allowed to it in this state only.
    this.#transport.state = 'login'
    this.say(new Writer().byte(message.serviceRequest).string('ssh-userauth').done())
    await this.until(message.serviceAccept)
    const request = new Writer().byte(message.authRequest).string('anna').string('ssh-connection')
    this.say(request.string('password').boolean(false).string('secret').done())
    await this.until(message.authSuccess)
  }

  /** Opens a channel of its own number and gives the server's. */
  async open(id: number, window = 1_000_000): Promise<number> {
    this.say(
      new Writer()
        .byte(message.channelOpen)
        .string('session')
        .uint32(id)
        .uint32(window)
        .uint32(32_768)
        .done(),
    )
    const answer = await this.until(message.channelOpenConfirmation)
    return Buffer.from(answer).readUInt32BE(5)
  }
}
