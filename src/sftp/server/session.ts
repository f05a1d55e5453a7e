import { blockPool, type Blocks } from '../../core/blocks.ts'
import type { Clock } from '../../core/clock.ts'
import { asError, ProtocolError } from '../../core/error.ts'
import type { Events } from '../../core/event.ts'
import type { Session } from '../../core/session.ts'
import { isLater } from '../../core/soon.ts'
import type { Store } from '../../core/store.ts'
import { readHello, writeHello } from '../wire/hello.ts'
import { Messages, type Message } from '../wire/messages.ts'
import { Outbox, type PieceConn } from '../wire/outbox.ts'
import { uint32At } from '../wire/reader.ts'
import { status, writeReply, type Answer } from '../wire/reply.ts'
import { readRequest, type SftpRequest } from '../wire/request.ts'
import { announced } from './announced.ts'
import { answerToError, failed } from './faults.ts'
import { Handles } from './handles.ts'
import { saysLinkFirst } from './link-order.ts'
import { Owners } from './owners.ts'
import { readBlocks } from './read-runs.ts'
import { requests } from './requests/table.ts'
import { longestMessage, safeMessage, sftpDefaults, type SftpSettings } from './settings.ts'
import type { Served, Visit } from './visit.ts'

/** What an SFTP session needs: a connection, and someone who is logged in. */
export interface SftpSessionOptions {
  readonly conn: PieceConn
  readonly session: Session
  readonly clock: Clock
  readonly events: Events
  /** The version line of its SSH, where it is known: `SSH-2.0-OpenSSH_9.2`. */
  readonly client?: string
  /** Shared by all sessions of a server; its own if none is given. */
  readonly blocks?: Blocks
  readonly readBlocks?: Blocks
  readonly settings?: Partial<SftpSettings>
}

/** Blocks that hold one message of the longest kind. */
export function sftpBlocks(): Blocks {
  return blockPool(longestMessage + 64, 64 * 1024 * 1024)
}

/**
 * Serves one client until it has finished, or the connection breaks; what it left open then is ended as not complete. The
 * connection is closed in the end. Never rejects.
 */
export async function runSftp(options: SftpSessionOptions): Promise<void> {
  await new SftpSession(options).run()
}

/** What a request costs the window at least: so many cannot be under way that they weigh more than data does. */
const leastCost = 8 * 1024

class SftpSession implements Visit {
  readonly session: Session
  readonly files: Store
  readonly handles: Handles
  readonly owners = new Owners()
  readonly clock: Clock
  readonly blocks: Blocks
  readonly readBlocks: Blocks
  readonly settings: SftpSettings
  readonly signal: AbortSignal
  readonly linkFirst: boolean
  longestReply = safeMessage
  readonly #conn: PieceConn
  readonly #events: Events
  readonly #messages: Messages
  readonly #outbox: Outbox
  readonly #abort = new AbortController()
  /** The last READ of each handle that is not answered yet. */
  readonly #reads = new Map<string, Promise<void>>()
  /** How many bytes of requests are under way, and how many requests. */
  #cost = 0
  #underWay = 0
  #waiting: (() => void) | undefined

