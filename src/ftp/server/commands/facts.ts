import { FileError } from '../../../core/error.ts'
import { joinPath, type Path } from '../../../core/path.ts'
import type { Change, Entry } from '../../../core/store.ts'
import { transfer } from '../../../core/transfer.ts'
import { formatTime, parseTime } from '../../wire/time.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import { networkSize } from '../ascii-size.ts'
import type { CommandTable } from '../command.ts'
import type { LoggedIn } from '../logged-in.ts'
import { Refused } from '../refused.ts'
import { running } from '../running.ts'
import { setTime } from '../set-time.ts'

/** What is known of a file, and changing it: RFC 3659 §3–4, draft-somers-ftp-mfxx, and AVBL and DSIZ of other servers. */
export const factsCommands: CommandTable = {
  SIZE: {
    needs: 'login',
    feature: 'SIZE',
    help: 'SIZE <SP> path: how many bytes a RETR of it would send',
    argument: 'needed',
    run: async (login, argument) => size(login, login.path(argument)),
  },
  MDTM: {
    needs: 'login',
    feature: 'MDTM',
    help: 'MDTM [<SP> YYYYMMDDhhmmss] <SP> path: when it was changed last, in UTC; with a time, sets it',
    argument: 'needed',
    run: async (login, argument) => modified(login, argument),
  },
  MFMT: {
    needs: 'login',
    feature: 'MFMT',
    help: 'MFMT <SP> YYYYMMDDhhmmss <SP> path: sets the time of the last change',
    argument: 'needed',
    async run(login, argument) {
      const { time, path } = splitTime(argument)
      await setTime(login, login.path(path), time)
      return reply(213, `Modify=${formatTime(time)}; ${path}`)
    },
  },
  MFCT: {
    needs: 'login',
    feature: 'MFCT',
    help: 'MFCT <SP> YYYYMMDDhhmmss <SP> path: sets the time of creation, where the files have one',
    argument: 'needed',
    async run(login, argument) {
      const { time, path } = splitTime(argument)
      await login.files.change(login.path(path), { created: time })
      return reply(213, `Create=${formatTime(time)}; ${path}`)
    },
  },
  MFF: {
    needs: 'login',
    feature: 'MFF Create;Modify;UNIX.group;UNIX.mode;UNIX.owner;',
    help: 'MFF <SP> fact=value;... <SP> path: sets facts of a file',
    argument: 'needed',
    run: async (login, argument) => modifyFacts(login, argument),
  },
  AVBL: {
    needs: 'login',
    feature: 'AVBL',
    help: 'AVBL [<SP> path]: how many bytes there is room for',
    async run(login, argument) {
      const { free } = await login.files.space(login.path(argument))
      return reply(213, String(free))
    },
  },
  DSIZ: {
    needs: 'login',
    feature: 'DSIZ',
    help: 'DSIZ [<SP> path]: how many bytes lie in a directory and all below it',
    run: async (login, argument) =>
      running(login, `DSIZ ${argument}`, async (run) => {
        const total = await sizeOfTree(login, login.path(argument), run.abort.signal)
        return reply(213, String(total))
      }),
  },
}

async function size(login: LoggedIn, path: Path): Promise<Reply> {
  const found = await statOrUnfinished(login, path)
  if (typeof found === 'number') {
    if (login.type === 'A') return reply(550, 'The upload is not complete, go on in TYPE I.')
    return reply(213, String(found))
  }
  if (found.kind !== 'file') return reply(550, 'Only files have a size, DSIZ counts directories.')
  if (found.unfinished !== undefined) {
    // Either number would mislead: one about what RETR sends, the other about where an upload goes on.
    return reply(
      550,
      `There is a file of ${found.size} bytes, and your newer upload stopped at ${found.unfinished}.`,
      `Go on with REST ${found.unfinished} and STOR, or begin anew.`,
    )
  }
  if (login.type === 'I') return reply(213, String(found.size))
  const file = await login.files.open(path, { read: true, inside: true })
  const counted = await transfer(file, () => networkSize(file, login.visit.server.blocks))
  return reply(213, String(counted))
}

/** Of an upload that stopped, the size so far: that is how clients find out where to go on (curl -C -, lftp put -c). */
async function statOrUnfinished(login: LoggedIn, path: Path): Promise<Entry | number> {
  try {
    return await login.files.stat(path)
  } catch (thrown) {
    if (thrown instanceof FileError && thrown.unfinished !== undefined) return thrown.unfinished
    throw thrown
  }
}

async function modified(login: LoggedIn, argument: string): Promise<Reply> {
  const [first = '', ...rest] = argument.split(' ')
  // With a time before the path it sets it, as old clients do that know no MFMT.
  const time = rest.length > 0 ? parseTime(first) : undefined
  if (time !== undefined) {
    await setTime(login, login.path(rest.join(' ')), time)
    return reply(213, formatTime(time))
  }
  const entry = await login.files.stat(login.path(argument))
  return reply(213, formatTime(entry.modified))
}

function splitTime(argument: string): { time: Date; path: string } {
  const space = argument.indexOf(' ')
  const time = parseTime(argument.slice(0, Math.max(0, space)))
  const path = argument.slice(space + 1)
  if (time === undefined || path === '') throw new Refused(501, 'First YYYYMMDDhhmmss, then the path.')
  return { time, path }
}

async function modifyFacts(login: LoggedIn, argument: string): Promise<Reply> {
  // ncftp leaves out the last semicolon; a fact has no space in it.
  const [, said, path] = /^([^ ]+?);? ([^]+)$/u.exec(argument) ?? []
  if (said === undefined || path === undefined)
    return reply(501, 'Like this: MFF Modify=20260131235959;UNIX.mode=0644; path')
  const facts = said.split(';')
  const changes = facts.map(readFact)
  await login.files.change(login.path(path), Object.assign({}, ...changes))
  return reply(213, `${facts.join(';')}; ${path}`)
}

function readFact(fact: string): Change {
  const [name = '', value = ''] = fact.split('=', 2)
  switch (name.toLowerCase()) {
    case 'modify':
      return { modified: timeOf(value) }
    case 'create':
      return { created: timeOf(value) }
    case 'unix.mode':
      if (!/^[0-7]{1,4}$/u.test(value)) throw new Refused(501, 'A mode has up to four octal digits.')
      return { mode: Number.parseInt(value, 8) }
    case 'unix.owner':
      return { owner: value }
    case 'unix.group':
      return { group: value }
    default:
      throw new Refused(504, 'That fact cannot be set.')
  }
}

function timeOf(text: string): Date {
  const time = parseTime(text)
  if (time === undefined) throw new Refused(501, 'A time is YYYYMMDDhhmmss.')
  return time
}

/** More entries are not counted: the client would not wait for it, and everyone else would. */
const mostCounted = 1_000_000

async function sizeOfTree(login: LoggedIn, top: Path, signal: AbortSignal): Promise<number> {
  const waiting = [top]
  let total = 0
  let counted = 0
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for await (const batch of login.files.list(path)) {
      counted += batch.length
      if (signal.aborted) throw new FileError('aborted', 'stopped')
      if (counted > mostCounted) throw new FileError('failed', `there are more than ${mostCounted} entries`)
      for (const entry of batch) {
        if (entry.kind === 'directory') waiting.push(joinPath(path, entry.name))
        else if (entry.kind === 'file') total += entry.size
      }
      login.visit.touch()
    }
  }
  return total
}
