import { FileError } from '../../core/error.ts'
import {
  extensionVersion,
  isExtension,
  readExtendedAnswer,
  writeExtended,
  type Extended,
  type ExtensionName,
} from '../wire/extension.ts'
import type { Hello } from '../wire/hello.ts'
import type { Asked, RequestKind } from '../wire/request.ts'
import { takeExtended } from './answers.ts'
import type { Link, Take } from './link.ts'
import type { Siblings } from './siblings.ts'
import { abortedBy, untilAborted } from './until-aborted.ts'
import { mostWindow, windowFor } from './window.ts'

/** What can be asked of one server, within what it said of itself. */
export class SftpServer {
  readonly link: Link
  /** More sessions with the same server, where it is known to see the same files in all. */
  readonly siblings: Siblings | undefined
  readonly #hello: Hello
  readonly #extensions: ReadonlySet<string>
  /** The most data in one READ and in one WRITE: what every server must take, until it says more. */
  mostRead = 32 * 1024
  mostWrite = 32 * 1024

  constructor(link: Link, hello: Hello, siblings?: Siblings) {
    this.link = link
    this.siblings = siblings
    this.#hello = hello
    const offered = hello.extensions.filter(
      ({ name, data }) => !isExtension(name) || data === extensionVersion(name) || name === 'vendor-id',
    )
    this.#extensions = new Set(offered.map(({ name }) => name))
  }

  /**
   * How far before its end a file may have holes whose writing broke off: writes go out of order where several sessions send them,
   * and where the server does several at once. Twice, as the way may have been longer then.
   */
  get mayLack(): number {
    return Math.min(mostWindow, 2 * windowFor(this.link.roundTripMs))
  }

  /** What the server announced, a version behind each name that has one. */
  capabilities(): string[] {
    const pairs = this.#hello.extensions.map(({ name, data }) =>
      /^[\w.-]{1,20}$/u.test(data) ? `${name} ${data}` : name,
    )
    return [`SFTP version ${this.#hello.version}`, ...pairs]
  }

  /** `check-file` stands for the requests of its two kinds. */
  has(name: ExtensionName | 'check-file'): boolean {
    return this.#extensions.has(name)
  }

  ask<Kind extends RequestKind, Result>(
    kind: Kind,
    asked: Asked<Kind>,
    take: Take<Result>,
    signal?: AbortSignal,
    sent?: () => void,
  ): Promise<Result> {
    if (signal === undefined) return this.link.ask(kind, asked, take, sent)
    if (signal.aborted) {
      sent?.()
      return Promise.reject(abortedBy(signal))
    }
    // Where the answer was to go somebody else's bytes may be by then.
    const takeInTime: Take<Result> = (reply, keep) => {
      if (signal.aborted) throw abortedBy(signal)
      return take(reply, keep)
    }
    return untilAborted(this.link.ask(kind, asked, takeInTime, sent), signal)
  }

  extended<Name extends ExtensionName, Result>(
    name: Name,
    asked: Extended<Name>,
    take: Take<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    return this.ask('extended', { name, data: writeExtended(name, asked) }, take, signal)
  }

  /** Learns how much fits into one message (OpenSSH PROTOCOL §4.8). 0 in an answer means: no limit that it knows of. */
  async learnLimits(): Promise<void> {
    if (!this.has('limits@openssh.com')) return
    const data = await this.extended('limits@openssh.com', {}, takeExtended('')).catch(noLimits)
    if (data === undefined) return
    const limits = readExtendedAnswer('limits', data)
    const most = Math.min(limits.packet === 0 ? Infinity : limits.packet - 1024, 255 * 1024)
    this.mostRead = within(limits.read, most)
    this.mostWrite = within(limits.write, most)
  }
}

/** A server that says no to what it announced says nothing of its limits. */
function noLimits(thrown: unknown): undefined {
  if (!(thrown instanceof FileError)) throw thrown
}

function within(limit: number, most: number): number {
  return Math.max(Math.min(limit === 0 ? most : limit, most), 1024)
}
