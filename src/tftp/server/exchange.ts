import { asError, FileError, NetworkError } from '../../core/error.ts'
import type { Datagrams, Peer } from '../../core/network.ts'
import { parsePath, type Path } from '../../core/path.ts'
import type { Session, Visitor } from '../../core/session.ts'
import { transfer } from '../../core/transfer.ts'
import { peersError, type Course } from '../course.ts'
import type { Link } from '../link.ts'
import { toNetascii } from '../netascii.ts'
import { negotiate, type Terms } from '../options.ts'
import type { ErrorPacket, Option, Packet, Request } from '../packet.ts'
import { Receiving } from '../receiving.ts'
import { decodeReply } from '../reply.ts'
import { Sending } from '../sending.ts'
import { errorPacket, refusalOf } from './answer.ts'
import type { TftpHouse } from './house.ts'
import { openLink } from './link.ts'
import { ReadAhead } from './read-ahead.ts'

export interface ExchangeParts {
  readonly house: TftpHouse
  readonly request: Request
  /** How many bytes the request had. */
  readonly asked: number
  readonly listener: Datagrams
  readonly peer: Peer
}

/** One request, from the door to the last packet. */
export class Exchange {
  readonly peer: Peer
  readonly #parts: ExchangeParts
  #course: Course | undefined
  #heardAt: number | undefined
  #reason: Error | undefined
  /** Whether all that is left is to hear whether the last ACK arrived. */
  #lingering = false
  readonly #stop = (): void => this.end(new FileError('aborted', 'the session was ended'))

  constructor(parts: ExchangeParts) {
    this.#parts = parts
    this.peer = parts.peer
  }

  /** When the peer last said something, behind its request. */
  get heardAt(): number | undefined {
    return this.#heardAt
  }

  get lingering(): boolean {
    return this.#lingering
  }

  /** Takes a datagram of this peer. */
  take(bytes: Uint8Array): void {
    this.#heardAt = this.#parts.house.clock.ticks()
    const packet: Packet | undefined = decodeReply(bytes)
    if (packet !== undefined) this.#course?.take(packet)
  }

  askedAgain(): void {
    this.#course?.askedAgain()
  }

  /** Ends it; what was not complete stays so. */
  end(reason: Error): void {
    this.#reason = reason
    this.#course?.end(reason)
  }

  /** From the request to the end. Never rejects. */
  async run(): Promise<void> {
    const { house, peer } = this.#parts
    const visitor = await house.door.enter('tftp', peer)
    // Silence makes a boot ROM ask again later; an error would make it give up.
    if ('refused' in visitor) return
    this.#said(visitor, 'client', requestLine(this.#parts.request))
    let reason = 'done'
    try {
      const session = await visitor.login({ secure: false, user: 'anonymous', proof: { kind: 'none' } })
      if ('refused' in session) throw new FileError('denied', 'there is nothing here for your address')
      reason = await this.#serve(session)
    } catch (thrown) {
      reason = asError(thrown).message
      this.#tell(visitor, thrown)
    }
    visitor.leave()
    house.events.emit({ kind: 'closed', session: visitor.id, protocol: 'tftp', peer, reason })
  }

  async #serve(session: Session): Promise<string> {
    const { house, request, listener, peer } = this.#parts
    if (request.mode !== 'octet' && request.mode !== 'netascii')
      throw new FileError('unsupported', `there is no mode ${request.mode}, take octet`)
    if (request.deed === 'write' && house.settings.write === 'off')
      throw new FileError('denied', 'this server takes no uploads')
    const { deed, name } = request
    const meant = house.settings.remap?.({ deed, name, address: peer.address }) ?? name
    if (meant !== name) this.#said(session, 'server', `taken for ${meant}`)
    const path = pathOf(meant)
    const link = await openLink(house, listener, peer, (bytes) => this.take(bytes))
    try {
      return await this.#transfer(session, path, link)
    } catch (thrown) {
      const refusal = refusalOf(thrown)
      // From the port of the transfer, as far as there is one: the client knows no other by now.
      if (refusal !== undefined) {
        link.send(errorPacket(refusal, this.#parts.asked))
        throw new Told(thrown)
      }
      throw thrown
    } finally {
      session.signal.removeEventListener('abort', this.#stop)
      await link.close()
    }
  }

  #transfer(session: Session, path: Path, link: Link): Promise<string> {
    const { deed } = this.#parts.request
    return deed === 'read' ? this.#read(session, path, link) : this.#write(session, path, link)
  }

  async #read(session: Session, path: Path, link: Link): Promise<string> {
    const { house, request } = this.#parts
    const netascii = request.mode === 'netascii'
    const file = await session.files.open(path, { read: true })
    return transfer(file, async () => {
      const { size, kind } = await file.stat()
      if (kind === 'directory') throw new FileError('is-directory', 'that is a directory')
      const terms = this.#terms(session, netascii ? undefined : size)
      const source = new ReadAhead({
        file,
        size,
        pool: house.blocks,
        window: terms.window * terms.blockSize,
        convert: netascii ? toNetascii : (bytes) => bytes,
      })
      const download = new Sending({ clock: house.clock, link, source, terms, verified: false, stopped })
      this.#begin(download, session)
      const end = await download.run()
      // The log learns by a read that a file was fetched, an empty one too.
      if (size === 0 && end.kind !== 'probe') await file.read(new Uint8Array(0), 0)
      return end.kind === 'probe' ? `asked for ${path} and wanted only to know of it: ${end.text}` : 'done'
    })
  }

