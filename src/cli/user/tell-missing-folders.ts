import { stat } from 'node:fs/promises'
import type { AccountSettings } from '../../accounts/settings.ts'

/** Tells of folders of an account that are not there: it is found out else when somebody logs in, and by the server's log alone. */
export async function tellMissingFolders(name: string, settings: AccountSettings): Promise<void> {
  const { home, mounts = {} } = settings
  const places = [home, ...Object.values(mounts).map(({ from }) => from)]
  for (const place of places) {
    // Folders with the name in them are made.
    if (place === undefined || !place.startsWith('/') || place.includes('%u') || (await isFolder(place)))
      continue
    process.stderr.write(`${place} is no folder yet: until it is one, ${name} is not let in\n`)
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (thrown) {
    // What only the server may look at may be there.
    return Error.isError(thrown) && 'code' in thrown && thrown.code === 'EACCES'
  }
}
