import type { Cannot, InteropClient, Outcome, Place } from '../interop-client.ts'
import { runProgram, StartedProgram } from '../program.ts'
import { byExitCode } from './outcome.ts'

/** A client that is a library, driven by a script of ours. */
export type Scripted = Omit<InteropClient, Operation> & {
  /** The words before the script's own. */
  readonly script: readonly string[]
  /** Why there are no ASCII transfers. */
  readonly noText?: Cannot
}

type Operation =
  | 'list'
  | 'get'
  | 'resumeGet'
  | 'getText'
  | 'put'
  | 'startPut'
  | 'resumePut'
  | 'putText'
  | 'mkdir'
  | 'rmdir'
  | 'rename'
  | 'remove'

/** The client with its operations: HOST PORT USER PASSWORD WAY OPERATION PATH... behind the script. */
export function scripted({ script, noText, ...its }: Scripted): InteropClient {
  function words(at: Place, operation: string, paths: readonly string[]): string[] {
    return [...script, at.host, String(at.port), at.user, at.password, at.way, operation, ...paths]
  }

  function run(operation: string) {
    return async (at: Place, ...paths: string[]): Promise<Outcome> =>
      byExitCode(await runProgram(its.program, words(at, operation, paths), at))
  }

  return {
    ...its,
    list: run('list'),
    get: run('get'),
    resumeGet: run('resume-get'),
    getText: noText ?? run('get-text'),
    put: run('put'),
    startPut: async (at, ...paths) =>
      new StartedProgram(its.program, words(at, 'put-half', paths), { folder: at.folder, inputEnds: false }),
    resumePut: run('resume-put'),
    putText: noText ?? run('put-text'),
    mkdir: run('mkdir'),
    rmdir: run('rmdir'),
    rename: run('rename'),
    remove: run('remove'),
  }
}
