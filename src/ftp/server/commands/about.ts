import { formatFeature, parseFacts } from '../../wire/mlsx.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import { hashNames } from '../../wire/hash-name.ts'
import type { LoggedIn } from '../logged-in.ts'
import type { Visit } from '../visit.ts'

/** What the server is and can do: RFC 959 §4.1.3, RFC 2389, RFC 2640. HELP and FEAT are printed from the table itself. */
export function aboutCommands(table: () => CommandTable): CommandTable {
  return {
    FEAT: {
      needs: 'nothing',
      help: 'FEAT: what this server can do beyond RFC 959',
      run: (visit) => reply(211, 'Beyond RFC 959 there are:', ...features(table(), visit), 'End.'),
    },
    HELP: {
      needs: 'nothing',
      help: 'HELP [<SP> command]: all commands, or one',
      run: (_visit, argument) => help(table(), argument.trim().toUpperCase()),
    },
    SYST: {
      needs: 'nothing',
      help: 'SYST: what kind of system this is',
      run: () => reply(215, 'UNIX Type: L8'),
    },
    OPTS: {
      needs: 'nothing',
      feature: 'UTF8',
      help: 'OPTS <SP> UTF8 ON | MLST facts | HASH name | MODE Z LEVEL n: how a command shall work',
      argument: 'needed',
      run: (visit, argument) => options(visit, argument),
    },
    LANG: {
      needs: 'nothing',
      feature: 'LANG EN*',
      help: 'LANG [<SP> en]: the language of the replies',
      run(_visit, argument) {
        const tag = argument.trim().toLowerCase()
        if (tag === '' || tag === 'en' || tag.startsWith('en-')) return reply(200, 'English it is.')
        return reply(504, 'The replies are in English only.')
      },
    },
    CLNT: {
      needs: 'nothing',
      feature: 'CLNT',
      help: 'CLNT <SP> name: which program you are',
      run: () => reply(200, 'Noted.'),
    },
    CSID: {
      needs: 'nothing',
      feature: 'CSID',
      help: 'CSID [<SP> Name=...; Version=...;]: which program you are, and which one this is',
      run: () => reply(200, 'Name=Ferry; Vendor=Ferry; OS=Unix; CaseSensitive=1; DirSep=/;'),
    },
  }
}

function features(table: CommandTable, visit: Visit): string[] {
  const lines: string[] = []
  for (const { feature = '' } of Object.values(table)) {
    lines.push(typeof feature === 'string' ? feature : feature(visit))
  }
  return lines.filter((line) => line !== '').toSorted()
}

function help(table: CommandTable, verb: string): Reply {
  if (verb === '') {
    const verbs = Object.keys(table).toSorted()
    const lines: string[] = []
    for (let at = 0; at < verbs.length; at += 8) lines.push(verbs.slice(at, at + 8).join(' '))
    return reply(214, 'These commands are known:', ...lines, 'HELP and a command tells more.')
  }
  const row = Object.hasOwn(table, verb) ? table[verb] : undefined
  return row === undefined ? reply(504, 'That command is not known here.') : reply(214, row.help)
}

function options(visit: Visit, argument: string): Reply {
  const [subject = '', ...rest] = argument.trim().split(/ +/u)
  const value = rest.join(' ')
  switch (subject.toUpperCase()) {
    case 'UTF8':
    case 'UTF-8':
      // Windows Explorer wants 200. Names pass byte by byte either way (core/text.ts).
      return reply(200, 'Names are taken and given byte by byte, UTF-8 where the client says it.')
    case 'MLST':
      return visit.login === undefined ? loginFirst() : chooseFacts(visit.login, value)
    case 'HASH':
      return visit.login === undefined ? loginFirst() : chooseHash(visit.login, value.toUpperCase())
    case 'MODE':
      return visit.login === undefined ? loginFirst() : chooseLevel(visit.login, value.toUpperCase())
    default:
      return reply(501, 'There are no options for that.')
  }
}

function loginFirst(): Reply {
  return reply(530, 'Log in first, with USER and PASS.')
}

function chooseFacts(login: LoggedIn, value: string): Reply {
  login.facts = parseFacts(value)
  const chosen = formatFeature(login.facts).match(/[\w.]+(?=\*;)/gu) ?? []
  return reply(200, `MLST OPTS ${chosen.map((fact) => `${fact};`).join('')}`)
}

function chooseHash(login: LoggedIn, value: string): Reply {
  const chosen = hashNames.find((name) => name === value)
  if (value !== '' && chosen === undefined) return reply(504, `One of ${hashNames.join(', ')}.`)
  login.hash = chosen ?? login.hash
  return reply(200, login.hash)
}

function chooseLevel(login: LoggedIn, value: string): Reply {
  const level = /^Z LEVEL ([0-9])$/u.exec(value)?.[1]
  if (level === undefined) return reply(501, 'OPTS MODE Z LEVEL 0 to 9.')
  login.deflateLevel = Number(level)
  return reply(200, `MODE Z LEVEL set to ${level}`)
}
