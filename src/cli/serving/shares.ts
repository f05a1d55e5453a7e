import { resolve } from 'node:path'
import { guestNames } from '../../core/guest-names.ts'
import type { AccountSettings } from '../../accounts/settings.ts'
import type { NamedUser, ServeWords } from './serve-options.ts'

/** What a server shares by the words of `ferry serve`, and whom these let in: what it tells of itself. */
export interface Shares {
  readonly folder: string
  readonly config?: string
  /** The names that stand in the words. */
  readonly users: readonly string[]
  readonly anonymous: boolean
  readonly readOnly: boolean
}

/** Of these words, and of the configuration that they came with. `generated` is there while nobody is named. */
export function sharesOf(
  { directory, users, anonymous, readOnly }: ServeWords,
  config: string | undefined,
  generated?: NamedUser,
): Shares {
  const named = users.length > 0 || generated === undefined ? users : [generated]
  return {
    folder: resolve(directory),
    ...(config === undefined ? {} : { config: resolve(config) }),
    users: named.map(({ name }) => name),
    anonymous,
    readOnly,
  }
}

/** The settings of somebody whom the words let in; undefined: they name nobody of that name. */
export function namedIn({ users, anonymous }: Shares, user: string): AccountSettings | undefined {
  if (users.includes(user)) return {}
  return anonymous && guestNames.has(user.toLowerCase()) ? { anonymous: true } : undefined
}
