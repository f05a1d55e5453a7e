import { FileError } from '../core/error.ts'
import { choose } from '../client/choice.ts'
import { isRemote } from '../client/end.ts'
import { isDirectory } from '../client/make-directory.ts'
import { plan } from '../client/plan.ts'
import { Checkpoint } from './fetching/checkpoint.ts'
import { thingAt } from './fetching/expand.ts'
import { fetchCommand } from './fetching/fetch-command.ts'
import type { Place } from './fetching/fetching.ts'
import { makeAlike, printPlan } from './fetching/make-alike.ts'
import { oneOf, wholeNumber } from './options.ts'
import { UsageError } from './usage-error.ts'

/** `ferry sync`: makes one place like another. */
export const sync = fetchCommand(
  'sync',
  {
    delete: { type: 'boolean', does: 'remove what the source does not have' },
    'delete-all': { type: 'boolean', does: 'with --delete: also when the source is empty' },
    'dry-run': { type: 'boolean', short: 'n', does: 'print the plan and touch nothing' },
    compare: {
      type: 'string',
      value: 'size+mtime|size|hash',
      does: 'what makes a file the same, size+mtime if not said',
    },
    include: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      does: 'only such files; may be said several times',
    },
    exclude: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      does: 'nothing of that kind; may be said several times',
    },
    jobs: { type: 'string', short: 'j', value: 'N', does: 'how many files at once, 4 if not said' },
    verify: { type: 'string', value: 'size|hash|auto', does: 'what proves a file whole, auto if not said' },
  },
  async (fetching, said, rest) => {
    const [fromWord, toWord, extra] = rest
    if (fromWord === undefined || toWord === undefined || extra !== undefined) {
      throw new UsageError('"ferry sync" takes two places: what is to be, and where it is to be.')
    }
    const jobs = wholeNumber('--jobs', said.jobs, 1) ?? 4
    // A file that one server reads and writes at once takes it two sessions of FTP.
    fetching.connections(isUrl(fromWord) && isUrl(toWord) ? 2 * jobs : jobs)
    const from = await fetching.place(fromWord)
    const to = await fetching.place(toWord)
    await mustBeDirectory(from)
    const told = (text: string): void => fetching.out.note(text)
    // On this machine a file has its time before it has its name, and there is nothing to note.
    const notes = !said['dry-run'] && isRemote(to.store)
    const checkpoint = notes ? await Checkpoint.open(from.words, to.words, told) : undefined
    const actions = plan(from, to, {
      compare: oneOf('--compare', said.compare, ['size+mtime', 'size', 'hash']),
      delete: said.delete,
      deleteAll: said['delete-all'],
      choice: choose(said.include ?? [], said.exclude ?? []),
      noted: (path, entry) => checkpoint?.noted(path, entry),
      signal: fetching.signal,
    })
    if (said['dry-run']) return printPlan(fetching, actions)
    const verify = oneOf('--verify', said.verify, ['size', 'hash', 'auto'])
    await makeAlike(fetching, actions, from, to, { jobs, verify, checkpoint })
  },
)

function isUrl(word: string): boolean {
  return word.includes('://')
}

async function mustBeDirectory({ store, path, words }: Place): Promise<void> {
  if (await isDirectory(store, path)) return
  // What is not there is told by this.
  if ((await thingAt({ store, path, words })).entry.kind !== 'directory') {
    throw new FileError('not-directory', `${words} is no directory`, {
      facts: { hint: 'One file is copied with "ferry cp".' },
    })
  }
}
