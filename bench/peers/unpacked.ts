import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where `--fetch` unpacks the peers, a folder each: as installed packages they exclude one another. */
export const unpackedFolder = join(import.meta.dirname, '..', '.peers')

/** A program of a peer: unpacked here, or else installed on the machine. */
export function findProgram(peer: string, program: string): string | undefined {
  return [join(unpackedFolder, peer, program), join('/', program)].find((path) => existsSync(path))
}

/** What a program that is unpacked, not installed, needs to find the libraries unpacked beside it. */
export function libraryPath(peer: string): Record<string, string> {
  const folders = ['lib', 'usr/lib'].flatMap((folder) =>
    architectureFolders(join(unpackedFolder, peer, folder)),
  )
  return { LD_LIBRARY_PATH: folders.join(':') }
}

/** Why a server that gives up root's rights for each of its users cannot run, if it cannot. */
export function whyNot(peer: string, program: string): string | undefined {
  if (findProgram(peer, program) === undefined) return 'get it with: npm run bench -- --fetch'
  if (process.getuid?.() !== 0) return 'it has to be started as root, to become another user for a session'
  return undefined
}

/** Debian keeps libraries in a folder named after the architecture: /usr/lib/x86_64-linux-gnu. */
function architectureFolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(folder, name))
}
