import { randomBytes } from 'node:crypto'
import { FileError } from '../../../core/error.ts'
import type { Conn } from '../../../core/network.ts'
import { joinPath, nameOf, type Path } from '../../../core/path.ts'
import type { OpenFile, Opening } from '../../../core/store.ts'
import { transfer } from '../../../core/transfer.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import { localOffsetAt } from '../ascii-size.ts'
import type { CommandTable } from '../command.ts'
import { filePath } from '../file-path.ts'
import { incoming } from '../incoming.ts'
import type { LoggedIn } from '../logged-in.ts'
import { provenEnd } from '../proven-end.ts'
import { receiveFile } from '../receive-file.ts'
import { Refused } from '../refused.ts'
import { moved, running, withData } from '../running.ts'
import type { Running } from '../visit.ts'
import { maskedMode, setNewMode } from '../umask.ts'

/** Files from the client: RFC 959 §4.1.3, RFC 1123 §4.1.2.9. */
export const uploadCommands: CommandTable = {
  STOR: {
    needs: 'login',
    help: 'STOR <SP> path: takes a file, in place of one that is there',
    argument: 'needed',
    run: async (login, argument) => running(login, `STOR ${argument}`, (run) => store(login, run, argument)),
  },
  APPE: {
    needs: 'login',
    help: 'APPE <SP> path: takes bytes and puts them behind what is there',
    argument: 'needed',
    run: async (login, argument) => running(login, `APPE ${argument}`, (run) => append(login, run, argument)),
  },
  STOU: {
    needs: 'login',
    help: 'STOU [<SP> name]: takes a file under a name that nothing has yet, and tells it',
    run: async (login, argument) => running(login, 'STOU', (run) => storeUnique(login, run, argument)),
  },
}

async function store(login: LoggedIn, run: Running, argument: string): Promise<Reply> {
  const path = filePath(login, argument)
  login.takeRange()
  const announced = login.takeAnnounced()
  const restart = login.takeRestart()
  const from = restart > 0 && login.type === 'A' ? await localOffsetAt(login, path, restart) : restart
  const mode = await maskedMode(login, path, 0o666)
  const file = await open(login, path, { write: true, create: 'allow', truncate: true, from })
  return receive(login, run, { path, file, mode, from, announced })
}

async function append(login: LoggedIn, run: Running, argument: string): Promise<Reply> {
  const path = filePath(login, argument)
  login.takeRange()
  const announced = login.takeAnnounced()
  login.takeRestart()
  const mode = await maskedMode(login, path, 0o666)
  const file = await open(login, path, { write: true, create: 'allow', append: true })
  return receive(login, run, { path, file, mode, from: undefined, announced })
}

async function storeUnique(login: LoggedIn, run: Running, argument: string): Promise<Reply> {
  login.takeRange()
  const announced = login.takeAnnounced()
  login.takeRestart()
  const { path, file, mode } = await openUnique(login, argument)
  return receive(login, run, { path, file, mode, from: 0, announced }, `FILE: ${nameOf(path)}`)
}

/** The name itself where it is free (printers and scanners count on it), else with a number, else by chance. */
async function openUnique(
  login: LoggedIn,
  argument: string,
): Promise<Pick<Taking, 'path' | 'file' | 'mode'>> {
  const wanted = filePath(login, argument === '' ? 'ferry' : argument)
  const names = [
    nameOf(wanted),
    ...Array.from({ length: 9 }, (_, number) => `${nameOf(wanted)}.${number + 1}`),
  ]
  names.push(`${nameOf(wanted)}.${randomBytes(6).toString('hex')}`)
  const directory = login.path(argument === '' ? '.' : `${argument}/..`)
  for (const name of names) {
    const path = joinPath(directory, name)
    const mode = await maskedMode(login, path, 0o666)
    try {
      const file = await login.files.open(path, { write: true, create: 'require', unique: true })
      return { path, file, mode }
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault !== 'exists') throw thrown
    }
  }
  throw new Refused(450, 'No free name was found, try again.')
}

async function open(login: LoggedIn, path: Path, how: Opening): Promise<OpenFile> {
  try {
    return await login.files.open(path, how)
  } catch (thrown) {
    const from = how.from ?? 0
    if (from === 0 || !(thrown instanceof FileError) || thrown.fault !== 'invalid') throw thrown
    throw new Refused(554, `There are less than ${from} bytes to go on from: ${thrown.message}.`)
  }
}

/** A file that is open for what comes. */
interface Taking {
  readonly path: Path
  readonly file: OpenFile
  /** What SITE UMASK leaves of the permissions of a new file. */
  readonly mode: number | undefined
  /** undefined: behind what is there. */
  readonly from: number | undefined
  /** How long it will be, as ALLO has said. */
  readonly announced: number | undefined
}

async function receive(
  login: LoggedIn,
  run: Running,
  taking: Taking,
  opening = `Taking ${nameOf(taking.path)}.`,
): Promise<Reply> {
  const { path, file, mode, from, announced } = taking
  const { bytes, verdict, but } = await transfer(file, async () => {
    const start = from ?? (await file.stat()).size
    // Before there is anything to be read.
    const but = await setNewMode(login, path, mode)
    return withData(
      login,
      run,
      opening,
      async (conn) => {
        const taken = await take(login, run, file, start, conn)
        return { ...taken, but, verdict: taken.verdict + judgeLength(login, announced, start, taken.bytes) }
      },
      'up',
    )
  })
  return reply(226, `Stored whole, ${bytes} bytes${verdict}.${but}`)
}

/** Who has said the length by ALLO and sends less was cut short, or has said more than it meant: that is set. */
function judgeLength(login: LoggedIn, announced: number | undefined, start: number, bytes: number): string {
  // Some announce all of the file also where they send the rest of it; with line ends and deflated it is another number.
  if (announced === undefined || login.type === 'A' || login.mode === 'Z' || start + bytes >= announced)
    return ''
  if (login.visit.security.settings?.end === 'strict')
    throw new Refused(
      426,
      `Only ${bytes} of the ${announced} bytes came that ALLO had announced (short-of-ALLO).`,
    )
  const { name } = login.session.account
  login.visit.warn(
    `an upload of ${name} has ${bytes} bytes, and ALLO had announced ${announced} (short-of-ALLO)`,
  )
  return ' (short-of-ALLO)'
}

async function take(
  login: LoggedIn,
  run: Running,
  file: OpenFile,
  start: number,
  conn: Conn,
): Promise<{ bytes: number; verdict: string }> {
  const { clock } = login.visit.server
  const began = clock.ticks()
  const bytes = await receiveFile(file, start, incoming(login, conn), (moment) => moved(login, run, moment))
  const verdict = login.visit.security.judgeEnd(conn)
  // Under TLS too: curl says the end in order on both connections when it gives up.
  await provenEnd(login.visit, run, clock.ticks() - began)
  return { bytes, verdict }
}
