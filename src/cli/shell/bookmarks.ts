import { readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { ifThere } from './if-there.ts'
import { makeFolder } from '../../server/make-folder.ts'

/** Places with names, in a file of lines `NAME URL`. */
export async function readBookmarks(): Promise<Map<string, string>> {
  // None may have been kept yet; those that cannot be read must not be written over.
  const text = (await ifThere(readFile(place(), 'utf8'))) ?? ''
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/u))
  return new Map(
    lines.flatMap(([name = '', url = '']) =>
      name === '' || url === '' || name.startsWith('#') ? [] : [[name, url]],
    ),
  )
}

/** Keeps them; nobody else may read where somebody goes. */
export async function keepBookmarks(bookmarks: ReadonlyMap<string, string>): Promise<void> {
  await makeFolder(dirname(place()), 0o700)
  const lines = [...bookmarks].map(([name, url]) => `${name} ${url}\n`)
  await writeFile(place(), lines.join(''), { mode: 0o600 })
}

function place(): string {
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'ferry', 'bookmarks')
}
