import { ProtocolError } from '../../core/error.ts'

/**
 * The handles that a server has given. One that gives two open files the same writes what is meant for one into the other
 * (Erlang/OTP's ssh_sftpd does, where three are open): nothing on such a connection can be believed any more.
 */
export class OpenHandles {
  /** By handle, the number of the request that ends it; undefined: none was sent. */
  readonly #endedBy = new Map<string, number | undefined>()

  /** Notes that a server gave a handle in answer to a request. Requests have numbers in the order in which they were sent. */
  opened(handle: string, request: number): void {
    const endedBy = this.#endedBy.get(handle)
    if (this.#endedBy.has(handle) && (endedBy === undefined || endedBy > request)) {
      throw new ProtocolError('the server gave two open files the same handle', {
        facts: { hint: 'It cannot have several files open at once: -j 1 asks for one at a time.' },
      })
    }
    this.#endedBy.set(handle, undefined)
  }

  /** Notes that a handle is given back by this request. */
  ending(handle: string, request: number): void {
    this.#endedBy.set(handle, request)
  }

  /** Forgets a handle that this request gave back, if no other file has got it since. */
  ended(handle: string, request: number): void {
    if (this.#endedBy.get(handle) === request) this.#endedBy.delete(handle)
  }
}
