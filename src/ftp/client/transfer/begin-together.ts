import { FileError, NetworkError } from '../../../core/error.ts'
import type { Reply } from '../../wire/reply.ts'
import { NoWay, reach, type DataChannel } from './data-channel.ts'
import { fileError, textOf } from '../faults.ts'
import { OtherFamily } from '../session/other-family.ts'
import type { FtpSession } from '../session/session.ts'
import { giveUpTogether, NotTogether } from '../session/say-together.ts'
import { lastWordsMs } from './last-words.ts'
import type { TransferCommand } from './transfer-command.ts'

/**
 * What a server says that has missed a command, or has no data connection: no word about the file. Twisted says 426 where the
 * command came before the connection did.
 */
const trouble: ReadonlySet<number> = new Set([421, 425, 426, 500, 501, 502, 503, 504])

/**
 * Asks for a data connection and for the transfer in one write. The server answers the first, and the second once we have
 * connected. What goes wrong, but for a file that is refused, is `NotTogether`.
 */
export async function beginTogether(
  session: FtpSession,
  way: 'EPSV' | 'PASV',
  command: TransferCommand,
  signal: AbortSignal | undefined,
): Promise<{ channel: DataChannel; first: Reply }> {
  const { control, house } = session
  const patienceMs = house.together.patienceMs(house.silenceMs)
  session.used = true
  try {
    await control.sendTogether([way, command.line])
    const agreed = await control.reply(patienceMs)
    if (agreed.code >= 300) throw new NoWay(`the server refuses ${way}`, textOf(agreed))
    const begun = await connectAndHear(session, reach(session, way, agreed, signal), patienceMs, signal)
    if (begun.first.code >= 300) throw refusal(begun, command)
    house.together.works()
    house.together.reached(way)
    return begun
  } catch (thrown) {
    if (thrown instanceof FileError || signal?.aborted === true) throw thrown
    if (!(thrown instanceof NoWay) && !(thrown instanceof NetworkError)) throw thrown
    // That says nothing of commands that go together.
    if (thrown instanceof OtherFamily) throw new NotTogether(thrown)
    if (thrown instanceof NoWay) house.ways = [...house.ways.filter((other) => other !== way), way]
    giveUpTogether(house, control, thrown.message)
    throw new NotTogether(thrown)
  }
}

/** Both at once: a server that refuses the file may close the port before we come. */
async function connectAndHear(
  { control, house }: FtpSession,
  connecting: Promise<DataChannel>,
  patienceMs: number,
  signal: AbortSignal | undefined,
): Promise<{ channel: DataChannel; first: Reply }> {
  const hearing = control.reply(patienceMs)
  // It is waited for below; until then its failure must not count as one that nobody heard.
  hearing.catch(() => undefined)
  let channel: DataChannel
  try {
    channel = await connecting
  } catch (thrown) {
    if (thrown instanceof NetworkError && (thrown.fault === 'aborted' || thrown instanceof OtherFamily)) {
      control.destroy(thrown)
      throw thrown
    }
    const timer = house.clock.after(lastWordsMs, () => control.destroy())
    try {
      const first = await hearing.catch((silent: unknown) => {
        // What led nowhere is the reason, and is not to be tried first again.
        throw silent instanceof NetworkError && signal?.aborted !== true ? thrown : silent
      })
      if (first.code < 300) throw thrown
      return { channel: nowhere, first }
    } finally {
      timer.cancel()
    }
  }
  try {
    return { channel, first: await hearing }
  } catch (thrown) {
    channel.drop()
    throw thrown
  }
}

const nowhere: DataChannel = {
  way: 'EPSV',
  conn: () => Promise.reject(new NetworkError('closed', 'there is no data connection')),
  drop: () => undefined,
}

function refusal(
  { channel, first }: { channel: DataChannel; first: Reply },
  { doing, path }: TransferCommand,
): FileError | NoWay {
  channel.drop()
  if (trouble.has(first.code)) return new NoWay('the server has no data connection', textOf(first))
  return fileError(first, doing, { path })
}
