import { createDeflate } from 'node:zlib'
import { asError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { ToNetwork } from '../wire/ascii.ts'
import type { LoggedIn } from './logged-in.ts'

/** Where the bytes of a file or a listing go. A buffer may be used again once `write` has resolved. */
export interface Outgoing {
  write(bytes: Uint8Array): Promise<void>
  /** The last byte is written: pushes out what was kept back, and says the end. */
  end(): Promise<void>
}

/** The way to the client as MODE has it, for what is in network form already. */
export function outgoing(login: LoggedIn, conn: Conn): Outgoing {
  return login.mode === 'Z' ? deflated(conn, login.deflateLevel) : conn
}

/** The way to the client for a local text; `before` is the last byte that it has already. */
export function outgoingText(login: LoggedIn, conn: Conn, before: number): Outgoing {
  const to = outgoing(login, conn)
  const lines = new ToNetwork(before)
  return {
    write: async (bytes) => to.write(lines.encode(bytes)),
    end: () => to.end(),
  }
}

function deflated(conn: Conn, level: number): Outgoing {
  const deflate = createDeflate({ level })
  const emptied = (async () => {
    for await (const piece of deflate) await conn.write(piece as Uint8Array)
  })()
  // Told by whichever call comes next; unheard until then it would end the process.
  emptied.catch((reason: unknown) => deflate.destroy(asError(reason)))
  return {
    async write(bytes) {
      const taken = new Promise<void>((resolve, reject) => {
        deflate.write(bytes, (error) => (error ? reject(error) : resolve()))
      })
      await Promise.race([taken, emptied])
    },
    async end() {
      deflate.end()
      await emptied
      await conn.end()
    },
  }
}
