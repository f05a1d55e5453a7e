import type { Clock } from '../../core/clock.ts'
import type { Conn, Network } from '../../core/network.ts'
import { decodeText, encodeText } from '../../core/text.ts'
import { parseEprt, parsePort } from '../../ftp/wire/address.ts'
import { parseCommand } from '../../ftp/wire/command.ts'
import { Lines } from '../../wire/lines.ts'
import { Data } from './data.ts'
import type { FtpScript, Step } from './script.ts'
import { contentOf, listingOf } from './files.ts'
import { usualAnswer } from './usual-answer.ts'

/** What a session is given. */
export interface SessionParts {
  readonly script: FtpScript
  readonly network: Network
  readonly clock: Clock
  /** Where the commands are written down. */
  readonly heard: string[]
  readonly stored: Map<string, Uint8Array>
  /** How often each verb came, over all sessions. */
  readonly uses: Map<string, number>
}

const longestLine = 8192
const block = 16_384
const lingerMs = 1000
const banner: readonly Step[] = [{ kind: 'say', text: '220 Ready' }]
const usualOnly: readonly Step[] = [{ kind: 'usual' }]

/** One control connection of a scripted server. */
export class Session {
  readonly #conn: Conn
  readonly #parts: SessionParts
  readonly #data: Data
  readonly #lines = new Lines(longestLine)
  readonly #waiting: string[] = []
  #wake: () => void = () => {}
  #ended = false
  #from = 0
  #gone: Promise<void> = Promise.resolve()

  constructor(conn: Conn, parts: SessionParts) {
    this.#conn = conn
    this.#parts = parts
    this.#data = new Data(parts.network)
  }

  /** Runs until one of both closes. Never rejects. */
  async run(): Promise<void> {
    this.#gone = this.#listen()
    try {
      await this.#perform(this.#parts.script.greeting ?? banner, '', '')
      for (let line = await this.#next(); line !== undefined; line = await this.#next())
        await this.#answer(line)
    } catch {
      // The client is gone in the middle of a step: the script ends there.
    }
    this.end()
  }

  /** Ends both connections. */
  end(): void {
    this.#ended = true
    this.#wake()
    this.#data.destroy()
    this.#conn.destroy()
  }

  async #listen(): Promise<void> {
    try {
      for (let pieces = await this.#conn.read(); pieces !== undefined; pieces = await this.#conn.read()) {
        for (const piece of pieces) this.#lines.push(piece)
        this.#take()
        this.#wake()
      }
    } catch {
      // Cut by the client, or not FTP: the same as its end.
    }
    this.#ended = true
    this.#wake()
  }

