import { setImmediate } from 'node:timers'
import { asError } from '../../core/error.ts'
import type { Proof } from '../../core/account.ts'
import type { Conn } from '../../core/network.ts'
import type { LoginTry, Session, Visitor } from '../../core/session.ts'
import { formatReplies, formatReply, type Reply } from '../wire/reply.ts'
import type { Abort } from './abort.ts'
import { LoggedIn } from './logged-in.ts'
import { Security } from './security.ts'
import type { FtpHouse } from './house.ts'

/** A transfer while it runs: from the first look at the file to the last reply. */
export interface Running {
  readonly abort: Abort
  /** True once the client knows that it runs (a 1xx was said): only then can other replies come in between. */
  announced: boolean
  /** Moved so far, for STAT. */
  bytes: number
  readonly what: string
}

/** One control connection: what is known of a client before, during and after its login. */
export class Visit {
  readonly server: FtpHouse
  /** Another after AUTH and CCC. */
  conn: Conn
  readonly visitor: Visitor
  readonly protocol: 'ftp' | 'ftps'
  readonly security: Security
  /** Makes the connection another one, once the reply that allows it is said. */
  change: (() => Promise<Conn>) | undefined
  /** The certificate that the user has shown, where more is needed. */
  shown: readonly Proof[] = []
  /** The name given by USER, which PASS belongs to. */
  user: string | undefined
  /** A login whose password was right and that needs a one-time code as well. */
  halfway: LoginTry | undefined
  /** The virtual host asked for (RFC 7151). */
  host: string | undefined
  login: LoggedIn | undefined
  running: Running | undefined
  /** The last word is said: nothing more is read, and the connection ends with the command that runs. */
  quit = false
  /** A last reply, when it is the server that wants the end. */
  farewell: Reply | undefined
  /** It sent what are no commands, again and again. */
  nonsense = false
  /** The client has closed its side without QUIT. What it asked before is still answered, but no upload is trusted. */
  gone = false
  /** When something was last said or moved. */
  activity: number
  idleMs: number
  #ended = false
  /** A reply of the first kind that is to be said. */
  #begun: Reply | undefined

  constructor(server: FtpHouse, conn: Conn, visitor: Visitor, protocol: 'ftp' | 'ftps') {
    this.protocol = protocol
    this.server = server
    this.conn = conn
    this.visitor = visitor
    this.activity = server.clock.ticks()
    this.idleMs = server.settings.loginMs
    this.security = new Security(this, server.settings.tls)
    visitor.kicked = (reason) => this.end(reason)
  }

  /** The control connection is over, whoever ended it. */
  get ended(): boolean {
    return this.#ended
  }

  /** Sends a reply, in one write of its own: helpers in routers miss a 227 that shares its packet or is cut in two. */
  async say(reply: Reply): Promise<void> {
    if (this.#ended) return
    const begun = this.#begun
    this.#begun = undefined
    if (begun !== undefined) this.#told(begun)
    this.#told(reply)
    try {
      await this.conn.write(begun === undefined ? formatReply(reply) : formatReplies([begun, reply]))
    } catch (thrown) {
      this.end(asError(thrown).message)
    }
  }

  /**
   * Says that something has begun (RFC 959 §4.2.1), to somebody who does not wait for it: in one write with the reply that
   * it is done, if that comes in this turn of the event loop, and else at its end.
   */
  sayBegun(reply: Reply): void {
    this.#begun = reply
    setImmediate(() => {
      if (this.#begun !== reply) return
      this.#begun = undefined
      void this.say(reply)
    })
  }

  /** The client has shown a sign of life. */
  touch(): void {
    this.activity = this.server.clock.ticks()
  }

  enter(session: Session): LoggedIn {
    this.login = new LoggedIn(this, session)
    this.idleMs = this.server.settings.idleMs
    return this.login
  }

  /** Forgets the login and all that belongs to it, and keeps the connection. */
  logout(): void {
    this.user = undefined
    this.shown = []
    this.halfway = undefined
    this.login?.data.close()
    if (this.login !== undefined) this.visitor.logout()
    this.login = undefined
  }

  /** Ends the control connection now, and a transfer with it. Safe to call twice. */
  end(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    this.running?.abort.abort(new Error(reason))
    this.login?.data.close()
    this.security.forget()
    this.conn.destroy()
    this.server.events.emit({
      kind: 'closed',
      ...this.who,
      reason,
      ...(this.login === undefined ? {} : { account: this.login.session.account.name }),
      ...(this.nonsense ? { nonsense: true } : {}),
    })
    this.visitor.leave()
  }

  /** What events say of this session. */
  get who(): { session: string; protocol: 'ftp' | 'ftps'; peer: Conn['remote'] } {
    return { session: this.visitor.id, protocol: this.protocol, peer: this.conn.remote }
  }

  warn(text: string): void {
    this.server.events.emit({ kind: 'warning', ...this.who, text })
  }

  /** Writes a line of the client's into the transcript, without what must stay secret. */
  heard(verb: string, argument: string): void {
    if (!this.server.settings.transcript) return
    this.#said('client', `${verb} ${verb === 'PASS' || verb === 'ACCT' ? '****' : argument}`.trimEnd())
  }

  #told({ code, lines }: Reply): void {
    if (this.server.settings.transcript) for (const line of lines) this.#said('server', `${code} ${line}`)
  }

  #said(from: 'client' | 'server', line: string): void {
    this.server.events.emit({ kind: 'said', ...this.who, from, line })
  }
}
