import type { Entry, OpenFile } from '../../../core/store.ts'
import { nameOf } from '../../../core/path.ts'
import { transfer } from '../../../core/transfer.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import { localOffset } from '../ascii-size.ts'
import type { CommandTable } from '../command.ts'
import { isMixture } from '../is-mixture.ts'
import type { LoggedIn } from '../logged-in.ts'
import { outgoing, outgoingText } from '../outgoing.ts'
import { Refused } from '../refused.ts'
import { moved, running, withData } from '../running.ts'
import { sendFile, type Span } from '../send-file.ts'
import type { Running } from '../visit.ts'

/** Files to the client: RFC 959 §4.1.3. */
export const retrieveCommands: CommandTable = {
  RETR: {
    needs: 'login',
    help: 'RETR <SP> path: sends the file',
    argument: 'needed',
    run: async (login, argument) =>
      running(login, `RETR ${argument}`, (run) => retrieve(login, run, argument)),
  },
}

async function retrieve(login: LoggedIn, run: Running, argument: string): Promise<Reply> {
  const path = login.path(argument)
  const restart = login.takeRestart()
  const range = login.takeRange()
  // Whoever puts parts together would find the line ends of each where the file has none, and other lengths than it asked for.
  if (range !== undefined && login.type === 'A')
    return reply(504, 'RANG is about the bytes of the file: say TYPE I first.')
  const file = await login.files.open(path, { read: true })
  return transfer(file, async () => {
    const before = await file.stat()
    const { size } = before
    // RFC 3659 §5.3: in ASCII the offset counts bytes as they travel, line ends of two bytes included.
    const ascii = login.type === 'A' ? await localOffset(file, restart, login.visit.server.blocks) : undefined
    const span: Span =
      range === undefined
        ? { from: ascii?.local ?? restart, until: size }
        : { from: range.first, until: Math.min(range.last + 1, size) }
    if (span.from > size)
      throw new Refused(554, `The file has ${size} bytes, it cannot be read from ${span.from}.`)
    await send(login, run, nameOf(path), file, { ...span, before: ascii?.before, state: before })
    return reply(226, `Sent whole, ${span.until - span.from} bytes.`)
  })
}

interface Sending extends Span {
  /** In ASCII, the byte that the client has already. */
  readonly before: number | undefined
  /** What the file was when it was opened. */
  readonly state: Entry
}

async function send(
  login: LoggedIn,
  run: Running,
  name: string,
  file: OpenFile,
  what: Sending,
): Promise<void> {
  const bytes = what.until - what.from
  // curl, wget and ncftp read the size from "(N bytes)"; in ASCII it is not known before.
  const size = what.before === undefined ? ` (${bytes} bytes)` : ''
  let isMixed = false
  await withData(login, run, `Sending ${name}${size}.`, async (conn) => {
    const out = what.before === undefined ? outgoing(login, conn) : outgoingText(login, conn, what.before)
    const sent = await sendFile(file, what, out, login.visit.server.blocks, (count) =>
      moved(login, run, count),
    )
    if (sent.bytes < bytes) {
      throw new Refused(
        451,
        `The file became shorter while it was sent: ${sent.bytes} of ${bytes} bytes went out.`,
      )
    }
    await out.end()
    isMixed = await isMixture(sent, what.state, file)
  })
  // The data ends as if all were well: who had it cut would go on from there, and piece the mixture together.
  if (isMixed)
    throw new Refused(451, 'The file was written over while it was sent: what went out is a mixture.')
}
