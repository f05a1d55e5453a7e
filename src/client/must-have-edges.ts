import { isIn, type Edges } from '../core/edges.ts'
import type { Entry } from '../core/store.ts'
import { tornError } from '../core/torn.ts'
import { transfer } from '../core/transfer.ts'
import type { End } from './end.ts'

/** Throws where a file has not the edges any more of what came of it. It is opened for each of them, as FTP sends a file from one place on. */
export async function mustHaveEdges(
  { store, path }: End,
  edges: Edges,
  entry: Entry,
  arrived: number,
): Promise<void> {
  for (const piece of edges.pieces) {
    const { at } = piece
    const file = await store.open(path, at > 0 ? { read: true, from: at } : { read: true })
    if (!(await transfer(file, () => isIn(file, piece)))) throw tornError(entry, arrived)
  }
}
