import { resolve } from 'node:path'
import { FileError } from '../../core/error.ts'
import { joinPath, nameOf } from '../../core/path.ts'
import { choose, type Choice } from '../../client/choice.ts'
import { isDirectory, makeDirectory } from '../../client/make-directory.ts'
import { plan } from '../../client/plan.ts'
import { localPlace, type LocalPlace } from '../../stores/local.ts'
import { bring, type BringHow } from '../fetching/bring.ts'
import { makeAlike, printPlan } from '../fetching/make-alike.ts'
import { besideSpecial } from '../fetching/special-file.ts'
import { wholeNumber } from '../options.ts'
import { UsageError } from '../usage-error.ts'
import { localNames } from './local-names.ts'
import { nameOfThing } from './shell.ts'
import { ignored, verb, type Call, type Verb } from './verb.ts'

const transferOptions = {
  append: { type: 'boolean', short: 'a', does: 'go on behind what is there' },
  continue: { type: 'boolean', short: 'c', does: 'the same, as lftp calls it' },
  fsync: { ...ignored, short: 'f' },
  preserve: { type: 'boolean', short: 'p', does: 'keep modes (times are kept anyway)' },
  capitalRecursive: { type: 'boolean', short: 'R', does: 'directories too' },
  recursive: { type: 'boolean', short: 'r', does: 'the same' },
  output: { type: 'string', short: 'o', value: 'PATH', does: 'where to' },
  into: { type: 'string', short: 'O', value: 'FOLDER', does: 'into this folder' },
} as const

type TransferCall = Call<typeof transferOptions>

function howOf({ said }: TransferCall, more: Partial<BringHow> = {}): BringHow {
  return {
    recursive: said.recursive || said.capitalRecursive,
    resume: said.append || said.continue ? 'file' : 'no',
    keepModes: said.preserve,
    segments: 1,
    jobs: 4,
    ...more,
  }
}

/** `get REMOTE [LOCAL]` as sftp has it, `get REMOTE...` into the local folder as lftp's `mget`. */
async function get(call: TransferCall, many: boolean, more: Partial<BringHow> = {}): Promise<void> {
  const { shell, said, rest, bringing } = call
  const two = !many && said.output === undefined && said.into === undefined && rest.length === 2
  const things = await shell.things(two ? rest.slice(0, 1) : rest, bringing.signal)
  if (things.length === 0) throw new UsageError('get needs a name.')
  const word = (two ? rest[1] : (said.output ?? said.into)) ?? '.'
  const target = await localPlace(resolve(shell.local, word))
  try {
    const into = target.path === '/' || things.length > 1 || said.into !== undefined || word.endsWith('/')
    if (into && target.path !== '/') await makeDirectory(target.store, target.path)
    const errands = things.map((thing) => {
      const path = into ? joinPath(target.path, nameOfThing(thing)) : target.path
      return {
        thing,
        to: { store: target.store, path },
        words: into ? `${word === '.' ? '' : `${word.replace(/\/$/u, '')}/`}${nameOf(path)}` : word,
      }
    })
    const files = await besideSpecial(bringing, errands, (path) => resolve(shell.local, path))
    await bring(bringing, files, howOf(call, more))
  } finally {
    await target.store.close()
  }
}

async function put(call: TransferCall, many: boolean, more: Partial<BringHow> = {}): Promise<void> {
  const { shell, said, rest, bringing } = call
  const two = !many && said.output === undefined && said.into === undefined && rest.length === 2
  const words = await localNames(shell.local, two ? rest.slice(0, 1) : rest)
  if (words.length === 0) throw new UsageError('put needs a name.')
  const far = two ? rest[1] : (said.output ?? (said.into === undefined ? undefined : `${said.into}/`))
  const opened: LocalPlace[] = []
  try {
    const errands = []
    for (const word of words) {
      const source = await localPlace(resolve(shell.local, word), { largeReads: 'at-once' })
      opened.push(source)
      const entry = await source.store.stat(source.path)
      const to = await shell.target(
        words.length > 1 && far !== undefined ? `${far}/` : far,
        lastPart(word),
        bringing.signal,
      )
      errands.push({ thing: { place: { ...source, words: word }, entry }, to, words: to.words })
    }
    await bring(bringing, errands, howOf(call, more))
  } finally {
    await Promise.all(opened.map(({ store }) => store.close()))
  }
}

function lastPart(word: string): string {
  const name = resolve(word).split(/[/\\]/u).at(-1) ?? ''
  if (name === '') throw new FileError('invalid', `${word} has no name that a copy could have`)
  return name
}

