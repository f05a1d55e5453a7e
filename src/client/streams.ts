import { Readable, Writable } from 'node:stream'
import { inspect } from 'node:util'
import { asError, FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { OpenFile, Store } from '../core/store.ts'
import { Stride } from './stride.ts'

/** What can be sent as a file's content. */
export type Content = Uint8Array | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>

/** A part of a file; `end` is the last byte that is wanted, as in HTTP. */
export interface Part {
  readonly start?: number
  readonly end?: number
}

/** Refuses what is no content, before anything is opened for it: plain JavaScript may give anything. */
export function checkContent(content: unknown): asserts content is Content {
  if (content instanceof Uint8Array || content instanceof Blob) return
  if (typeof content === 'object' && content !== null) {
    if (Symbol.asyncIterator in content || Symbol.iterator in content) return
  }
  throw new TypeError(`what is sent is a path, a Uint8Array, a Blob or a stream, not ${inspect(content)}`)
}

/** Refuses what nothing can be written to. */
export function checkTarget(to: unknown): asserts to is Writable | WritableStream<Uint8Array> {
  if (to instanceof Writable || to instanceof WritableStream) return
  throw new TypeError(
    `what is fetched goes to a path or into a stream that can be written, not to ${inspect(to)}`,
  )
}

/** The bytes of some content, piece by piece. */
export async function* piecesOf(content: Content): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content
  else {
    const pieces = content instanceof Blob ? content.stream() : content
    for await (const piece of pieces as AsyncIterable<Uint8Array | string>) {
      yield typeof piece === 'string' ? Buffer.from(piece) : piece
    }
  }
}

/** The same pieces until the signal says so, and then at once its reason: whoever makes them may never make another. */
export async function* piecesUntil(
  content: Content,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (signal === undefined) return yield* piecesOf(content)
  const pieces = piecesOf(content)
  let stop: (reason: unknown) => void = nobodyWaits
  const stopped = (): void => stop(signal.reason)
  signal.addEventListener('abort', stopped, { once: true })
  try {
    for (;;) {
      signal.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<Uint8Array>>()
      stop = reject
      pieces.next().then(resolve, reject)
      const next = await promise
      if (next.done === true) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', stopped)
    if (content instanceof Readable) content.destroy()
    // Not waited for, as it waits itself for the piece that may never come; and what ends it has been told.
    pieces.return(undefined).catch(() => undefined)
  }
}

/** What a signal ends while no piece is waited for. */
const nobodyWaits = (): void => undefined

/** A stream of an open file. It ends when the file is proven to have come whole, and else fails. */
export function readableOf(file: OpenFile, { start = 0, end = Infinity }: Part): Readable {
  let at = start
  let ended = false
  const stride = new Stride(256 * 1024)
  return new Readable({
    highWaterMark: 1024 * 1024,
    read() {
      const block = Buffer.allocUnsafe(Math.max(0, Math.min(stride.next(at), end + 1 - at)))
      const step = async (): Promise<void> => {
        const count = block.length === 0 ? 0 : await file.read(block, at)
        at += count
        if (count > 0) {
          this.push(block.subarray(0, count))
          return
        }
        ended = true
        // Whoever wanted a part has it: that the rest did not come proves nothing.
        if (at > end) await file.abort(new FileError('aborted', 'only a part was wanted'))
        else await file.close()
        this.push(null)
      }
      step().catch((thrown: unknown) => {
        ended = false
        this.destroy(asError(thrown))
      })
    },
    destroy(error, told) {
      if (ended) told(error)
      else void giveUp(file, error, told)
    },
  })
}

/** A stream into an open file. It finishes when the other side has said that the file is whole. */
export function writableOf(file: OpenFile, from = 0): Writable {
  let at = from
  let closed = false
  return new Writable({
    highWaterMark: 1024 * 1024,
    write(piece: Buffer, _encoding, told) {
      void tell(file.write([piece], at), told)
      at += piece.length
    },
    writev(pieces, told) {
      const buffers = pieces.map(({ chunk }) => chunk as Buffer)
      void tell(file.write(buffers, at), told)
      for (const { length } of buffers) at += length
    },
    final(told) {
      void tell(file.close(), (error) => {
        closed = error === undefined
        told(error)
      })
    },
    destroy(error, told) {
      if (closed) told(error)
      else void giveUp(file, error, told)
    },
  })
}

type Told = (error?: Error | null) => void

async function tell(work: Promise<void>, told: Told): Promise<void> {
  try {
    await work
  } catch (thrown) {
    return told(asError(thrown))
  }
  told()
}

async function giveUp(file: OpenFile, error: Error | null, told: Told): Promise<void> {
  try {
    await file.abort(error ?? new FileError('aborted', 'the other end of the stream went away'))
  } catch {
    // The stream has its own error, or none: that the file cannot even be given up adds nothing.
  }
  told(error)
}

/** Opens a file to be read from a place on. */
export function openToRead(store: Store, path: Path, start = 0): Promise<OpenFile> {
  return store.open(path, { read: true, ...(start > 0 ? { from: start } : {}) })
}
