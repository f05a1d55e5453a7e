import { formatLine } from '../../../wire/ls-line.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import { parseListRequest, sectionsOf } from '../list-request.ts'
import type { LoggedIn } from '../logged-in.ts'
import type { Visit } from '../visit.ts'

/** Asking and stopping while a transfer runs: RFC 959 §4.1.3, RFC 1123 §4.1.3.3. */
export const statusCommands: CommandTable = {
  STAT: {
    needs: 'nothing',
    urgent: true,
    help: 'STAT [<SP> path]: how the session or its transfer stands; with a path, a listing in the reply',
    async run(visit, argument) {
      if (argument === '') return sessionStatus(visit)
      if (visit.login === undefined) return reply(530, 'Log in first, with USER and PASS.')
      return fileStatus(visit.login, argument)
    },
  },
  ABOR: {
    needs: 'nothing',
    help: 'ABOR: stops the transfer that runs',
    run(visit) {
      // What ran was told to stop when this line arrived, and has had its own reply by now.
      visit.login?.data.close()
      return reply(226, 'Nothing runs any more.')
    },
  },
  NOOP: {
    needs: 'nothing',
    urgent: true,
    help: 'NOOP: does nothing, and keeps the session awake',
    run: () => reply(200, 'Still here.'),
  },
}

function sessionStatus(visit: Visit): Reply {
  const { login, running, conn } = visit
  const lines = [
    `You come from ${conn.remote.address} port ${conn.remote.port}, ${conn.secure ? 'encrypted' : 'in clear'}.`,
    login === undefined ? 'Not logged in.' : `Logged in as ${login.session.account.name}.`,
  ]
  if (login !== undefined) {
    lines.push(`Type ${login.type}, mode ${login.mode}, structure F.`)
    lines.push(login.data.agreed ? 'A data connection is agreed.' : 'No data connection is agreed.')
  }
  if (running !== undefined) lines.push(`${running.what}: ${running.bytes} bytes so far.`)
  return reply(211, 'Ferry FTP server.', ...lines, 'End of status.')
}

/** More entries do not fit in a reply. */
const mostInReply = 10_000

async function fileStatus(login: LoggedIn, argument: string): Promise<Reply> {
  const request = await parseListRequest(login, argument)
  const now = login.visit.server.clock.now()
  const lines: string[] = []
  for await (const { heading, rows } of sectionsOf(login, request)) {
    if (heading !== undefined) lines.push(`${heading}:`)
    rows((row) => lines.push(formatLine(row, now)))
    if (lines.length > mostInReply) return reply(452, 'That is too much for a reply, use LIST.')
  }
  // RFC 959 §4.2: 212 is about a directory, 213 about a file.
  return reply(request.kind === 'entry' ? 213 : 212, 'Here it is:', ...lines, 'End of status.')
}
