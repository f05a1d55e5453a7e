import { FileError } from '../../../core/error.ts'
import { joinPath, partsOf, rootPath, type Path } from '../../../core/path.ts'
import { parseTime } from '../../wire/time.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import { copyFile, type Copied } from '../copy.ts'
import { filePath } from '../file-path.ts'
import type { LoggedIn } from '../logged-in.ts'
import { Refused } from '../refused.ts'
import { setTime } from '../set-time.ts'
import { maskedMode, setNewMode } from '../umask.ts'
import { twoWords } from '../words.ts'
import { diagnosis } from './diagnosis.ts'
import { wholeNumber } from './represent.ts'

/** What SITE can do; the rows are of the same kind as those of the commands. */
const siteTable: CommandTable = {
  CHMOD: {
    needs: 'login',
    help: 'SITE CHMOD <SP> mode <SP> path: sets the permissions, in octal digits',
    argument: 'needed',
    async run(login, argument) {
      const [, mode, path] = /^([0-7]{1,4}) (.+)$/su.exec(argument) ?? []
      if (mode === undefined || path === undefined) return reply(501, 'SITE CHMOD 644 path')
      await login.files.change(login.path(path), { mode: Number.parseInt(mode, 8) })
      return reply(200, `The mode is ${mode} now.`)
    },
  },
  UTIME: {
    needs: 'login',
    help: 'SITE UTIME <SP> YYYYMMDDhhmm[ss] <SP> path: sets the time of the last change, in UTC',
    argument: 'needed',
    run: async (login, argument) => touch(login, argument),
  },
  SYMLINK: {
    needs: 'login',
    feature: 'SITE SYMLINK',
    help: 'SITE SYMLINK <SP> target <SP> path: makes a symbolic link',
    argument: 'needed',
    async run(login, argument) {
      const [target, path] = twoWords(argument, 'SITE SYMLINK target path')
      await login.files.link(login.path(path), target, 'symbolic')
      return reply(200, 'Link made.')
    },
  },
  COPY: {
    needs: 'login',
    feature: 'SITE COPY',
    help: 'SITE COPY <SP> from <SP> to: copies a file on the server',
    argument: 'needed',
    async run(login, argument) {
      const [from, to] = twoWords(argument, 'SITE COPY from to')
      return copied(await copyFile(login, login.path(from), filePath(login, to)))
    },
  },
  CPFR: {
    needs: 'login',
    help: 'SITE CPFR <SP> path: what the next SITE CPTO copies',
    argument: 'needed',
    async run(login, argument) {
      const path = login.path(argument)
      await login.files.stat(path)
      login.copyFrom = path
      return reply(350, 'Now SITE CPTO.')
    },
  },
  CPTO: {
    needs: 'login',
    help: 'SITE CPTO <SP> path: where the copy goes',
    argument: 'needed',
    async run(login, argument) {
      const from = login.takeCopyFrom()
      return copied(await copyFile(login, from, filePath(login, argument)))
    },
  },
  MKDIR: {
    needs: 'login',
    help: 'SITE MKDIR <SP> path: makes a directory and those above it that are missing',
    argument: 'needed',
    run: async (login, argument) => makeTree(login, login.path(argument)),
  },
  IDLE: {
    needs: 'login',
    help: 'SITE IDLE [<SP> seconds]: how long the session may be silent',
    run: (login, argument) => idle(login, argument),
  },
  UMASK: {
    needs: 'login',
    help: 'SITE UMASK [<SP> mask]: which permissions new files do not get',
    run: (login, argument) => umask(login, argument),
  },
  WHO: {
    needs: 'login',
    help: 'SITE WHO: the sessions of your account',
    run(login) {
      const { name } = login.session.account
      const lines: string[] = []
      for (const { login: other, conn, running } of login.visit.server.visits) {
        if (other?.session.account.name !== name) continue
        lines.push(`${conn.remote.address} ${running?.what ?? 'idle'}${other === login ? ' (you)' : ''}`)
      }
      return reply(200, `Sessions of ${name}:`, ...lines, 'End.')
    },
  },
  DIAG: {
    needs: 'login',
    help: 'SITE DIAG [<SP> CONNECT <SP> port]: what the server sees of you; connects back to you at that port',
    run: async (login, argument) => diagnosis(login, argument),
  },
  HELP: {
    needs: 'nothing',
    help: 'SITE HELP [<SP> word]: this list, or one of it',
    run: (_visit, argument) => help(argument.trim().toUpperCase()),
  },
}

