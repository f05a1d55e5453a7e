/**
 * So many calls may wait at once for disks that are not of this machine: of the four threads that Node's pool has, one is left for
 * all else, logins too.
 */
export const mostFarCalls = 3

let underWay = 0
const waiting: (() => void)[] = []

/** A call to a disk that may never answer (NFS, FUSE), when it is its turn: each that hangs holds a thread of Node's pool. */
export async function inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
  if (underWay < mostFarCalls) underWay += 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await call()
  } finally {
    const next = waiting.shift()
    if (next === undefined) underWay -= 1
    else next()
  }
}
