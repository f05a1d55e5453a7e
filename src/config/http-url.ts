/** The text as a URL that is asked over HTTP; undefined: it is none. One with a user's name in it `fetch` refuses to call. */
export function httpUrl(said: string): string | undefined {
  if (!/^https?:\/\/\S+$/u.test(said)) return undefined
  const url = URL.parse(said)
  return url === null || url.username !== '' || url.password !== '' ? undefined : said
}

/** How that is called in words. */
export const httpUrlWords = 'an http or https URL without a user name'
