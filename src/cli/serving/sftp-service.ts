import { asError } from '../../core/error.ts'
import { dataFolder, usualDataFolder } from '../../server/data-folder.ts'
import type { SftpListener } from '../../server/sftp-listener.ts'
import { authorityKeys, hostKeysIn, revokedKeys } from './sftp-words.ts'
import { hostKeys, keepNothing, type Keep } from '../../ssh/server/host-keys.ts'
import type { ServeWords } from './serve-options.ts'

/** SFTP as the words ask for it, its host keys kept in the data folder unless `given` gives them. */
export async function sftpListener(wish: ServeWords, given?: Keep): Promise<SftpListener | undefined> {
  if (wish.sftpPort === 'off') return undefined
  const named = await hostKeysIn(wish.sftp.hostKeys)
  const keep = named === undefined ? (given ?? (await keeper(wish.data ?? usualDataFolder()))) : undefined
  return {
    port: wish.sftpPort,
    transcript: wish.loudness === 'verbose',
    legacy: wish.sftp.legacy,
    authorities: await authorityKeys(wish.sftp.authorities),
    revoked: await revokedKeys(wish.sftp.revoked),
    sessions: { setstat: wish.sftp.setstat },
    ...(keep === undefined ? {} : { keep }),
    ...(named === undefined ? {} : { hostKeys: named }),
    ...(wish.host === undefined ? {} : { host: wish.host }),
  }
}

/** The host keys by their names, made if they are missing; none where others were named, or SFTP is off. */
export async function keptHostKeys(wish: ServeWords): Promise<ReadonlyMap<string, Uint8Array>> {
  const kept = new Map<string, Uint8Array>()
  if (wish.sftpPort === 'off' || wish.sftp.hostKeys.length > 0) return kept
  const keep = (await keeper(wish.data ?? usualDataFolder())) ?? keepNothing
  await hostKeys(async (name, make) => {
    const content = await keep(name, make)
    kept.set(name, content)
    return content
  })
  return kept
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
