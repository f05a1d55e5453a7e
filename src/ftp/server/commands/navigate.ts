import { FileError } from '../../../core/error.ts'
import { parentOf, type Path } from '../../../core/path.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import type { LoggedIn } from '../logged-in.ts'

/** Where the client stands: RFC 959 §4.1.1. */
export const navigateCommands: CommandTable = {
  CWD: {
    needs: 'login',
    feature: 'TVFS',
    help: 'CWD <SP> path: goes there',
    argument: 'needed',
    run: async (login, argument) => go(login, login.path(argument)),
  },
  CDUP: {
    needs: 'login',
    help: 'CDUP: goes one directory up',
    run: async (login) => go(login, parentOf(login.cwd)),
  },
  PWD: {
    needs: 'login',
    help: 'PWD: tells where you stand',
    run: (login) => reply(257, `${quoted(login.cwd)} is where you stand.`),
  },
  SMNT: {
    needs: 'login',
    help: 'SMNT <SP> path: not needed, all that there is lies in one tree',
    argument: 'needed',
    run: () => reply(202, 'Everything is mounted already.'),
  },
}

async function go(login: LoggedIn, path: Path): Promise<Reply> {
  const entry = await login.files.stat(path)
  if (entry.kind !== 'directory') throw new FileError('not-directory', 'that is not a directory')
  login.cwd = path
  return reply(250, `You stand in ${path}`)
}

/** A path between quotes, those in it doubled (RFC 959 appendix II). */
export function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`
}