const mirrorOptions = {
  reverse: { type: 'boolean', short: 'R', does: 'from here to there' },
  continue: { ...ignored, short: 'c' },
  delete: { type: 'boolean', short: 'e', does: 'remove what the source does not have' },
  'only-newer': { type: 'boolean', short: 'n', does: 'only what the source has newer' },
  'ignore-time': { type: 'boolean', does: 'the same size is the same file' },
  parallel: { type: 'string', short: 'P', value: 'N', does: 'how many files at once' },
  exclude: {
    type: 'string',
    short: 'x',
    multiple: true,
    value: 'REGEX',
    does: 'nothing whose path has this',
  },
  include: {
    type: 'string',
    short: 'i',
    multiple: true,
    value: 'REGEX',
    does: 'only files whose path has this',
  },
  'exclude-glob': { type: 'string', short: 'X', multiple: true, value: 'GLOB', does: 'nothing of that kind' },
  'include-glob': { type: 'string', short: 'I', multiple: true, value: 'GLOB', does: 'only such files' },
  'dry-run': { type: 'boolean', does: 'print the plan and touch nothing' },
  verbose: { type: 'boolean', short: 'v', does: 'tell each file' },
  'no-recursion': { type: 'boolean', short: 'r', does: 'no directories' },
  'no-perms': { type: 'boolean', short: 'p', does: 'leave modes as they become' },
} as const

async function mirror({ shell, said, rest, bringing }: Call<typeof mirrorOptions>): Promise<void> {
  const [fromWord = '.', toWord] = rest
  const name = fromWord.replace(/\/+$/u, '').split('/').at(-1) ?? ''
  // `mirror dir` makes dir here, `mirror dir/` fills the folder one stands in: as lftp has it.
  const usual = fromWord.endsWith('/') || name === '.' || name === '..' || name === '' ? '.' : name
  const near = await localPlace(resolve(shell.local, said.reverse ? fromWord : (toWord ?? usual)), {
    largeReads: 'at-once',
  })
  try {
    const far = shell.at(said.reverse ? (toWord ?? usual) : fromWord, bringing.signal)
    const [from, to] = said.reverse ? [near, far] : [far, near]
    if (!(await isDirectory(from.store, from.path)))
      throw new FileError('not-directory', `${fromWord} is no directory`)
    const actions = plan(from, to, {
      compare: said['ignore-time'] ? 'size' : 'size+mtime',
      onlyNewer: said['only-newer'],
      delete: said.delete,
      choice: choiceOf(said),
      signal: bringing.signal,
    })
    if (said['dry-run']) return await printPlan(bringing, actions)
    const jobs = wholeNumber('-P', said.parallel, 1) ?? 4
    await makeAlike(bringing, actions, from, to, {
      jobs,
      verify: 'auto',
      checkpoint: undefined,
      keepModes: !said['no-perms'],
      each: said.verbose,
    })
  } finally {
    await near.store.close()
  }
}

function choiceOf(said: Call<typeof mirrorOptions>['said']): Choice {
  const globs = choose(said['include-glob'], said['exclude-glob'])
  const unwanted = said.exclude.map(readRegex)
  const wanted = said.include.map(readRegex)
  return (path, directory) => {
    if (directory && said['no-recursion']) return false
    const text = directory ? `${path}/` : path
    if (!globs(path, directory) || unwanted.some((regex) => regex.test(text))) return false
    return directory || wanted.length === 0 || wanted.some((regex) => regex.test(text))
  }
}

function readRegex(text: string): RegExp {
  try {
    return new RegExp(text, 'u')
  } catch {
    throw new UsageError(`"${text}" is no regular expression.`)
  }
}

/** The verbs that move files. */
export const moveVerbs: Readonly<Record<string, Verb>> = {
  get: verb({
    usage: 'get [-acpR] REMOTE [LOCAL]',
    does: 'fetches a file or, with -R, a directory',
    options: transferOptions,
    names: 'remote',
    run: (call) => get(call, false),
  }),
  mget: verb({
    usage: 'mget [-cpR] [-O FOLDER] REMOTE...',
    does: 'fetches several',
    options: transferOptions,
    names: 'remote',
    run: (call) => get(call, true),
  }),
  reget: verb({
    usage: 'reget [-pR] REMOTE [LOCAL]',
    does: 'goes on fetching',
    options: transferOptions,
    names: 'remote',
    run: (call) => get(call, false, { resume: 'file' }),
  }),
  pget: verb({
    usage: 'pget [-n N] REMOTE [LOCAL]',
    does: 'fetches one file over several connections',
    options: {
      ...transferOptions,
      number: { type: 'string', short: 'n', value: 'N', does: 'how many, 5 if not said' },
    },
    names: 'remote',
    run: (call) => get(call, false, { segments: wholeNumber('-n', call.said.number, 1) ?? 5 }),
  }),
  put: verb({
    usage: 'put [-acpR] LOCAL [REMOTE]',
    does: 'sends a file or, with -R, a directory',
    options: transferOptions,
    names: 'local',
    run: (call) => put(call, false),
  }),
  mput: verb({
    usage: 'mput [-cpR] [-O FOLDER] LOCAL...',
    does: 'sends several',
    options: transferOptions,
    names: 'local',
    run: (call) => put(call, true),
  }),
  reput: verb({
    usage: 'reput [-pR] LOCAL [REMOTE]',
    does: 'goes on sending',
    options: transferOptions,
    names: 'local',
    run: (call) => put(call, false, { resume: 'file' }),
  }),
  mirror: verb({
    usage: 'mirror [-Renprv] [-P N] [FROM [TO]]',
    does: 'makes a folder here like one there; with -R the other way',
    options: mirrorOptions,
    names: 'remote',
    run: mirror,
  }),
}
