import { abuse } from './abuse.ts'
import { inLanes } from './in-lanes.ts'
import { Session } from './session.ts'
import type { Address, Suite, Task } from './task.ts'
import { byCurl } from './curl.ts'
import { mixed } from './mixed.ts'
import { notice } from './notice.ts'
import { bySftp } from './sftp.ts'
import { fetchByTftp } from './tftp.ts'
import { download, list, upload } from './transfer.ts'

const sessions: Session[] = []

/** Does a task; a single command gives back what the server said to it. */
export async function perform(task: Task): Promise<string> {
  if (task.kind === 'say') {
    const { text } = await first().must(task.line)
    if (task.everyone === true) for (const session of sessions.slice(1)) await session.must(task.line)
    return text
  }
  if (task.kind === 'sftp') {
    await bySftp(task.what)
    return ''
  }
  if (task.kind === 'abuse') return abuse(task.what)
  if (task.kind === 'notice') return notice(task.at, task.seconds)
  if (task.kind === 'curl') return byCurl(task.what)
  if (task.kind === 'tftp') {
    const all = Array.from({ length: task.clients }, () => fetchByTftp(task.at, task.wish))
    return String(Math.min(...(await Promise.all(all))))
  }
  await work(task)
  return ''
}

async function work(
  task: Exclude<Task, { kind: 'say' | 'sftp' | 'tftp' | 'curl' | 'abuse' | 'notice' }>,
): Promise<void> {
  switch (task.kind) {
    case 'enter':
      for (const session of sessions.splice(0)) session.drop()
      return inLanes(task.sessions, 4, () => stay(task.at, task.suite))
    case 'leave':
      for (const session of sessions.splice(0)) await session.leave()
      return
    case 'download':
      return download(first(), task.path, task.bytes)
    case 'upload':
      return upload(first(), task.path, task.bytes)
    case 'list':
      return list(first(), task.verb, task.path, task.entries)
    case 'download-many':
      return shared(task.files, (session, name) => download(session, name, task.bytes))
    case 'upload-many':
      return shared(task.files, (session, name) => upload(session, name, task.bytes))
    case 'remove-many':
      return shared(task.files, async (session, name) => void (await session.must(`DELE ${name}`)))
    case 'mixed':
      return mixed(sessions, task.what)
    case 'logins':
      return inLanes(task.count, task.lanes, () => comeAndGo(task.at))
  }
}

function first(): Session {
  const [session] = sessions
  if (session === undefined) throw new Error('nobody has entered')
  return session
}

async function stay(at: Address, suite?: Suite): Promise<void> {
  const session = await Session.enter(at, suite)
  await session.must('TYPE I')
  sessions.push(session)
}

async function comeAndGo(at: Address): Promise<void> {
  const session = await Session.enter(at)
  await session.leave()
}

/** Does something with each of so many files; all who have entered take the next one as they get ready. */
async function shared(files: number, work: (session: Session, name: string) => Promise<void>): Promise<void> {
  const left = names(files).values()
  await Promise.all(
    sessions.map(async (session) => {
      for (const name of left) await work(session, name)
    }),
  )
}

function names(files: number): string[] {
  return Array.from({ length: files }, (_, index) => `file-${String(index).padStart(5, '0')}.dat`)
}