  async #write(session: Session, path: Path, link: Link): Promise<string> {
    const { house, request } = this.#parts
    const netascii = request.mode === 'netascii'
    const replace = house.settings.write === 'replace'
    const create = replace ? ({ create: 'allow', truncate: true } as const) : ({ create: 'require' } as const)
    const file = await session.files.open(path, { write: true, ...create })
    const terms = this.#terms(session, undefined)
    const { accepted } = terms
    const greeting: Packet =
      accepted.length === 0 ? { kind: 'ack', block: 0 } : { kind: 'oack', options: accepted }
    const how = { terms, netascii, greeting, verified: false, stopped }
    const upload = new Receiving({ clock: house.clock, link, ...how })
    await transfer(file, () => {
      this.#begin(upload, session)
      return upload.run(file)
    })
    this.#lingering = true
    await upload.confirm()
    return 'done'
  }

  #terms(session: Session, size: number | undefined): Terms {
    const { house, request } = this.#parts
    const { largestBlock, largestWindow } = house.settings
    // In netascii a size on the wire would be another one than on the disk: RFC 2349 leaves it out.
    const asked =
      request.mode === 'netascii'
        ? request.options.filter(({ name }) => name.toLowerCase() !== 'tsize')
        : request.options
    const terms = negotiate(asked, { largestBlock, largestWindow, deed: request.deed, size })
    if (terms.accepted.length > 0) this.#said(session, 'server', `OACK${wordsOf(terms.accepted)}`)
    return terms
  }

  #begin(course: Course, session: Session): void {
    this.#course = course
    session.signal.addEventListener('abort', this.#stop, { once: true })
    // It was ended while its file was being opened.
    if (this.#reason !== undefined) throw this.#reason
  }

  /** What went wrong, to the peer if it is still there to hear it, and to the log if it is our own mistake. */
  #tell(visitor: Visitor, thrown: unknown): void {
    const { house, listener, peer, asked } = this.#parts
    const error = thrown instanceof Told ? thrown.cause : thrown
    const refusal = refusalOf(error)
    if (refusal !== undefined) {
      this.#said(visitor, 'server', `ERROR ${refusal.code} ${refusal.text}`)
      if (!(thrown instanceof Told)) listener.send(errorPacket(refusal, asked), peer)
    } else if (!(error instanceof NetworkError)) {
      const text = asError(error).stack ?? asError(error).message
      house.events.emit({ kind: 'bug', session: visitor.id, protocol: 'tftp', peer, text })
    }
  }

  #said({ id: session }: { readonly id: string }, from: 'client' | 'server', line: string): void {
    const { house, peer } = this.#parts
    if (!house.settings.transcript) return
    house.events.emit({ kind: 'said', session, protocol: 'tftp', peer, from, line })
  }
}

function stopped(packet: ErrorPacket): Error {
  return new NetworkError('aborted', `the client stopped: ${peersError(packet)}`)
}

/** Something that the peer was told of already. */
class Told extends Error {
  constructor(cause: unknown) {
    super(asError(cause).message, { cause })
    this.name = 'Told'
  }
}

/** Windows clients write backslashes; the letters stay as they are. */
function pathOf(name: string): Path {
  return parsePath(name.replaceAll('\\', '/'))
}

function requestLine({ deed, name, mode, options }: Request): string {
  return `${deed === 'read' ? 'RRQ' : 'WRQ'} ${name} ${mode}${wordsOf(options)}`
}

function wordsOf(options: readonly Option[]): string {
  return options.map(({ name, value }) => ` ${name}=${value}`).join('')
}
