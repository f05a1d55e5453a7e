import { encodeText } from '../../../core/text.ts'
import { FileError } from '../../../core/error.ts'
import type { Path } from '../../../core/path.ts'
import { rowsIn, type Rows } from '../../../core/rows.ts'
import { formatListing } from '../../../wire/ls-line.ts'
import { formatFacts, formatFeature, allFacts } from '../../wire/mlsx.ts'
import { oneLine, reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import { parseListRequest, sectionsOf, type ListRequest } from '../list-request.ts'
import type { LoggedIn } from '../logged-in.ts'
import { outgoing } from '../outgoing.ts'
import { permOf, permsIn } from '../perm.ts'
import { moved, running, withData } from '../running.ts'

const everyFact = new Set(allFacts)

/** Listings: RFC 959 §4.1.3, RFC 3659 §7. */
export const listingCommands: CommandTable = {
  LIST: {
    needs: 'login',
    help: 'LIST [<SP> -alR] [<SP> path or pattern]: a listing for people',
    run: async (login, argument) => {
      const request = await parseListRequest(login, argument)
      return send(login, 'LIST', lines(login, request))
    },
  },
  NLST: {
    needs: 'login',
    help: 'NLST [<SP> path or pattern]: the names alone',
    run: async (login, argument) => {
      const request = await parseListRequest(login, argument)
      return send(login, 'NLST', names(login, request))
    },
  },
  MLSD: {
    needs: 'login',
    help: 'MLSD [<SP> path]: a listing for programs',
    run: async (login, argument) => {
      const path = login.path(argument)
      const entry = await login.files.stat(path)
      if (entry.kind !== 'directory') return reply(501, 'MLSD lists directories, MLST tells of a file.')
      return send(login, 'MLSD', facts(login, path))
    },
  },
  MLST: {
    needs: 'login',
    feature: (visit) => formatFeature(visit.login?.facts ?? everyFact),
    help: 'MLST [<SP> path]: all about one file, for programs',
    async run(login, argument) {
      const path = login.path(argument)
      const entry = await login.files.stat(path)
      const about = { perm: permOf(login.session.account, path, entry), name: path }
      return reply(250, 'Here it is:', formatFacts(entry, login.facts, about), 'End.')
    },
  },
}

async function* lines(login: LoggedIn, request: ListRequest): AsyncGenerator<string> {
  for await (const { heading, rows } of sectionsOf(login, request)) {
    const title = heading === undefined ? '' : `\r\n${oneLine(heading)}:\r\n`
    yield title + formatListing(rows, login.visit.server.clock.now())
  }
}

async function* names(login: LoggedIn, request: ListRequest): AsyncGenerator<string> {
  for await (const { rows } of sectionsOf(login, { ...request, recursive: false })) {
    yield namesOf(request.prefix, rows)
  }
}

function namesOf(prefix: string, rows: Rows): string {
  let text = ''
  rows(({ name }) => {
    text += `${oneLine(prefix + name)}\r\n`
  })
  return text
}

async function* facts(login: LoggedIn, directory: Path): AsyncGenerator<string> {
  const permOfRow = permsIn(login.session.account, directory)
  for await (const rows of rowsIn(login.files, directory)) {
    let text = ''
    rows((row) => {
      const perm = permOfRow(row)
      text += `${formatFacts(row, login.facts, { perm, name: row.name })}\r\n`
    })
    yield text
  }
}

/** Sends a listing. The first part is fetched before the data connection is opened: what cannot be listed is 550. */
async function send(login: LoggedIn, verb: string, parts: AsyncGenerator<string>): Promise<Reply> {
  return running(login, verb, async (run) => {
    try {
      let part = await parts.next()
      await withData(login, run, 'Here comes the listing.', async (conn) => {
        const out = outgoing(login, conn)
        for (; part.done !== true; part = await parts.next()) {
          const bytes = encodeText(part.value)
          if (bytes.length > 0) await out.write(bytes)
          moved(login, run, bytes.length)
        }
        await out.end()
      })
    } catch (thrown) {
      throw run.announced && thrown instanceof FileError ? new FileError('failed', thrown.message) : thrown
    } finally {
      await parts.return(undefined)
    }
    return reply(226, 'Listing sent whole.')
  })
}
