import { mkdir, readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { resolvePath } from '../../core/path.ts'
import { FileError } from '../../core/error.ts'
import { isRemote } from '../../client/end.ts'
import { isDirectory } from '../../client/make-directory.ts'
import { durationText } from '../fetching/progress-bar.ts'
import { systemClock } from '../../core/clock.ts'
import { formatBytes } from '../format-bytes.ts'
import { wholeNumber } from '../options.ts'
import { UsageError } from '../usage-error.ts'
import { version } from '../version.ts'
import { asUser } from './as-user.ts'
import { columns } from './columns.ts'
import { helpLine } from './help-line.ts'
import { ifThere } from './if-there.ts'
import { verb, type Call, type Verb } from './verb.ts'

async function changeFolder({ shell, rest, bringing }: Call): Promise<void> {
  const here = shell.standing()
  const [word] = rest
  const path =
    word === undefined ? here.home : word === '-' ? shell.previous : shell.at(word, bringing.signal).path
  if (!(await isDirectory(here.store, path))) {
    // The other side's own words say more than ours: ask for what is there.
    await here.store.stat(path)
    throw new FileError('not-directory', `${word ?? path} is no directory`)
  }
  shell.previous = here.path
  shell.here = { ...here, path: resolvePath(path, '.') }
}

async function changeLocalFolder({ shell, rest }: Call): Promise<void> {
  const folder = resolve(shell.local, (rest[0] ?? homedir()).replace(/^~(?=\/|$)/u, homedir()))
  const found = await ifThere(stat(folder))
  if (found?.isDirectory() !== true) throw new UsageError(`there is no folder ${folder} here.`)
  shell.local = folder
}

async function leave({ shell, rest }: Call): Promise<void> {
  const [code, ...more] = rest
  if (more.length > 0 || (code !== undefined && !/^\d{1,3}$/u.test(code)) || Number(code ?? 0) > 255)
    throw new UsageError('"exit" takes a status from 0 to 255, or nothing.')
  shell.leavingWith = code === undefined ? undefined : Number(code)
  shell.leaving = true
}

function numberOf(word: string | undefined): number | undefined {
  if (word === undefined || word === 'all') return undefined
  if (/^%?\d{1,6}$/u.test(word)) return Number(word.replace('%', ''))
  throw new UsageError(`a job is named by its number, and not "${word}".`)
}

/** The verbs of the session itself: where one stands here and there, and what goes on behind the prompt. */
export const sessionVerbs: Readonly<Record<string, Verb>> = {
  open: verb({
    usage: 'open [-u NAME] URL',
    does: 'goes to another place',
    options: { user: { type: 'string', short: 'u', value: 'NAME', does: 'as whom' } },
    names: 'bookmarks',
    run: ({ shell, said, rest: [url = '.'], bringing }) =>
      shell.open(said.user === undefined ? url : asUser(url, said.user), bringing.signal),
  }),
  user: verb({
    usage: 'user NAME',
    does: 'logs in there as somebody else',
    run: ({ shell, rest: [name = '', password], bringing }) =>
      shell.open(asUser(shell.standing().url, name, password), bringing.signal),
  }),
  close: verb({
    usage: 'close',
    does: 'ends the connection, and keeps the shell',
    run: ({ shell }) => shell.close(),
  }),
  history: verb({
    usage: 'history [-c] [N]',
    does: 'what was typed, the last N lines of it',
    options: { clear: { type: 'boolean', short: 'c', does: 'forgets it' } },
    async run({ shell, said, rest, print }) {
      if (said.clear) shell.terminal.forget()
      const typed = shell.terminal.typed().toReversed()
      const count = wholeNumber('N', rest[0], 1) ?? 16
      for (const [index, line] of [...typed.entries()].slice(-count))
        await print(`${String(index + 1).padStart(5)}  ${line}`)
    },
  }),
  cd: verb({
    usage: 'cd [PATH]',
    does: 'goes to a directory over there; - is the one before',
    names: 'remote',
    run: changeFolder,
  }),
  lcd: verb({ usage: 'lcd [PATH]', does: 'goes to a folder here', names: 'local', run: changeLocalFolder }),
  lpwd: verb({
    usage: 'lpwd',
    does: 'where one stands here',
    run: async ({ shell, print }) => print(shell.local),
  }),
  lls: verb({
    usage: 'lls [-la...] [PATH]',
    does: 'lists what is here; with flags as "ls" of this machine does',
    names: 'local',
    plainWords: true,
    async run({ shell, rest, text, print }) {
      if (rest.some((word) => word.startsWith('-'))) return void (await shell.program(`ls ${text}`))
      const entries = await readdir(resolve(shell.local, rest[0] ?? '.'), { withFileTypes: true })
      const names = entries.map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`).toSorted()
      const seen = names.filter((name) => !name.startsWith('.'))
      for (const line of columns(seen, process.stdout.isTTY ? process.stdout.columns : 0)) await print(line)
    },
  }),
  lmkdir: verb({
    usage: 'lmkdir PATH...',
    does: 'makes folders here',
    names: 'local',
    async run({ shell, rest }) {
      for (const word of rest) await mkdir(resolve(shell.local, word))
    },
  }),
  lumask: verb({
    usage: 'lumask MASK',
    does: 'what modes of new files here are without',
    async run({ rest }) {
      if (!/^[0-7]{1,4}$/u.test(rest[0] ?? '')) throw new UsageError('a mask is octal, like 022.')
      process.umask(Number.parseInt(rest[0] ?? '', 8))
    },
  }),
  debug: verb({
    usage: 'debug [off]',
    does: 'shows what is spoken with the other side',
    async run({ shell, rest: [word = 'on'] }) {
      shell.fetching.say({ verbose: word !== 'off' && word !== '0' })
    },
  }),
  progress: verb({
    usage: 'progress',
    does: 'switches the bar on or off',
    async run({ shell, print }) {
      shell.bars = !shell.bars
      await print(`the bar is ${shell.bars ? 'on' : 'off'}`)
    },
  }),
  queue: verb({
    usage: 'queue [COMMAND] | queue -d [N]',
    does: 'does a command when those before it are done; without one tells what waits',
    names: 'verbs',
    plainWords: true,
    async run({ shell, rest, text, print }) {
      if (rest[0] === '-d')
        for (const line of shell.jobs.dequeue(numberOf(rest[1]))) await print(`no more: ${line}`)
      else if (text !== '') shell.enqueue(text)
      else for (const [index, line] of shell.jobs.waiting.entries()) await print(`${index + 1}  ${line}`)
    },
  }),
  jobs: verb({
    usage: 'jobs',
    does: 'tells what goes on behind the prompt, and how far',
    async run({ shell, print }) {
      for (const job of shell.jobs.running) {
        const time = durationText((systemClock.now() - job.started) / 1000)
        const moved = job.moved()
        await print(`[${job.id}] ${time}${moved === 0 ? '' : `  ${formatBytes(moved)}`}  ${job.text}`)
      }
      if (shell.jobs.waiting.length > 0) await print(`${shell.jobs.waiting.length} wait in the queue`)
    },
  }),
  wait: verb({
    usage: 'wait [N]',
    does: 'waits for a job, or for all',
    async run({ shell, rest, bringing }) {
      // Ctrl-C ends the waiting, and not what is waited for.
      const stopped = new Promise<void>((done) =>
        bringing.signal.addEventListener('abort', () => done(), { once: true }),
      )
      await Promise.race([shell.jobs.wait(numberOf(rest[0])), stopped])
      bringing.signal.throwIfAborted()
    },
  }),
  kill: verb({
    usage: 'kill N|all',
    does: 'ends a job',
    async run({ shell, rest }) {
      if (rest[0] === undefined) throw new UsageError('kill takes the number of a job, or all.')
      if (!shell.jobs.stop(numberOf(rest[0])) && rest[0] !== 'all')
        throw new UsageError(`there is no job ${rest[0]}.`)
    },
  }),
  version: verb({
    usage: 'version',
    does: 'tells versions, and what the other side can do',
    async run({ shell, print }) {
      await print(`ferry ${version}`)
      const store = shell.here?.store
      if (store !== undefined && isRemote(store))
        await print(`${store.url}: ${store.capabilities().join(', ')}`)
    },
  }),
  help: verb({
    usage: 'help [VERB]',
    does: 'this',
    names: 'verbs',
    async run({ shell, rest, print }) {
      const [name] = rest
      if (name === undefined) {
        for (const { usage, does } of shell.verbs.values()) await print(helpLine(usage, does))
        await print(helpLine('!COMMAND', 'a program of this machine'))
        await print('Behind a verb: & puts it behind the prompt; > FILE and | PROGRAM take what it')
        await print('prints; ; && || join.')
        return
      }
      const found = shell.verbs.get(name)
      if (found === undefined) throw new UsageError(`there is no "${name}" here.`)
      await print(`${found.usage}\n  ${found.does}`)
      for (const [long, { short, value = '', does }] of Object.entries(found.options)) {
        await print(helpLine(`${short === undefined ? `--${long}` : `-${short}`} ${value}`, does))
      }
    },
  }),
  exit: verb({ usage: 'exit [STATUS]', does: 'leaves', run: leave }),
  quit: verb({ usage: 'quit [STATUS]', does: 'leaves', run: leave }),
  bye: verb({ usage: 'bye [STATUS]', does: 'leaves', run: leave }),
}
