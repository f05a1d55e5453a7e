import { FileError } from '../core/error.ts'
import { parsePath, rootPath } from '../core/path.ts'
import type { Entry } from '../core/store.ts'
import { temporary } from '../stores/temporary.ts'
import type { End } from './end.ts'
import { weaker, type Moved, type MovingInto } from './move-bytes.ts'

/** One way to move a file's bytes. */
type Move = (source: End, target: End, entry: Entry, at: number, how: MovingInto) => Promise<Moved>

/** What is to be moved. */
interface Wanted {
  readonly source: End
  readonly target: End
  readonly entry: Entry
  readonly at: number
  readonly how: MovingInto
}

/**
 * Moves a file by way of a temporary one of this machine: all of it here, then all of it there. For a server that lets in one
 * session only, which cannot send one file and take another at once.
 */
export async function moveByHalves(move: Move, { source, target, entry, at, how }: Wanted): Promise<Moved> {
  const aside = await temporary()
  const { store, folder } = aside
  try {
    const { free } = await store.space(rootPath)
    if (entry.size > free / 2) throw noRoom(folder)
    const here = { store, path: parsePath('/copy') }
    const { pace, signal, keeps } = how
    const came = await move(source, here, entry, 0, { pace, signal, keeps: {} })
    const went = await move(here, target, entry, at, { ...how, keeps })
    return {
      ...went,
      ...(came.grew === true ? { grew: true } : {}),
      completeness: weaker(came.completeness, went.completeness),
    }
  } finally {
    await aside.remove()
  }
}

function noRoom(folder: string): FileError {
  return new FileError(
    'full',
    `the server lets in one session only, and a copy by way of this machine has no room in ${folder}`,
    { facts: { hint: 'TMPDIR names a folder with more room; or fetch the file and send it again.' } },
  )
}
