import type { Answer } from '../policy/hooks.ts'

/** What of an answer is passed on to the client. */
const longestText = 200

/** The refusal of a hook, in its own words if it has any: one line that cannot speak to a terminal or break a reply. */
export function refusal(said: string): Answer {
  const [line = ''] = said.trim().split('\n')
  // eslint-disable-next-line no-control-regex
  const text = line.replaceAll(/[\u0000-\u001f\u007f-\u009f]/gu, '').slice(0, longestText)
  return { allowed: false, text: text === '' ? 'this is not allowed' : text }
}
