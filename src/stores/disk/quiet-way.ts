import { lstatSync, type Stats } from 'node:fs'
import type { Clock } from '../../core/clock.ts'

/**
 * A look at the way from the top of the system to a directory. Two looks that are the same prove that no name on the
 * way was given to anything else in between, so that whatever was reached by the plain path lay in the directory:
 * to give a name to something else changes the directory that holds the name, its time of change is set by the kernel
 * and by nobody else, and all of them were older than any clock is coarse.
 *
 * It is here for listings alone: a plain path takes half the time of one through a descriptor, which is what a
 * directory of a hundred thousand names notices. Where the proof fails, the descriptor does the work.
 */
export function quietWay(path: string, directory: Stats, clock: Clock): () => string | undefined {
  const way = directoriesAbove(path)
  return () => {
    const end = lstatSync(path, { throwIfNoEntry: false })
    if (end?.dev !== directory.dev || end.ino !== directory.ino) return undefined
    const now = clock.now()
    let seen = ''
    for (const above of way) {
      const stats = lstatSync(above, { throwIfNoEntry: false })
      if (!stats?.isDirectory() || stats.ctimeMs > now - restMs(stats.ctimeMs)) return undefined
      seen += `${stats.dev}:${stats.ino}:${stats.ctimeMs} `
    }
    return seen
  }
}

/** Some disks keep times in whole seconds. Others take them from a clock that is some ticks of 10 ms behind at most. */
function restMs(changedMs: number): number {
  return Number.isInteger(changedMs / 1000) ? 2500 : 250
}

function directoriesAbove(path: string): string[] {
  const way = ['/']
  for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1))
    way.push(path.slice(0, slash))
  return way
}
