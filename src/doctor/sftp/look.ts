import { ProtocolError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { encodeText } from '../../core/text.ts'
import { ourVersion } from '../../ssh/version.ts'
import { parseKexInit } from '../../ssh/wire/kex-init.ts'
import { message } from '../../ssh/wire/message.ts'
import { parseVersion } from '../../ssh/wire/version-line.ts'
import type { Reaching } from '../checks/examination.ts'
import { speaksWhenAsked } from '../checks/reach.ts'
import { outcomeOf } from '../dialogue.ts'
import { speaks } from '../speaks.ts'
import type { Outcome } from '../step.ts'
import { within } from '../within.ts'
import type { SftpFindings } from './findings.ts'

type Looked = Pick<SftpFindings, 'greeting' | 'offer'>

/** The version line, and the algorithms that the server offers before anything is secret (RFC 4253 §7.1). */
export async function look(reaching: Reaching, conn: Conn): Promise<Looked> {
  const { clock } = reaching
  const started = clock.ticks()
  const ms = (): number => Math.round(clock.ticks() - started)
  const stream = new Stream(reaching, conn)
  let version: { readonly line: string; readonly used: number }
  try {
    version = await stream.take((bytes) => parseVersion(bytes, true))
  } catch (thrown) {
    const step = { outcome: howItEnded(thrown), ms: ms() }
    const own = speaks(stream.bytes)
    if (own !== 'nothing' || step.outcome !== 'silence') return { greeting: { ...step, speaks: own } }
    const asked = await speaksWhenAsked(reaching, conn.remote.address, conn.remote.port)
    return { greeting: { ...step, speaks: asked === 'ssh' ? 'nothing' : asked } }
  }
  stream.drop(version.used)
  const greeting = { outcome: 'works', ms: ms(), speaks: 'ssh', reply: version.line } as const
  try {
    // Some servers offer nothing before they know who comes.
    await conn.write(encodeText(`${ourVersion}\r\n`))
    const packet = await stream.take(firstPacket)
    return { greeting, offer: { outcome: 'works', ms: ms(), ...offerIn(packet) } }
  } catch (thrown) {
    const none = { kex: [], hostKeys: [], ciphers: [], macs: [] }
    return { greeting, offer: { outcome: howItEnded(thrown), ms: ms(), ...none } }
  }
}

function howItEnded(thrown: unknown): Outcome {
  if (thrown instanceof Late) return 'silence'
  return thrown instanceof ProtocolError ? 'rejected' : outcomeOf(thrown)
}

class Late extends Error {}

/** RFC 4253 §6.1: nobody may send a longer packet before the keys are agreed. */
const longestPacket = 35_000

function firstPacket(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < 5) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const size = view.getUint32(0)
  if (size > longestPacket) throw new ProtocolError('the first packet is too long')
  if (bytes.length < 4 + size) return undefined
  return bytes.subarray(5, 4 + size - view.getUint8(4))
}

function offerIn(payload: Uint8Array): Omit<NonNullable<SftpFindings['offer']>, 'outcome' | 'ms'> {
  if (payload[0] !== message.kexInit) throw new ProtocolError('the first packet offers nothing')
  const { kex, hostKeys, ciphersToClient, macsToClient } = parseKexInit(payload)
  return { kex, hostKeys, ciphers: ciphersToClient, macs: macsToClient }
}

/** What has come so far of a connection, read until a part of it is whole. */
class Stream {
  bytes: Uint8Array = new Uint8Array(0)
  readonly #reaching: Reaching
  readonly #conn: Conn
  readonly #until: number

  constructor(reaching: Reaching, conn: Conn) {
    this.#reaching = reaching
    this.#conn = conn
    this.#until = reaching.clock.ticks() + reaching.patienceMs
  }

  drop(used: number): void {
    this.bytes = this.bytes.slice(used)
  }

  async take<Part>(parse: (bytes: Uint8Array) => Part | undefined): Promise<Part> {
    for (;;) {
      const part = parse(this.bytes)
      if (part !== undefined) return part
      const { clock } = this.#reaching
      const left = this.#until - clock.ticks()
      const pieces = await within(
        clock,
        left,
        this.#conn.read().then((read) => read ?? 'end'),
      )
      if (pieces === undefined) throw new Late('nothing came')
      if (pieces === 'end') throw new ProtocolError('the connection ended')
      for (const piece of pieces) this.#keep(piece)
    }
  }

  #keep(piece: Uint8Array): void {
    const joined = new Uint8Array(this.bytes.length + piece.length)
    joined.set(this.bytes)
    joined.set(piece, this.bytes.length)
    this.bytes = joined
  }
}
