import { asError, ProtocolError } from '../../core/error.ts'
import { Lines } from '../../wire/lines.ts'
import { parseCommand, type CommandLine } from '../wire/command.ts'
import { reply, type Reply } from '../wire/reply.ts'
import { cleanTelnet } from '../wire/telnet.ts'
import { commandFor } from './commands/table.ts'
import type { Command } from './command.ts'
import { replyToError } from './faults.ts'
import { foreignProtocol } from './foreign-protocol.ts'
import { longestLine, longestQueue } from './settings.ts'
import type { Visit } from './visit.ts'

/**
 * The talk on one control connection. Lines are read as they come and commands run one after another; while a
 * transfer runs, what may not wait (ABOR, STAT, NOOP, QUIT) is answered at once and the rest is queued in order.
 */
export class Conversation {
  readonly #visit: Visit
  readonly #lines = new Lines(longestLine)
  readonly #queue: CommandLine[] = []
  #working = false
  #bad = 0
  #lineCount = 0
  /** Called when the queue has room again, or is empty. */
  #wakeReader: (() => void) | undefined

  constructor(visit: Visit) {
    this.#visit = visit
  }

  /** Resolves when the connection is over. Never rejects. */
  async run(): Promise<void> {
    try {
      if (this.#visit.protocol === 'ftps') await this.#beginImplicit()
      await this.#visit.say(reply(220, this.#visit.server.settings.greeting))
      await this.#read()
      await this.#idle()
      await this.#hangUp(this.#visit.quit ? 'it said good-bye' : 'the client closed the connection')
    } catch (thrown) {
      this.#visit.end(asError(thrown).message)
    }
  }

  /** Implicit FTPS: TLS first, and for data connections too without a word (PROT C is still taken). */
  async #beginImplicit(): Promise<void> {
    const { security } = this.#visit
    security.sized = true
    security.level = 'P'
    this.#visit.change = () => security.begin(this.#visit.conn)
    await this.#changeConnection()
  }

