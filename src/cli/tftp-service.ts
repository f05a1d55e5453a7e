import { readFile } from 'node:fs/promises'
import { accountsByNetwork } from '../accounts/by-network.ts'
import type { Account, Accounts } from '../core/account.ts'
import { asError } from '../core/error.ts'
import type { TftpListener } from '../server/serve.ts'
import type { DiskStore } from '../stores/disk.ts'
import { parseRemap, type Remap } from '../tftp/server/remap.ts'
import type { ServeWords } from './serve-options.ts'
import { UsageError } from './usage-error.ts'

/** The TFTP door as `ferry serve` was told of it: what clients see by their network, and which names mean which. */
export interface TftpService {
  readonly listener: TftpListener
  /** Stores of its own, which are swept and closed with the others. */
  readonly stores: readonly DiskStore[]
  /** These accounts, and one for each device by where it is. */
  accounts(others: Accounts, home: DiskStore): Accounts
}

/** Opens what the words name; undefined where TFTP is off. */
export async function tftpService(
  wish: ServeWords,
  openFolder: (directory: string) => Promise<DiskStore>,
): Promise<TftpService | undefined> {
  if (wish.tftpPort === 'off') return undefined
  const remap = wish.tftpRemap === undefined ? undefined : await readRemap(wish.tftpRemap)
  const roots: { readonly network: string; readonly store: DiskStore }[] = []
  for (const { network, directory } of wish.tftpRoots)
    roots.push({ network, store: await openFolder(directory) })
  const account = (home: DiskStore): Account => ({
    name: 'tftp',
    home,
    uploads: wish.inPlace ? 'in-place' : 'atomic',
    readOnly: !wish.tftpWrite,
    rights: [],
  })
  return {
    listener: {
      port: wish.tftpPort,
      ports: wish.tftpPorts,
      write: wish.tftpWrite ? 'new' : 'off',
      transcript: wish.loudness === 'verbose',
      ...(remap === undefined ? {} : { remap }),
      ...(wish.host === undefined ? {} : { host: wish.host }),
    },
    stores: roots.map(({ store }) => store),
    accounts: (others, home) =>
      accountsByNetwork(
        [...roots, { network: 'any', store: home }].map(({ network, store }) => ({
          network,
          account: account(store),
        })),
        others,
      ),
  }
}

async function readRemap(file: string): Promise<Remap> {
  try {
    return parseRemap(await readFile(file, 'utf8'))
  } catch (thrown) {
    throw new UsageError(`the remap file ${file} cannot be used: ${asError(thrown).message}.`)
  }
}
