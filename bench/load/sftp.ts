import { spawn } from 'node:child_process'
import { inLanes } from './in-lanes.ts'
import { SftpLoad } from './sftp-session.ts'
import type { Address, SftpDeed } from './task.ts'

const sessions: SftpLoad[] = []

/** Does something over SFTP. Whoever enters takes the place of those who are there. */
export async function bySftp(what: SftpDeed): Promise<void> {
  switch (what.deed) {
    case 'enter':
      await leaveAll()
      return inLanes(what.sessions, 4, async () => {
        sessions.push(await SftpLoad.enter(what.at, what.cipher))
      })
    case 'leave':
      return leaveAll()
    case 'get':
      return first().get(what.path, what.bytes)
    case 'put':
      return first().put(what.path, what.bytes)
    case 'remove':
      return first().remove(what.path)
    case 'list':
      return first().list(what.path, what.entries)
    case 'logins':
      return inLanes(what.count, what.lanes, async () => {
        const session = await SftpLoad.enter(what.at)
        await session.leave()
      })
    case 'program':
      return program(what.at, what.lines, what.cipher)
  }
}

function first(): SftpLoad {
  const [session] = sessions
  if (session === undefined) throw new Error('nobody has entered')
  return session
}

async function leaveAll(): Promise<void> {
  await Promise.all(sessions.splice(0).map((session) => session.leave()))
}

function program(at: Address, lines: readonly string[], cipher: string | undefined): Promise<void> {
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentitiesOnly=yes',
    'LogLevel=ERROR',
  ]
  const words = [
    '-q',
    '-F',
    'none',
    '-b',
    '-',
    '-P',
    String(at.port),
    '-i',
    at.key ?? '',
    ...options.flatMap((option) => ['-o', option]),
    ...(cipher === undefined ? [] : ['-c', cipher]),
    `${at.user}@127.0.0.1`,
  ]
  return new Promise((done, fail) => {
    const child = spawn('sftp', words, { stdio: ['pipe', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (piece: Buffer) => (said = `${said}${piece.toString()}`.slice(-600)))
    child.once('error', fail)
    child.once('close', (code) => (code === 0 ? done() : fail(new Error(`sftp: ${said || code}`))))
    child.stdin.end(`${lines.join('\n')}\n`)
  })
}
