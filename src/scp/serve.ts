import { blockPool } from '../core/blocks.ts'
import type { Events } from '../core/event.ts'
import { asError, ProtocolError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import type { Session } from '../core/session.ts'
import { parseScpCommand } from './command.ts'
import { receive } from './receive.ts'
import { send } from './send.ts'
import { ScpWire } from './wire.ts'

/** The work for a command that a client wants to start: scp, as `scp -O` and older ones use it; undefined for all others. */
export function scpWork(
  events: Events,
): (command: string) => ((conn: Conn, session: Session) => Promise<number>) | undefined {
  const blocks = blockPool(256 * 1024, 32 * 1024 * 1024)
  return (text) => {
    const command = parseScpCommand(text)
    if (command === undefined) return undefined
    return async (conn, session) => {
      const wire = new ScpWire(conn)
      try {
        const { files } = session
        const well =
          command.way === 'receive'
            ? await receive(wire, files, command)
            : await send(wire, files, command, blocks)
        return well ? 0 : 1
      } catch (thrown) {
        if (!(thrown instanceof ProtocolError)) throw thrown
        const who = { session: session.id, protocol: 'sftp', peer: session.peer } as const
        events.emit({ kind: 'warning', ...who, text: `scp: ${asError(thrown).message}` })
        await conn.write(Buffer.from(`\u0002scp: ${thrown.message}\n`))
        return 1
      }
    }
  }
}
