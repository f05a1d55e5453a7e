import { stat } from 'node:fs/promises'
import type { NamedUser, ServeWords } from './serve-options.ts'

/** What the files of SFTP that are named look like now: another text where one of them has changed, come or gone. */
export async function namedFiles(
  { authorizedKeys, sftp }: Pick<ServeWords, 'authorizedKeys' | 'sftp'>,
  users: readonly NamedUser[],
): Promise<string> {
  const { authorities, revoked = [], hostKeys, hostCertificates } = sftp
  const ofUsers = users.flatMap(({ name }) => authorizedKeys.map((file) => file.replaceAll('%u', name)))
  const files = [ofUsers, authorities, revoked, hostKeys, hostCertificates].flat()
  return (await Promise.all(files.map(look))).join(', ')
}

async function look(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    // Gone, or out of sight: whoever reads it says so.
    return 'none'
  }
}
