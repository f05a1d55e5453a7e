import { inLanes } from './in-lanes.ts'
import { Session } from './session.ts'
import type { Address, Task } from './task.ts'
import { byCurl } from './curl.ts'
import { bySftp } from './sftp.ts'
import { fetchByTftp } from './tftp.ts'
import { download, list, upload } from './transfer.ts'

const sessions: Session[] = []

/** Does a task; a single command gives back what the server said to it. */
export async function perform(task: Task): Promise<string> {
  if (task.kind === 'say') return (await first().must(task.line)).text
  if (task.kind === 'sftp') {
    await bySftp(task.what)
    return ''
  }
  if (task.kind === 'curl') return byCurl(task.what)
  if (task.kind === 'tftp') {
    const all = Array.from({ length: task.clients }, () => fetchByTftp(task.at, task.wish))
    return String(Math.min(...(await Promise.all(all))))
  }
  await work(task)
  return ''
}

async function work(task: Exclude<Task, { kind: 'say' | 'sftp' | 'tftp' | 'curl' }>): Promise<void> {
  switch (task.kind) {
    case 'enter':
      for (const session of sessions.splice(0)) session.drop()
      return inLanes(task.sessions, 4, () => stay(task.at))
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
      for (const name of names(task.files)) await download(first(), name, task.bytes)
      return
    case 'upload-many':
      for (const name of names(task.files)) await upload(first(), name, task.bytes)
      return
    case 'remove-many':
      for (const name of names(task.files)) await first().must(`DELE ${name}`)
      return
    case 'logins':
      return inLanes(task.count, task.lanes, () => comeAndGo(task.at))
  }
}

function first(): Session {
  const [session] = sessions
  if (session === undefined) throw new Error('nobody has entered')
  return session
}

async function stay(at: Address): Promise<void> {
  const session = await Session.enter(at)
  await session.must('TYPE I')
  sessions.push(session)
}

async function comeAndGo(at: Address): Promise<void> {
  const session = await Session.enter(at)
  await session.leave()
}

function names(files: number): string[] {
  return Array.from({ length: files }, (_, index) => `file-${String(index).padStart(5, '0')}.dat`)
}
