import { accountsByNetwork } from '../../accounts/by-network.ts'
import type { Account, Accounts } from '../../core/account.ts'
import type { TftpListener } from '../../server/listener.ts'
import type { DiskStore } from '../../stores/disk.ts'
import { RemapFile } from './remap-file.ts'
import type { ServeWords } from './serve-options.ts'

/** The TFTP door as `ferry serve` was told of it: what clients see by their network, and which names mean which. */
export interface TftpService {
  readonly listener: TftpListener
  /** Stores of its own, which are swept and closed with the others. */
  readonly stores: readonly DiskStore[]
  /** These accounts, and one for each device by where it is. */
  accounts(others: Accounts, home: DiskStore): Accounts
  /** Reads the rules for names anew: what is wrong with them. */
  look(): Promise<readonly string[]>
}

/** Opens what the words name; undefined where TFTP is off. */
export async function tftpService(
  wish: ServeWords,
  openFolder: (directory: string) => Promise<DiskStore>,
): Promise<TftpService | undefined> {
  if (wish.tftpPort === 'off') return undefined
  const remap = wish.tftp.remap === undefined ? undefined : await RemapFile.open(wish.tftp.remap)
  const roots: { readonly network: string; readonly store: DiskStore }[] = []
  for (const { network, directory } of wish.tftp.roots)
    roots.push({ network, store: await openFolder(directory) })
  const account = (home: DiskStore): Account => ({
    name: 'tftp',
    home,
    uploads: wish.inPlace ? 'in-place' : 'atomic',
    readOnly: wish.tftp.write === 'off',
    rights: [],
  })
  return {
    listener: {
      port: wish.tftpPort,
      ports: wish.tftp.ports,
      write: wish.tftp.write,
      largestBlock: wish.tftp.largestBlock,
      largestWindow: wish.tftp.largestWindow,
      transcript: wish.loudness === 'verbose',
      ...(remap === undefined ? {} : { remap: remap.remap }),
      ...(wish.tftpHost === undefined ? {} : { host: wish.tftpHost }),
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
    look: async () => (await remap?.look()) ?? [],
  }
}
