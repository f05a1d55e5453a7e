import { FileError } from '../../../core/error.ts'
import { joinPath, rootPath, type Path } from '../../../core/path.ts'
import { transfer } from '../../../core/transfer.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import { copyBytes, idAt, idToCopy } from '../copy.ts'
import { filePath } from '../file-path.ts'
import type { LoggedIn } from '../logged-in.ts'
import { Refused } from '../refused.ts'
import { running } from '../running.ts'
import { maskedMode, setNewMode } from '../umask.ts'
import { splitWords } from '../words.ts'
import { quoted } from './navigate.ts'

/** What changes the tree: RFC 959 §4.1.3, and RMDA and COMB of other servers. */
export const changeCommands: CommandTable = {
  DELE: {
    needs: 'login',
    help: 'DELE <SP> path: removes a file',
    argument: 'needed',
    async run(login, argument) {
      await login.files.remove(login.path(argument))
      return reply(250, 'Removed.')
    },
  },
  RMD: {
    needs: 'login',
    help: 'RMD <SP> path: removes an empty directory',
    argument: 'needed',
    async run(login, argument) {
      await login.files.rmdir(login.path(argument))
      return reply(250, 'Directory removed.')
    },
  },
  RMDA: {
    needs: 'login',
    feature: 'RMDA <path>',
    help: 'RMDA <SP> path: removes a directory with all that is in it',
    argument: 'needed',
    run: async (login, argument) =>
      running(login, `RMDA ${argument}`, async (run) => {
        const path = login.path(argument)
        // Its own removal is refused in the end, when all that it held would be gone.
        if (path === rootPath) throw new FileError('denied', 'the root stays where it is')
        // Through a link everything would go that lies where it leads.
        if ((await login.files.stat(path, false)).kind === 'link')
          throw new FileError('not-directory', 'that is a link and no directory, DELE removes it')
        const removed = await removeTree(login, path, run.abort.signal, 0)
        return reply(250, `Removed ${removed} entries.`)
      }),
  },
  MKD: {
    needs: 'login',
    help: 'MKD <SP> path: makes a directory',
    argument: 'needed',
    async run(login, argument) {
      const path = login.path(argument)
      const mode = await maskedMode(login, path, 0o777)
      await login.files.mkdir(path)
      return reply(257, `${quoted(path)} made.${await setNewMode(login, path, mode)}`)
    },
  },
  RNFR: {
    needs: 'login',
    help: 'RNFR <SP> path: what the next RNTO renames',
    argument: 'needed',
    async run(login, argument) {
      const path = login.path(argument)
      await login.files.stat(path, false)
      login.renameFrom = path
      return reply(350, 'Now RNTO.')
    },
  },
  RNTO: {
    needs: 'login',
    help: 'RNTO <SP> path: its new name; a file of that name is replaced',
    argument: 'needed',
    async run(login, argument) {
      const from = login.takeRenameFrom()
      const { kind } = await login.files.stat(from, false)
      const to = kind === 'directory' ? login.path(argument) : filePath(login, argument)
      await login.files.rename(from, to, true)
      return reply(250, 'Renamed.')
    },
  },
  COMB: {
    needs: 'login',
    feature: 'COMB target;source_list',
    help: 'COMB <SP> target <SP> part...: puts the parts behind the target, in order, and removes them',
    argument: 'needed',
    run: async (login, argument) => combine(login, argument),
  },
}

/** Deeper trees are refused: nobody makes them, but a loop of mounts would be one. */
const deepestTree = 200

async function removeTree(login: LoggedIn, path: Path, signal: AbortSignal, depth: number): Promise<number> {
  if (depth > deepestTree) throw new FileError('failed', 'the directories are nested too deeply')
  if (await removedAsEmpty(login, path)) return 1
  let removed = 0
  for await (const batch of login.files.list(path)) {
    for (const entry of batch) {
      if (signal.aborted) throw new FileError('aborted', `stopped after ${removed} entries`)
      const inside = joinPath(path, entry.name)
      if (entry.kind === 'directory') {
        removed += await removeTree(login, inside, signal, depth + 1)
      } else {
        await login.files.remove(inside)
        removed += 1
      }
      login.visit.touch()
    }
  }
  await login.files.rmdir(path)
  return removed + 1
}

/** Asked before anything in it is touched: what may not go, as a store is mounted there or a right is missing, keeps all it holds. */
async function removedAsEmpty(login: LoggedIn, path: Path): Promise<boolean> {
  try {
    await login.files.rmdir(path)
    return true
  } catch (thrown) {
    if (!(thrown instanceof FileError) || thrown.fault === 'denied' || thrown.fault === 'busy') throw thrown
    return false
  }
}

async function combine(login: LoggedIn, argument: string): Promise<Reply> {
  const [target, ...parts] = splitWords(argument)
  if (target === undefined || parts.length === 0)
    return reply(501, 'COMB target part..., names with spaces in "".')
  return running(login, 'COMB', async (run) => {
    const sources = parts.map((part) => login.path(part))
    const to = filePath(login, target)
    await mustDiffer(login, to, sources)
    const file = await login.files.open(to, { write: true, create: 'allow', append: true, anew: true })
    const bytes = await transfer(file, async () => {
      const start = (await file.stat()).size
      let at = start
      for (const source of sources) at += await copyBytes(login, run, source, file, at)
      return at - start
    })
    await removeParts(login, sources)
    return reply(250, `${sources.length} parts, ${bytes} bytes.`)
  })
}

/** All can be read, before anything is written. A part is removed in the end: twice in it, or its own target, under whatever name, it would take what it was put into with it. */
async function mustDiffer(login: LoggedIn, to: Path, sources: readonly Path[]): Promise<void> {
  const ids: (string | undefined)[] = [await idAt(login, to)]
  for (const source of sources) ids.push(await idToCopy(login, source))
  const known = ids.filter((id) => id !== undefined)
  if (new Set([to, ...sources]).size <= sources.length || new Set(known).size < known.length)
    throw new Refused(553, 'Each file may be named once, and the target is no part of itself.')
}

/** Who does not hear that the target has them already would put them into it a second time. */
async function removeParts(login: LoggedIn, sources: readonly Path[]): Promise<void> {
  for (const source of sources) {
    try {
      await login.files.remove(source)
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown
      const text = `all parts are in the target now, but ${source} is still there as well: ${thrown.message}`
      throw new FileError(thrown.fault, text, { cause: thrown })
    }
  }
}
