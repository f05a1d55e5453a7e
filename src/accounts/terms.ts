import type { Account, AccountRules, Attempt } from '../core/account.ts'
import { isInNetwork } from '../core/cidr.ts'
import { parsePath } from '../core/path.ts'
import { isWithinHours } from './hours.ts'
import type { AccountSettings } from './settings.ts'

/** Why an account is not let in at this time, from this place, by this protocol; undefined: it is. */
export function refusalNow(
  settings: AccountSettings,
  { peer, protocol }: Pick<Attempt, 'peer' | 'protocol'>,
  now: number,
): { readonly reason: string; readonly rule: string } | undefined {
  const { disabled, expires, hours, networks, protocols } = settings
  if (disabled === true) return { rule: 'disabled', reason: 'the account is disabled' }
  if (expires !== undefined && now >= expires)
    return { rule: 'expires', reason: `the account ended at ${new Date(expires).toISOString()}` }
  if (hours !== undefined && !isWithinHours(now, hours.flat()))
    return { rule: 'hours', reason: 'the account is not let in at this hour' }
  if (protocols !== undefined && !protocols.includes(protocol))
    return { rule: 'protocols', reason: `the account is not let in by ${protocol}` }
  if (networks !== undefined && !networks.some((one) => isInNetwork(peer.address, one)))
    return { rule: 'networks', reason: `the account is not let in from ${peer.address}` }
  return undefined
}

/** The account that settings mean. */
export function accountOf(name: string, settings: AccountSettings, home: Account['home']): Account {
  const { readOnly, anonymous, rights = {}, uploads = 'atomic', sessions, publish } = settings
  const rules = rulesOf(settings)
  return {
    name,
    home,
    readOnly: readOnly === true || anonymous === true,
    rights: Object.entries(rights).map(([path, allow]) => ({ path: parsePath(path), allow })),
    uploads,
    ...(sessions === undefined ? {} : { sessions }),
    ...(publish === undefined ? {} : { publish }),
    ...(Object.keys(rules).length === 0 ? {} : { rules }),
  }
}

function rulesOf(settings: AccountSettings): AccountRules {
  const { quota, rate, sessionRate, transfers, sessionsPerAddress, names, hooks } = settings
  return {
    ...(quota === undefined ? {} : { quota }),
    ...(rate === undefined ? {} : { rate }),
    ...(sessionRate === undefined ? {} : { sessionRate }),
    ...(transfers === undefined ? {} : { transfers }),
    ...(sessionsPerAddress === undefined ? {} : { sessionsPerAddress }),
    ...(names === undefined ? {} : { names }),
    ...(hooks === undefined ? {} : { hooks }),
  }
}
