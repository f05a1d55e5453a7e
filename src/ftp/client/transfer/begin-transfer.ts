import { FileError, NetworkError } from '../../../core/error.ts'
import type { Conn } from '../../../core/network.ts'
import type { Reply } from '../../wire/reply.ts'
import { beginTogether } from './begin-together.ts'
import { NoWay, openChannel, type DataChannel } from './data-channel.ts'
import { fileError, saidBy, textOf } from '../faults.ts'
import type { FtpSession } from '../session/session.ts'
import type { TransferCommand } from './transfer-command.ts'
import type { Way } from '../session/way.ts'
import { lastWordsMs } from './last-words.ts'

/** A transfer that runs. */
export interface Transfer {
  readonly conn: Conn
  /** The server called it ended before it began: no 1xx came. */
  readonly isEarly: boolean
  /** The reply that ends it (226, 426, …). To be asked for once. */
  ended(): Promise<Reply>
}

/** So many replies to something else are passed over before the one to a transfer. */
const mostStrays = 5

/**
 * Starts a transfer by the way that worked last, and by the others in turn where that leads to no data connection. Nothing is
 * tried twice once the server has begun: what was written cannot be unwritten.
 */
export async function beginTransfer(
  session: FtpSession,
  command: TransferCommand,
  signal?: AbortSignal,
): Promise<Transfer> {
  const { house } = session
  const [first] = house.ways
  const passive = first === 'EPSV' || first === 'PASV'
  if (command.together === true && passive && mayTogether(session, first, command)) {
    const begun = await beginTogether(session, first, command, signal)
    return running(session, begun.channel, begun.first)
  }
  const failures: NoWay[] = []
  for (const way of house.ways) {
    try {
      const transfer = await tryWay(session, way, command, signal)
      remember(session, way)
      const silent = failures.filter(({ isSilent }) => isSilent)
      if (silent.length > 0) house.warned(`${silent.map(({ message }) => message).join('; ')}; ${way} works`)
      return transfer
    } catch (thrown) {
      if (!(thrown instanceof NoWay)) throw thrown
      house.said('note', `${way}: ${thrown.message}`)
      failures.push(thrown)
      if (!session.control.usable) break
    }
  }
  throw noDataConnection(session, failures)
}

/** What would change something is sent together only by a way that has led somewhere: an upload in vain may empty a file. */
function mayTogether(session: FtpSession, way: Way, { harmless }: TransferCommand): boolean {
  const { together } = session.house
  const hasLed = !together.fails && together.hasReached(way)
  return hasLed || (harmless === true && together.mayBegin && session.can(way))
}

async function tryWay(
  session: FtpSession,
  way: Way,
  command: TransferCommand,
  signal: AbortSignal | undefined,
): Promise<Transfer> {
  const channel = await openChannel(session, way, signal)
  let first: Reply
  try {
    first = await start(session, command)
  } catch (thrown) {
    channel.drop()
    throw thrown
  }
  if (first.code >= 300) {
    channel.drop()
    if (first.code === 425) throw new NoWay('the server has no data connection', textOf(first))
    throw fileError(first, command.doing, { path: command.path })
  }
  return running(session, channel, first)
}

async function running(session: FtpSession, channel: DataChannel, first: Reply): Promise<Transfer> {
  const conn = await arrived(session, channel)
  const { control } = session
  const isEarly = first.code >= 200
  return { conn, isEarly, ended: isEarly ? async () => first : () => control.final() }
}

async function start(
  session: FtpSession,
  { line, restart = 0, doing, path }: TransferCommand,
): Promise<Reply> {
  const { control } = session
  session.used = true
  if (restart > 0) {
    const reply = await control.ask(`REST ${restart}`)
    if (reply.code !== 350) throw restartRefused(reply, doing, path)
  }
  let reply = await control.begin(line)
  // 200 begins no transfer and ends none: it was said of something else, a second time.
  for (let heard = 0; reply.code === 200 && heard < mostStrays; heard += 1) reply = await control.reply()
  return reply
}

/** The server cannot go on in the middle of a file. */
function restartRefused(reply: Reply, doing: string, path: string): FileError {
  return new FileError('unsupported', `${doing}: the server cannot begin in the middle of a file`, {
    facts: {
      ...saidBy(reply),
      path,
      phase: 'command',
      connectionUsable: true,
      hint: 'Without --resume all of it is moved, from its beginning.',
    },
  })
}

/** A server that has said 150 and does not come is in the middle of something: the session is of no use any more. */
async function arrived(session: FtpSession, channel: DataChannel): Promise<Conn> {
  try {
    return await channel.conn()
  } catch (thrown) {
    channel.drop()
    const explained = await withLastWords(session, thrown)
    session.control.destroy()
    throw explained
  }
}

/** Who breaks off where the data connection was to be encrypted says why on the other one: many want its session resumed. */
async function withLastWords({ control }: FtpSession, thrown: unknown): Promise<unknown> {
  const mayTell = thrown instanceof NetworkError && thrown.fault !== 'aborted' && thrown.fault !== 'timeout'
  if (!mayTell || !control.usable) return thrown
  try {
    const last = await control.reply(lastWordsMs)
    if (last.code < 400) return thrown
    const facts = { ...thrown.facts, ...saidBy(last) }
    return new NetworkError(thrown.fault, thrown.message, { cause: thrown, facts })
  } catch (silent) {
    if (silent instanceof NetworkError) return thrown
    throw silent
  }
}

function remember({ house }: FtpSession, way: Way): void {
  house.together.reached(way)
  if (house.ways[0] === way) return
  house.ways = [way, ...house.ways.filter((other) => other !== way)]
}

function noDataConnection({ house }: FtpSession, failures: readonly NoWay[]): NetworkError {
  const why = failures.map(({ message }) => message).join('; ')
  const reply = failures.findLast((failure) => failure.reply !== undefined)?.reply
  return new NetworkError('failed', `no data connection comes about: ${why}`, {
    facts: {
      // Not a byte has moved: nobody was reached.
      phase: 'connect',
      retryable: true,
      connectionUsable: true,
      ...(reply === undefined ? {} : { reply }),
      hint: `A firewall or router stands between: ferry doctor ftp://${house.host}:${house.port}/ finds out which.`,
    },
  })
}
