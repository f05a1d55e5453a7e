import { asError } from '../core/error.ts'
import { dataFolder, usualDataFolder } from '../server/data-folder.ts'
import type { SftpListener } from '../server/sftp-listener.ts'
import { authorityKeys, hostKeysIn, revokedKeys } from './sftp-words.ts'
import type { ServeWords } from './serve-options.ts'

/** SFTP as the words ask for it, its host keys kept in the data folder. */
export async function sftpListener(wish: ServeWords): Promise<SftpListener | undefined> {
  if (wish.sftpPort === 'off') return undefined
  const hostKeys = await hostKeysIn(wish.sftp.hostKeys)
  const keep = hostKeys === undefined ? await keeper(wish.data ?? usualDataFolder()) : undefined
  return {
    port: wish.sftpPort,
    transcript: wish.loudness === 'verbose',
    legacy: wish.sftp.legacy,
    authorities: await authorityKeys(wish.sftp.authorities),
    revoked: await revokedKeys(wish.sftp.revoked),
    sessions: { setstat: wish.sftp.setstat },
    ...(keep === undefined ? {} : { keep }),
    ...(hostKeys === undefined ? {} : { hostKeys }),
    ...(wish.host === undefined ? {} : { host: wish.host }),
  }
}

/** Without a folder to keep keys in, a server for trying out still starts. */
async function keeper(folder: string): Promise<SftpListener['keep']> {
  try {
    const kept = await dataFolder(folder)
    return (name, make) => kept.keep(name, make)
  } catch (thrown) {
    const trouble = `the host keys cannot be kept in ${folder} (${asError(thrown).message})`
    process.stderr.write(`ferry: ${trouble}: they are new at each start. Name another folder: --data DIR\n`)
    return undefined
  }
}
