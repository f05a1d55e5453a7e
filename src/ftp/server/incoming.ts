import { createInflate } from 'node:zlib'
import { asError, FileError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { FromNetwork } from '../wire/ascii.ts'
import type { LoggedIn } from './logged-in.ts'
import { Refused } from './refused.ts'

/** Where the bytes of an upload come from: pieces as they are there, undefined at the proven end. */
export interface Incoming {
  read(): Promise<readonly Uint8Array[] | undefined>
}

/** The way from the client as TYPE and MODE have it. */
export function incoming(login: LoggedIn, conn: Conn): Incoming {
  const coded = login.mode === 'Z' ? inflated(conn) : conn
  return login.type === 'A' ? withLocalLines(coded) : coded
}

function withLocalLines(from: Incoming): Incoming {
  const lines = new FromNetwork()
  let over = false
  return {
    async read() {
      if (over) return undefined
      const pieces = await from.read()
      if (pieces !== undefined) return pieces.map((piece) => lines.decode(piece))
      over = true
      const rest = lines.end()
      return rest.length > 0 ? [rest] : undefined
    },
  }
}

/** Past this many bytes an upload in MODE Z may not grow more than `mostRatio` times. */
const freeBytes = 16 * 1024 * 1024
const mostRatio = 100

function inflated(conn: Conn): Incoming {
  const inflate = createInflate()
  let taken = 0
  let given = 0
  const fed = feed()
  fed.catch((reason: unknown) => inflate.destroy(asError(reason)))
  const pieces = inflate[Symbol.asyncIterator]()

  async function feed(): Promise<void> {
    for (let read = await conn.read(); read !== undefined; read = await conn.read()) {
      for (const piece of read) {
        taken += piece.length
        await new Promise<void>((resolve, reject) => {
          inflate.write(piece, (error) => (error ? reject(error) : resolve()))
        })
      }
    }
    inflate.end()
  }

  return {
    async read() {
      try {
        const next = await pieces.next()
        if (next.done === true) {
          await fed
          // What came behind the end of the stream would be missing from the file.
          if (inflate.bytesWritten !== taken) throw broken()
          return undefined
        }
        const piece = next.value as Uint8Array
        given += piece.length
        if (given <= freeBytes + taken * mostRatio) return [piece]
      } catch (thrown) {
        throw isZlib(thrown) ? broken() : thrown
      }
      inflate.destroy()
      throw new FileError('denied', `the upload inflates to more than ${mostRatio} times its size`)
    },
  }
}

function broken(): Refused {
  return new Refused(426, 'What came in MODE Z is broken or cut short.')
}

function isZlib(thrown: unknown): boolean {
  const code = Error.isError(thrown) && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' && code.startsWith('Z_')
}
