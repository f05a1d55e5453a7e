import { UsageError } from '../usage-error.ts'

/** A URL with somebody else's name in it. Whoever types a password behind the name is told not to: the history would keep it. */
export function asUser(url: string, user: string, password?: string): string {
  const [name = '', behind] = user.split(',', 2)
  if (password !== undefined || behind !== undefined)
    throw new UsageError(
      'a password that is typed here would stand in the history: leave it out, and it is asked for.',
    )
  if (name === '') throw new UsageError('user takes a name.')
  const [, scheme, rest] = /^([a-z0-9]+:\/\/)(?:[^/@]*@)?(.*)$/iu.exec(url) ?? []
  if (scheme === undefined || rest === undefined)
    throw new UsageError(`nobody logs in at ${url}: another machine is named by a URL, like ftp://HOST/.`)
  return `${scheme}${encodeURIComponent(name)}@${rest}`
}
