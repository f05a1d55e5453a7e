import { stat } from 'node:fs/promises'
import type { InteropClient, Outcome, Place } from '../interop-client.ts'
import { runProgram, StartedProgram } from '../program.ts'
import { byReplies } from './outcome.ts'

/** What the children of BSD's ftp differ in. */
export type BsdFtp = Pick<
  InteropClient,
  'name' | 'program' | 'install' | 'tellVersion' | 'usualWay' | 'noWay'
> & {
  /** The words on its command line, and the commands after the login, that choose a way. */
  readonly choose: (at: Place) => { readonly words: readonly string[]; readonly commands: readonly string[] }
}

/** A client of the family: commands are typed into it, and it ends with 0 whatever happened. */
export function bsdFtp(its: BsdFtp): InteropClient {
  const { name, program, install, tellVersion, usualWay, noWay } = its

  async function type(at: Place, ...commands: string[]): Promise<Outcome> {
    return byReplies(await runProgram(program, words(at), { folder: at.folder, input: script(at, commands) }))
  }

  function words(at: Place): string[] {
    // -g: names are meant as they are; -n: nobody is logged in by ~/.netrc
    return ['-n', '-i', '-g', '-v', ...its.choose(at).words]
  }

  function script(at: Place, commands: readonly string[]): string {
    const open = [`open ${at.host} ${at.port}`, `user ${at.user} ${at.password}`]
    return [...open, ...its.choose(at).commands, 'binary', ...commands, 'quit', ''].join('\n')
  }

  /** The file comes out of a pipe, which stays open at the half: its `cat` waits for more of our script. */
  async function startPut(at: Place, local: string, remote: string): Promise<StartedProgram> {
    const half = Math.floor((await stat(local)).size / 2)
    const input = script(at, [`put "|head -c ${half} ${local}; cat" ${quote(remote)}`])
    return new StartedProgram(program, words(at), { folder: at.folder, input, inputEnds: false })
  }

  /** There is no command for it; people ask for the size and type `restart`. */
  async function resumePut(at: Place, local: string, remote: string): Promise<Outcome> {
    const asked = await type(at, `size ${quote(remote)}`)
    const [, size] = /^(?:213 |.*\t)(\d+)$/mu.exec(asked.printed) ?? []
    if (size === undefined) return { ...asked, ok: false }
    return type(at, `restart ${size}`, `put ${quote(local)} ${quote(remote)}`)
  }

  return {
    name,
    program,
    install,
    tellVersion,
    usualWay,
    noWay,
    noName: {},
    lineEnd: '\n',
    list: (at, remote) => type(at, `dir ${quote(remote)}`),
    get: (at, remote, local) => type(at, `get ${quote(remote)} ${quote(local)}`),
    resumeGet: (at, remote, local) => type(at, `reget ${quote(remote)} ${quote(local)}`),
    getText: (at, remote, local) => type(at, 'ascii', `get ${quote(remote)} ${quote(local)}`),
    put: (at, local, remote) => type(at, `put ${quote(local)} ${quote(remote)}`),
    startPut,
    resumePut,
    putText: (at, local, remote) => type(at, 'ascii', `put ${quote(local)} ${quote(remote)}`),
    mkdir: (at, remote) => type(at, `mkdir ${quote(remote)}`),
    rmdir: (at, remote) => type(at, `rmdir ${quote(remote)}`),
    rename: (at, from, to) => type(at, `rename ${quote(from)} ${quote(to)}`),
    remove: (at, remote) => type(at, `delete ${quote(remote)}`),
  }
}

function quote(word: string): string {
  return word.replaceAll(/[ "\\]/gu, '\\$&')
}