  async #read(): Promise<void> {
    const visit = this.#visit
    while (!visit.ended && !visit.quit) {
      const pieces = await visit.conn.read()
      if (pieces === undefined) {
        visit.gone = true
        visit.login?.data.hurry()
        return
      }
      for (const [index, piece] of pieces.entries()) {
        this.#lines.push(piece)
        await this.#takeLines(index < pieces.length - 1)
      }
      const early = this.#lines.nextWithoutFeed(isSaidUrgently)
      if (early !== undefined) await this.#takeLine(early, false)
      if (visit.change !== undefined) await this.#changeConnection()
    }
  }

  /** `more`: there are bytes behind these already. */
  async #takeLines(more: boolean): Promise<void> {
    for (;;) {
      let line: Uint8Array | undefined
      try {
        line = this.#lines.next()
      } catch (thrown) {
        if (!(thrown instanceof ProtocolError)) throw thrown
        await this.#broken(`A command line is at most ${longestLine} bytes long.`)
        continue
      }
      if (line === undefined || this.#visit.ended || this.#visit.quit) return
      await this.#takeLine(line, more || this.#lines.pending > 0)
    }
  }

  async #takeLine(raw: Uint8Array, more: boolean): Promise<void> {
    const visit = this.#visit
    visit.touch()
    this.#lineCount += 1
    const { line, answers } = cleanTelnet(raw)
    const command = parseCommand(line)
    const isOurs = commandFor(command.verb) !== undefined
    const foreign = isOurs ? undefined : foreignProtocol(raw, this.#lineCount === 1)
    if (foreign !== undefined) {
      await visit.say(reply(421, `This is an FTP server, not ${foreign}.`))
      visit.end(`the client spoke ${foreign}`)
      return
    }
    if (answers.length > 0) await visit.conn.write(answers)
    if (command.verb === '' && command.argument === '') return
    visit.heard(command.verb, command.argument)
    if (changesConnection(command, visit)) {
      await this.#idle()
      // Someone between us may have put them there, and under TLS they would count as the client's (CVE-2011-0411).
      if (more) {
        await visit.say(reply(421, `Nothing may be sent behind ${command.verb} before it is answered.`))
        visit.end(`bytes came behind ${command.verb}, before the encryption changed`)
        return
      }
    }
    await this.#dispatch(command)
    if (changesConnection(command, visit)) await this.#idle()
  }

  async #dispatch(line: CommandLine): Promise<void> {
    const { running } = this.#visit
    // ABOR acts at once and is answered in its turn: behind the reply of what it has stopped.
    if (running !== undefined && line.verb === 'ABOR') running.abort.abort(new Error('the client sent ABOR'))
    // In between another's replies only when the client knows that a transfer runs and waits for nothing else.
    if (running?.announced === true && this.#queue.length === 0 && isUrgent(line)) {
      await this.#visit.say(await this.#answer(line))
      return
    }
    this.#queue.push(line)
    if (!this.#working) this.#visit.server.finish(this.#work())
    while (this.#queue.length >= longestQueue && !this.#visit.ended) await this.#roomInQueue()
  }

  /** Nothing is read on while what was read may change the connection. */
  async #idle(): Promise<void> {
    while (this.#working && !this.#visit.ended) await this.#roomInQueue()
  }

  async #changeConnection(): Promise<void> {
    const visit = this.#visit
    const { change } = visit
    visit.change = undefined
    if (change === undefined || visit.ended) return
    try {
      visit.conn = await change()
    } catch (thrown) {
      throw new Error(`the encryption could not be changed: ${asError(thrown).message}`, { cause: thrown })
    }
    visit.touch()
  }

  /** Runs what is queued, in order. */
  async #work(): Promise<void> {
    this.#working = true
    try {
      for (let line = this.#queue.shift(); line !== undefined; line = this.#queue.shift()) {
        if (this.#visit.ended) break
        const answer = await this.#answer(line)
        await this.#visit.say(answer)
        this.#visit.touch()
        this.#wake()
        if (this.#visit.quit) break
      }
    } finally {
      this.#working = false
      this.#wake()
    }
    if (this.#visit.quit) await this.#hangUp('it said good-bye')
  }

  /** The final reply to a command; every error has become one. */
  async #answer(line: CommandLine): Promise<Reply> {
    const command = commandFor(line.verb)
    this.#forgetFrom(line)
    if (command === undefined) return this.#unknown(line)
    try {
      if (command.argument === 'needed' && line.argument === '') return reply(501, `Syntax: ${command.help}`)
      return await this.#run(command, line)
    } catch (thrown) {
      const answer = replyToError(thrown)
      if (answer !== undefined) return answer
      const error = asError(thrown)
      const text = `${line.verb}: ${error.stack ?? error.message}`
      this.#visit.server.events.emit({ kind: 'bug', ...this.#visit.who, text })
      return reply(451, 'The server made a mistake, its log tells which.')
    }
  }

  async #run(command: Command, line: CommandLine): Promise<Reply> {
    switch (command.needs) {
      case 'nothing':
        return command.run(this.#visit, line.argument)
      case 'login': {
        const { login } = this.#visit
        if (login === undefined) return reply(530, 'Log in first, with USER and PASS.')
        return command.run(login, line.argument)
      }
    }
  }

  /**
   * RNTO comes right behind RNFR (RFC 959 §4.1.3), and so does SITE CPTO behind SITE CPFR; NOOP and STAT may be said by a timer
   * of the client's, at any time.
   */
  #forgetFrom(line: CommandLine | undefined): void {
    const { login } = this.#visit
    if (login === undefined || (line !== undefined && isUrgent(line))) return
    if (line?.verb !== 'RNTO' || line.argument === '') login.renameFrom = undefined
    // SITE knows its own words.
    if (line?.verb !== 'SITE' || line.argument === '') login.copyFrom = undefined
  }

  async #unknown(line: CommandLine): Promise<Reply> {
    this.#bad += 1
    if (this.#bad >= this.#visit.server.settings.badCommands) {
      this.#visit.quit = true
      this.#visit.nonsense = true
      return reply(421, 'Too many commands that are none.')
    }
    return reply(
      500,
      line.verb === '' ? 'That is no command.' : 'That command is not known here, HELP lists them.',
    )
  }

  async #broken(text: string): Promise<void> {
    this.#bad += 1
    this.#forgetFrom(undefined)
    await this.#visit.say(reply(500, text))
    if (this.#bad < this.#visit.server.settings.badCommands) return
    await this.#visit.say(reply(421, 'Too many commands that are none.'))
    this.#visit.nonsense = true
    this.#visit.end('too many bad commands')
  }

  async #hangUp(reason: string): Promise<void> {
    if (this.#visit.ended || this.#working) return
    if (this.#visit.farewell !== undefined) await this.#visit.say(this.#visit.farewell)
    try {
      await this.#visit.conn.end()
    } catch {
      // The client was faster.
    }
    this.#visit.end(reason)
  }

  async #roomInQueue(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wakeReader = resolve
    })
  }

  #wake(): void {
    const wake = this.#wakeReader
    this.#wakeReader = undefined
    wake?.()
  }
}

/**
 * What Python's ftplib (ABOR) and Ruby's net/ftp (ABOR and STAT) say as urgent data: the system takes the last byte of that,
 * the LF, out of the stream, and Node cannot have it left in.
 */
function isSaidUrgently(line: Uint8Array): boolean {
  const { verb } = parseCommand(line)
  return verb === 'ABOR' || verb === 'STAT'
}

/** STAT with a path is a listing and waits its turn. */
function isUrgent(line: CommandLine): boolean {
  return commandFor(line.verb)?.urgent === true && (line.verb !== 'STAT' || line.argument === '')
}

/** Before these nothing else may be under way, and behind them nothing is read until they are done. */
function changesConnection({ verb }: CommandLine, visit: Visit): boolean {
  return (verb === 'AUTH' || verb === 'CCC') && visit.security.settings !== undefined
}
