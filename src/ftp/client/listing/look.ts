import { FileError } from '../../../core/error.ts'
import { nameOf, parentOf, rootPath, type Path } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import { askEach } from '../session/ask-each.ts'
import { entryInMlst } from './entry-in-mlst.ts'
import { saidBy } from '../faults.ts'
import { explained } from '../explained.ts'
import { sizeIn, sizeLine, sizeOf } from './size-of.ts'
import { listDirectory } from './list.ts'
import type { FtpSession } from '../session/session.ts'
import { timeIn } from './time-in.ts'

/** Tells of one path: by MLST, or by whatever else a server has to tell. */
export async function look(session: FtpSession, path: Path, signal?: AbortSignal): Promise<Entry> {
  try {
    return await lookUp(session, path, signal)
  } catch (thrown) {
    throw await explained(session, path, thrown, 'any', signal)
  }
}

async function lookUp(session: FtpSession, path: Path, signal: AbortSignal | undefined): Promise<Entry> {
  if (session.can('MLST')) return byMlst(session, path)
  if (path === rootPath) return { name: '', kind: 'directory', size: 0, modified: new Date(0) }
  return (await bySize(session, path)) ?? byParent(session, path, signal)
}

async function byMlst(session: FtpSession, path: Path): Promise<Entry> {
  const reply = await session.must(`MLST ${path}`, `look at ${path}`, path)
  const entry = await entryInMlst(session, reply, nameOf(path))
  if (entry !== undefined) return entry
  throw new FileError('failed', `look at ${path}: the server's answer cannot be read`, {
    facts: { code: reply.code, reply: reply.lines.join(' '), path, connectionUsable: true },
  })
}

/** A file, if SIZE tells of it. */
async function bySize(session: FtpSession, path: Path): Promise<Entry | undefined> {
  const { house } = session
  await session.type('I')
  const isOpen = house.together.mayBegin && house.sizesDirectories === undefined
  const questions = [sizeLine(path), `MDTM ${path}`, ...(isOpen ? [sizeLine(session.home)] : [])]
  const [sized, timed, ofHome] = await askEach(session, questions)
  if (ofHome !== undefined) house.sizesDirectories = sizeIn(ofHome) !== undefined
  const size = sized === undefined ? undefined : sizeIn(sized)
  if (size === undefined) return undefined
  const time = timed === undefined ? undefined : timeIn(timed)
  const isSure = time !== undefined && !(await sizesDirectories(session))
  if (!isSure && (await isDirectory(session, path))) return undefined
  return { name: nameOf(path), kind: 'file', size, modified: time ?? new Date(0) }
}

/** Some tell a size and a time of a directory too (npm's ftp-srv and ftpd): found out once, at one that is there. */
async function sizesDirectories(session: FtpSession): Promise<boolean> {
  session.house.sizesDirectories ??= (await sizeOf(session, session.home)) !== undefined
  return session.house.sizesDirectories
}

async function isDirectory(session: FtpSession, path: Path): Promise<boolean> {
  return (await session.control.ask(`CWD ${path}`)).code < 400
}

/** What the directory that holds it lists: links as links, where MLST tells of what they lead to. */
export async function byParent(session: FtpSession, path: Path, signal?: AbortSignal): Promise<Entry> {
  if (path === rootPath) return look(session, path)
  const name = nameOf(path)
  let found: Entry | undefined
  for await (const batch of listDirectory(session, parentOf(path), signal)) {
    found ??= batch.find((entry) => entry.name === name)
  }
  if (found !== undefined) return found
  const reply = await session.control.ask(`CWD ${path}`)
  if (reply.code < 400) return { name, kind: 'directory', size: 0, modified: new Date(0) }
  throw new FileError('not-found', `look at ${path}: there is nothing of that name`, {
    facts: { ...saidBy(reply), path, phase: 'command', connectionUsable: true },
  })
}