  #take(): void {
    const { script, heard } = this.#parts
    let isFirst = true
    for (let line = this.#lines.next(); line; line = this.#lines.next()) {
      if (!isFirst && script.together === 'cuts') return this.end()
      if (isFirst || script.together === undefined) {
        this.#waiting.push(decodeText(line))
        heard.push(decodeText(line))
      }
      isFirst = false
    }
  }

  async #next(): Promise<string | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#ended) return undefined
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    return this.#waiting.shift()
  }

  async #answer(line: string): Promise<void> {
    const command = parseCommand(encodeText(line))
    const verb = command?.verb.toUpperCase() ?? ''
    const { script, uses } = this.#parts
    const use = uses.get(verb) ?? 0
    uses.set(verb, use + 1)
    const lists = script.answers?.[verb]
    const steps = lists?.[Math.min(use, lists.length - 1)] ?? usualOnly
    const argument = command?.argument ?? ''
    const [first] = steps
    const isRefused = first?.kind === 'say' && /^[45]/u.test(first.text)
    if (verb === 'REST' && !isRefused) this.#from = Number(argument)
    if (verb === 'PORT') await this.#data.aim(parsePort(argument))
    if (verb === 'EPRT') {
      const place = parseEprt(argument)
      await this.#data.aim(place.kind === 'peer' ? place.peer : undefined)
    }
    if (verb === 'APPE') {
      const { stored } = this.#parts
      this.#from = contentOf(script, stored, argument)?.length ?? 0
    }
    await this.#perform(steps, verb, argument)
    if (verb === 'APPE' || verb === 'RETR' || verb === 'STOR') this.#from = 0
  }

  async #perform(steps: readonly Step[], verb: string, argument: string): Promise<void> {
    for (const step of steps) {
      if (this.#ended && step.kind !== 'receive') return
      await this.#step(step, verb, argument)
    }
  }

  async #step(step: Step, verb: string, argument: string): Promise<void> {
    switch (step.kind) {
      case 'say':
        return this.#write(encodeText(`${this.#filled(step.text)}\r\n`))
      case 'bytes':
        return this.#write(typeof step.bytes === 'string' ? encodeText(step.bytes) : step.bytes)
      case 'wait':
        return this.#wait(step.ms)
      case 'listen':
        return this.#data.listen(this.#conn.local.address, step.refuses === true)
      case 'send':
        return this.#send(this.#subject(verb, argument), step.from ?? 0, step.to ?? 1)
      case 'receive':
        return this.#receive(argument, step.bytes ?? Number.MAX_SAFE_INTEGER)
      case 'end-data':
        return this.#data.end()
      case 'cut-data':
        return this.#data.cut()
      case 'stall':
        return this.#stall()
      case 'close':
        await this.#conn.end()
        // What was said must arrive: a connection that is dropped with commands unread takes it back.
        await Promise.race([this.#gone, this.#wait(lingerMs)])
        return this.end()
      case 'cut':
        this.#conn.destroy(new Error('cut by the script'))
        return this.end()
      case 'usual':
        return this.#perform(usualAnswer(verb, this.#standing(argument)), verb, argument)
    }
  }

  #standing(argument: string) {
    const { script, stored } = this.#parts
    return { script, argument, content: (path: string) => contentOf(script, stored, path) }
  }

  /** What a command sends. */
  #subject(verb: string, argument: string): Uint8Array {
    const { script, stored } = this.#parts
    if (verb === 'RETR') return (contentOf(script, stored, argument) ?? new Uint8Array()).subarray(this.#from)
    return listingOf(script, verb)
  }

  async #send(content: Uint8Array, from: number, to: number): Promise<void> {
    const conn = await this.#data.conn()
    const end = Math.round(content.length * to)
    for (let at = Math.round(content.length * from); at < end; at += block) {
      await conn?.write(content.subarray(at, Math.min(at + block, end)))
    }
  }

  async #receive(path: string, most: number): Promise<void> {
    const conn = await this.#data.conn()
    const { script, stored } = this.#parts
    const before = this.#from > 0 ? contentOf(script, stored, path)?.subarray(0, this.#from) : undefined
    const pieces: Uint8Array[] = before ? [before] : []
    let taken = 0
    while (taken < most) {
      const read = await conn?.read()
      if (read === undefined) break
      for (const piece of read) {
        pieces.push(Uint8Array.from(piece))
        taken += piece.length
      }
    }
    const kept = Buffer.concat(pieces).subarray(0, (before?.length ?? 0) + most)
    stored.set(`/${path.replace(/^\/+/u, '')}`, new Uint8Array(kept))
    if (taken < most) await this.#data.forget()
  }

  /** Waits for the client to have enough; ABOR is answered as a good server does. */
  async #stall(): Promise<void> {
    const line = await this.#next()
    if (line === undefined) return
    if (/ABOR$/iu.test(line)) {
      await this.#data.cut().catch(() => undefined)
      await this.#write(encodeText('426 Stopped\r\n226 Done\r\n'))
    } else this.#waiting.unshift(line)
  }

  #filled(text: string): string {
    const { port } = this.#data
    return text.replaceAll('{port}', String(port)).replaceAll('{numbers}', `${port >> 8},${port & 255}`)
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const length = this.#parts.script.pieces ?? bytes.length
    for (let at = 0; at < bytes.length; at += length) {
      if (at > 0) await this.#wait(1)
      await this.#conn.write(bytes.slice(at, at + length))
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(ms, resolve))
  }
}
