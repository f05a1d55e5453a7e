import { NetworkError } from '../../../core/error.ts'
import type { Conn } from '../../../core/network.ts'
import type { Reply } from '../../wire/reply.ts'
import type { Hearer } from '../session/control.ts'
import { dialling, NoWay, placeIn, type DataPlace } from './data-channel.ts'
import { textOf } from '../faults.ts'
import type { FtpSession } from '../session/session.ts'
import { giveUpTogether } from '../session/say-together.ts'
import { lastWordsMs } from './last-words.ts'

/** By which way a small file may be moved quickly: one that has led somewhere, of a server that has taken commands together. */
export function quickWay({ house, isBinary, isPrivate }: FtpSession): 'EPSV' | 'PASV' | undefined {
  const [way] = house.ways
  const isKnown = isBinary && !isPrivate && house.together.hasWorked && house.together.hasReached(way)
  return isKnown && (way === 'EPSV' || way === 'PASV') ? way : undefined
}

/** What is moved, and how. */
export interface Quick {
  readonly way: 'EPSV' | 'PASV'
  readonly line: string
  /** What is asked once the file has moved, in one write. */
  readonly asked: readonly string[]
  /** Moves the bytes; `moved` when that is done. */
  move(conn: Conn, moved: () => void, failed: () => void): void
}

/** What follows in the same session, asked for when a file has moved: its commands go in one write with what is asked behind the file. */
export type Following = () => QuickTransfer | undefined

/**
 * Moves a small file as most of them go: two commands in one write, the bytes, three replies. A tree is mostly such files, and
 * all that an open file needs for what may happen between (places, retries, pieces) costs as much as the rest of it. What comes
 * decides what is next, and nothing waits in between.
 */
export class QuickTransfer implements Hearer {
  /**
   * The replies to what is asked behind the file. undefined: it went otherwise, and nothing is known of the file; who wants it opens
   * it. The session is in step then, or over.
   */
  readonly done: Promise<readonly Reply[] | undefined>
  readonly #session: FtpSession
  readonly #quick: Quick
  readonly #signal: AbortSignal | undefined
  readonly #ending: Omit<PromiseWithResolvers<readonly Reply[] | undefined>, 'promise'>
  /** What comes next: a reply, or the end of the bytes. */
  #next: 'agreed' | 'begun' | 'done' | 'bytes' | 'answers' | 'nothing' = 'agreed'
  #conn: Conn | undefined
  #hasWay = true
  #isMoved = false
  readonly #answers: Reply[] = []
  readonly #follows: Following | undefined
  #following: QuickTransfer | undefined

  constructor(session: FtpSession, quick: Quick, signal: AbortSignal | undefined, follows?: Following) {
    const { promise, ...ending } = Promise.withResolvers<readonly Reply[] | undefined>()
    this.done = promise
    this.#ending = ending
    this.#session = session
    this.#quick = quick
    this.#signal = signal
    this.#follows = follows
  }

  /** What follows it in the same session, once it has moved. */
  get following(): QuickTransfer | undefined {
    return this.#following
  }

  /** Begins, where it follows no other. */
  begin(): this {
    this.#session.used = true
    this.#say(this.#opening)
    this.#goOn()
    return this
  }

  get #opening(): readonly string[] {
    return [this.#quick.way, this.#quick.line]
  }

  /** Its commands were sent: all of it is to take no longer than one silence may. */
  #goOn(): void {
    const { control } = this.#session
    control.patience()
    control.hear(this)
  }

  replied(reply: Reply): boolean {
    switch (this.#next) {
      case 'agreed':
        this.#next = 'begun'
        this.#connect(reply)
        break
      case 'begun':
        this.#begun(reply.code)
        break
      case 'done':
        // What goes on meanwhile (1xx) is no end of it.
        if (reply.code >= 300) this.#giveUp()
        else if (reply.code >= 200) this.#done()
        break
      case 'answers':
        if (reply.code === 421) this.lost(new NetworkError('closed', 'the server ends the session'))
        else if (this.#answers.push(reply) === this.#quick.asked.length) {
          this.#end(this.#answers)
          if (this.#following !== undefined) this.#following.#goOn()
        }
        break
      case 'bytes':
      case 'nothing':
    }
    return this.#next !== 'bytes' && this.#next !== 'nothing'
  }

  lost(why: unknown): void {
    if (this.#next === 'nothing') return
    const { house, control } = this.#session
    const isOver = why instanceof NetworkError && this.#signal?.aborted !== true
    if (isOver && this.#next === 'answers') giveUpTogether(house, control, why.message)
    if (isOver) this.#giveUp()
    else this.#fail(why)
  }

  #say(lines: readonly string[]): void {
    this.#session.control.sendTogether(lines).catch((thrown: unknown) => this.lost(thrown))
  }

  #connect(agreed: Reply): void {
    if (agreed.code >= 300) return this.#noWay()
    let place: DataPlace
    try {
      place = placeIn(this.#session, this.#quick.way, textOf(agreed))
    } catch (thrown) {
      if (!(thrown instanceof NoWay)) throw thrown
      return this.#noWay()
    }
    const how = dialling(this.#session, place, this.#signal)
    this.#session.house.network.connect(how).then(
      (conn) => this.#connected(conn),
      (thrown: unknown) => (thrown instanceof NetworkError ? this.#noWay() : this.#fail(thrown)),
    )
  }

  /** Perhaps the file was refused, and nobody is waited for. */
  #noWay(): void {
    this.#hasWay = false
    if (this.#next === 'begun') this.#session.control.patience(lastWordsMs)
    else this.#giveUp()
  }

  #connected(conn: Conn): void {
    if (this.#next === 'nothing') return conn.destroy()
    this.#conn = conn
    this.#quick.move(
      conn,
      () => this.#moved(),
      () => this.#giveUp(),
    )
  }

  #begun(code: number): void {
    // A server that refuses a file may let the data connection wait.
    if (code >= 400 && code !== 421) this.#end(undefined)
    else if (code < 200 && this.#hasWay) this.#next = 'done'
    else this.#giveUp()
  }

  /** The server has done its part; the last bytes may still be on their way to us. */
  #done(): void {
    if (this.#isMoved) this.#ask()
    else this.#next = 'bytes'
  }

  #moved(): void {
    this.#isMoved = true
    if (this.#next === 'bytes' && this.#ask()) this.#session.control.hear(this)
  }

  /** Asks what is to be asked behind the file, and tells whether that is anything. */
  #ask(): boolean {
    const { asked } = this.#quick
    if (asked.length === 0) {
      this.#end(this.#answers)
      return false
    }
    this.#next = 'answers'
    this.#following = this.#follows?.()
    this.#session.control.patience()
    this.#say(this.#following === undefined ? asked : [...asked, ...this.#following.#opening])
    return true
  }

  /** What comes from now on would be taken for the answer to something else. */
  #giveUp(): void {
    if (this.#next === 'nothing') return
    this.#end(undefined)
    this.#session.control.destroy()
    if (this.#following !== undefined) this.#following.#giveUp()
  }

  #fail(why: unknown): void {
    if (this.#next === 'nothing') return
    this.#ending.reject(why)
    if (this.#following !== undefined) this.#following.#ending.reject(why)
    this.#giveUp()
  }

  #end(result: readonly Reply[] | undefined): void {
    this.#next = 'nothing'
    this.#session.control.hush()
    this.#conn?.destroy()
    this.#ending.resolve(result)
  }
}
