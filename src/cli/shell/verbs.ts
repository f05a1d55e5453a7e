import { changeVerbs } from './change-verbs.ts'
import { dailyVerbs } from './daily-verbs.ts'
import { lookVerbs } from './look-verbs.ts'
import { pageVerbs } from './page-verbs.ts'
import { moveVerbs } from './move-verbs.ts'
import { sessionVerbs } from './session-verbs.ts'
import type { Verb } from './verb.ts'

/** All verbs of the shell, by name: those of sftp(1), and those of lftp that its people miss elsewhere. */
export const verbs: ReadonlyMap<string, Verb> = new Map([
  ...Object.entries(lookVerbs),
  ...Object.entries(pageVerbs),
  ...Object.entries(moveVerbs),
  ...Object.entries(changeVerbs),
  ...Object.entries(sessionVerbs),
  ...Object.entries(dailyVerbs),
  ...aliases([
    ['?', 'help'],
    ['dir', 'ls'],
    ['chdir', 'cd'],
    ['nlist', 'ls'],
    ['rels', 'ls'],
    ['recls', 'cls'],
    ['fg', 'attach'],
    ['page', 'more'],
    ['less', 'more'],
  ]),
])

function aliases(pairs: readonly (readonly [string, string])[]): [string, Verb][] {
  const all: Readonly<Record<string, Verb>> = { ...lookVerbs, ...pageVerbs, ...sessionVerbs, ...dailyVerbs }
  return pairs.flatMap(([name, of]) => {
    const verb = all[of]
    return verb === undefined ? [] : [[name, { ...verb, usage: name, does: `the same as ${of}` }]]
  })
}