  constructor(options: SftpSessionOptions) {
    this.session = options.session
    this.files = options.session.files
    this.clock = options.clock
    this.blocks = options.blocks ?? sftpBlocks()
    this.readBlocks = options.readBlocks ?? readBlocks()
    this.settings = { ...sftpDefaults, ...options.settings }
    this.linkFirst = saysLinkFirst(options.client ?? '')
    this.handles = new Handles(this.settings.handles)
    this.signal = AbortSignal.any([options.session.signal, this.#abort.signal])
    this.#conn = options.conn
    this.#events = options.events
    this.#messages = new Messages(options.conn, this.blocks, longestMessage)
    this.#outbox = new Outbox(options.conn, () => this.#wake())
  }

  stir(): void {
    this.#conn.stir?.()
  }

  async run(): Promise<void> {
    const gone = (): void => this.#conn.destroy(asError(this.session.signal.reason))
    this.session.signal.addEventListener('abort', gone, { once: true })
    let reason = new Error('the client ended the session before it closed the file')
    try {
      if (await this.#greet()) await this.#serveAll()
    } catch (thrown) {
      reason = asError(thrown)
      // That a connection breaks is told by who has it.
      if (thrown instanceof ProtocolError) {
        this.#events.emit({ kind: 'warning', ...this.#who(), text: `SFTP: ${reason.message}` })
      }
    }
    this.#abort.abort(reason)
    await this.#idle()
    await this.handles.abortAll(reason, (error) => this.#tellBug(error))
    await this.#outbox.emptied()
    this.session.signal.removeEventListener('abort', gone)
    await this.#finish()
  }

  /** The first message says the version: whatever is asked for, the answer is 3, and every client takes that. */
  async #greet(): Promise<boolean> {
    const message = await this.#messages.next()
    if (message === undefined) return false
    readHello(message.bytes, 'client')
    message.release()
    this.#outbox.add([writeHello('server', { version: 3, extensions: announced(this.files) })])
    return true
  }

  async #serveAll(): Promise<void> {
    for (;;) {
      while (this.#cost + this.#outbox.size >= this.settings.window) await this.#change()
      const next = this.#messages.next()
      const message = isLater(next) ? await next : next
      if (message === undefined) return
      const begun = this.#begin(message)
      if (begun !== undefined) await begun
    }
  }

  /** Begins one request. Resolves when the next may begin; undefined: it may at once. */
  #begin(message: Message): Promise<void> | undefined {
    const request = this.#understand(message)
    if (request === undefined) {
      message.release()
      return undefined
    }
    const alone =
      requests[request.kind].order === 'alone' ||
      ('handle' in request && this.handles.isShared(request.handle))
    if (alone) return this.#underWay > 0 ? this.#serveBehind(request, message) : this.#serve(request, message)
    void this.#serve(request, message)
    return undefined
  }

  async #serveBehind(request: SftpRequest, message: Message): Promise<void> {
    await this.#idle()
    return this.#serve(request, message)
  }

  /** The request; undefined: there is none to serve, and the client has its answer. */
  #understand(message: Message): SftpRequest | undefined {
    try {
      const request = readRequest(message.bytes)
      if (request.kind !== 'unknown') return request
      this.#answer(request.id, failed(status.unsupported, `there is no request of type ${request.type}`))
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown
      this.#answer(uint32At(message.bytes, 1), failed(status.badMessage, thrown.message))
    }
    return undefined
  }

  async #serve(request: SftpRequest, message: Message): Promise<void> {
    const size = request.kind === 'read' ? request.length : message.bytes.length
    const cost = Math.min(Math.max(leastCost, size), longestMessage)
    this.#cost += cost
    this.#underWay += 1
    try {
      if (request.kind === 'read') await this.#serveRead(request)
      else this.#answer(request.id, await this.#outcome(request))
    } finally {
      message.release()
      this.#cost -= cost
      this.#underWay -= 1
      this.#wake()
    }
  }

  /** OpenSSH's scp cuts the file short, and PuTTY waits for ever, where data comes in another order than it was asked for. */
  async #serveRead(request: SftpRequest & { kind: 'read' }): Promise<void> {
    const before = this.#reads.get(request.handle)
    const answered = this.#answerRead(request, before)
    this.#reads.set(request.handle, answered)
    await answered
    if (this.#reads.get(request.handle) === answered) this.#reads.delete(request.handle)
  }

  async #answerRead(request: SftpRequest, before: Promise<void> | undefined): Promise<void> {
    const served = await this.#outcome(request)
    if (before !== undefined) await before
    this.#answer(request.id, served)
  }

  /** What is answered, also when it goes wrong. */
  async #outcome(request: SftpRequest): Promise<Served> {
    try {
      return await this.#run(request)
    } catch (thrown) {
      const answer = answerToError(thrown)
      if (answer === undefined && !this.signal.aborted) this.#tellBug(asError(thrown))
      return answer ?? failed(status.failure, 'this went wrong on our side')
    }
  }

  #run<Kind extends SftpRequest['kind']>(request: SftpRequest & { kind: Kind }): Promise<Served> {
    const row = requests[request.kind] as { run(visit: Visit, asked: SftpRequest): Promise<Served> }
    return row.run(this, request)
  }

  #answer(id: number, served: Served): void {
    if (served.kind === 'ready') this.#outbox.add(served.message(id), () => served.release())
    else this.#outbox.add([writeReply(id, served satisfies Answer)])
  }

  async #idle(): Promise<void> {
    while (this.#underWay > 0) await this.#change()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = resolve
    })
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.()
  }

  async #finish(): Promise<void> {
    try {
      await this.#conn.end()
    } catch {
      // The client is gone already, and has nothing to hear.
    }
  }

  #tellBug(error: Error): void {
    this.#events.emit({ kind: 'bug', ...this.#who(), text: error.stack ?? error.message })
  }

  #who(): { session: string; protocol: 'sftp'; peer: Session['peer'] } {
    return { session: this.session.id, protocol: 'sftp', peer: this.session.peer }
  }
}
