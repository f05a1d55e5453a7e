import { realpath } from 'node:fs/promises'
import { relative, sep } from 'node:path'

/** A word about a data folder that lies in the folder that is shared, or is it; undefined: it lies elsewhere. */
export async function dataInFolder(data: string, folder: string): Promise<string | undefined> {
  const [kept, shared] = [await realpath(data), await realpath(folder)]
  const way = relative(shared, kept)
  if (way.split(sep)[0] === '..' || way.startsWith(sep)) return undefined
  return `the data folder ${kept} lies in the folder that is shared: whoever may read there reads its keys and accounts. Name another folder with --data`
}
