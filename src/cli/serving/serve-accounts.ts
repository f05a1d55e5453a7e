import { chainAccounts } from '../../accounts/chain.ts'
import { httpAccounts } from '../../accounts/http.ts'
import type { AccountSettings } from '../../accounts/settings.ts'
import type { Config } from '../../config/config.ts'
import { memoryAccounts, type MemoryAccount } from '../../accounts/memory.ts'
import { passwords } from '../../accounts/passwords.ts'
import { readOnlyAccounts } from '../../accounts/read-only.ts'
import type { Register } from '../../accounts/register.ts'
import { sqliteAccounts } from '../../accounts/sqlite.ts'
import type { Accounts } from '../../core/account.ts'
import { systemClock } from '../../core/clock.ts'
import type { Ask } from '../../core/remote.ts'
import type { Data } from '../../server/data.ts'
import { Homes } from '../../server/homes.ts'
import type { DiskStore } from '../../stores/disk.ts'
import { authorizedKeys } from './authorized-keys.ts'
import { authorityKeys } from './sftp-words.ts'
import { sshHosts } from '../fetching/ssh-hosts.ts'
import { knownCertificatesFile } from '../fetching/trust-words.ts'
import type { NamedUser, ServeWords } from './serve-options.ts'

/** Who may enter: the users of the command line, then those of the data folder. */
export async function serveAccounts(
  wish: ServeWords,
  home: DiskStore,
  users: readonly NamedUser[],
  data: Data | undefined,
  homes: Homes,
  asked: Config['accounts'],
): Promise<Accounts> {
  const common = { home, uploads: wish.inPlace ? ('in-place' as const) : ('atomic' as const) }
  const named: MemoryAccount[] = await Promise.all(
    users.map(async (user) => {
      // A certificate counts where the account knows its authority, as it does the keys themselves.
      const own = await authorizedKeys(wish.authorizedKeys, user.name)
      const keys = [...own, ...(await authorityKeys(wish.sftp.authorities))]
      return { ...common, ...user, keys, readOnly: wish.readOnly }
    }),
  )
  if (wish.anonymous) named.push({ ...common, name: 'anonymous', anonymous: true, readOnly: true })
  const here = memoryAccounts(named)
  const seams = {
    clock: systemClock,
    home: (name: string, settings: AccountSettings) => homes.open(name, settings),
  }
  const others: Accounts[] = []
  if (data !== undefined)
    others.push(sqliteAccounts({ register: data.register, passwords: passwords(), ...seams }))
  if (asked !== undefined) {
    const { timeout: timeoutMs, ...where } = asked
    others.push(httpAccounts({ ...where, ...(timeoutMs === undefined ? {} : { timeoutMs }), ...seams }))
  }
  if (others.length === 0) return here
  return chainAccounts([here, ...others.map((one) => (wish.readOnly ? readOnlyAccounts(one) : one))])
}

/** The homes of accounts; whoever has none of their own sees the folder that is served. In one worker of several none is in memory. */
export function serveHomes(
  folder: string,
  register: Register | undefined,
  warn: (text: string) => void,
  memory?: 'refused',
): Homes {
  // Other servers are trusted as far as the user that this one runs as has trusted them, by `ferry ls` or ssh(1).
  const nobody: Ask = { secret: async () => undefined, trust: async () => 'no' }
  const how = { hosts: sshHosts(nobody), tls: { known: knownCertificatesFile() } }
  return new Homes(folder, (name) => register?.find(name)?.settings, {
    how,
    warn,
    ...(memory === undefined ? {} : { memory }),
  })
}