/** SITE, for what the protocol has no command of its own for. */
export const siteCommands: CommandTable = {
  SITE: {
    needs: 'nothing',
    feature: siteFeatures,
    help: `SITE <SP> ${Object.keys(siteTable).join('|')}: more commands, SITE HELP tells of each`,
    argument: 'needed',
    run(visit, argument) {
      const [, word = '', rest = ''] = /^ *(\S+)(?: (.*))?$/su.exec(argument) ?? []
      const verb = word.toUpperCase()
      const row = Object.hasOwn(siteTable, verb) ? siteTable[verb] : undefined
      if (visit.login !== undefined && (verb !== 'CPTO' || rest === '')) visit.login.copyFrom = undefined
      if (row === undefined) return reply(504, 'SITE HELP lists what there is.')
      if (row.argument === 'needed' && rest === '') return reply(501, `Syntax: ${row.help}`)
      if (row.needs === 'nothing') return row.run(visit, rest)
      if (visit.login === undefined) return reply(530, 'Log in first, with USER and PASS.')
      return row.run(visit.login, rest)
    },
  },
}

function siteFeatures(): string {
  return `SITE ${Object.keys(siteTable).toSorted().join(';')};`
}

function copied({ bytes, but }: Copied): Reply {
  return reply(250, `Copied, ${bytes} bytes.${but}`)
}

/** Two ways are in use: `UTIME 20260131235959 path`, and `UTIME path atime mtime ctime UTC` (ncftp). */
async function touch(login: LoggedIn, argument: string): Promise<Reply> {
  const [, path, changed] = /^(.+) \d{14} (\d{14}) \d{14} UTC$/su.exec(argument) ?? []
  const [, short, shortPath] = /^(\d{12}|\d{14}) (.+)$/su.exec(argument) ?? []
  const time = parseTime((changed ?? short ?? '').padEnd(14, '0'))
  const text = path ?? shortPath
  if (time === undefined || text === undefined) throw new Refused(501, 'SITE UTIME YYYYMMDDhhmmss path')
  await setTime(login, login.path(text), time)
  return reply(200, 'Time set.')
}

async function makeTree(login: LoggedIn, path: Path): Promise<Reply> {
  let place = rootPath
  let but = ''
  for (const part of partsOf(path)) {
    place = joinPath(place, part)
    const mode = await maskedMode(login, place, 0o777)
    try {
      await login.files.mkdir(place)
      but += await setNewMode(login, place, mode)
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault !== 'exists') throw thrown
    }
  }
  const { kind } = await login.files.stat(path)
  if (kind !== 'directory') throw new FileError('exists', 'there is a file of that name')
  return reply(200, `The directory is there.${but}`)
}

function idle(login: LoggedIn, argument: string): Reply {
  const { visit } = login
  const longest = visit.server.settings.longestIdleMs / 1000
  if (argument.trim() === '')
    return reply(200, `A session may be silent for ${visit.idleMs / 1000} s, at most ${longest}.`)
  const seconds = wholeNumber(argument.trim())
  if (seconds === undefined || seconds < 10 || seconds > longest)
    return reply(501, `From 10 to ${longest} seconds.`)
  visit.idleMs = seconds * 1000
  return reply(200, `The session may be silent for ${seconds} s now.`)
}

function umask(login: LoggedIn, argument: string): Reply {
  const text = argument.trim()
  if (text === '') {
    return reply(
      200,
      login.umask === undefined ? "The mask is the server's own." : `The mask is ${octal(login.umask)}.`,
    )
  }
  if (!/^[0-7]{1,4}$/u.test(text) || Number.parseInt(text, 8) > 0o777)
    return reply(501, 'Octal digits, 000 to 777.')
  if (!login.files.features.has('modes')) throw new FileError('unsupported', 'files have no permissions here')
  login.umask = Number.parseInt(text, 8)
  return reply(200, `The mask is ${octal(login.umask)}.`)
}

function octal(mask: number): string {
  return mask.toString(8).padStart(3, '0')
}

function help(word: string): Reply {
  if (word === '') {
    return reply(214, 'SITE knows:', ...Object.values(siteTable).map((row) => row.help), 'End.')
  }
  const row = Object.hasOwn(siteTable, word) ? siteTable[word] : undefined
  return row === undefined ? reply(504, 'SITE HELP lists what there is.') : reply(214, row.help)
}
