import { setImmediate as nextTurn } from 'node:timers/promises'
import { createInterface, type Interface } from 'node:readline'
import { NetworkError } from '../core/error.ts'
import type { Ask } from '../core/remote.ts'
import { terminalAsk } from './fetching/ask.ts'
import { Fetching } from './fetching/fetching.ts'
import { commonOptions, parseWords, type OptionRows } from './options.ts'
import { complete } from './shell/complete.ts'
import { keepHistory, readHistory } from './shell/history.ts'
import { notTooMany } from './shell/not-too-many.ts'
import { Shell, type ShellTerminal } from './shell/shell.ts'
import { verbs } from './shell/verbs.ts'
import { UsageError } from './usage-error.ts'
import type { FetchCommand } from './fetching/fetch-command.ts'

const options = {
  command: { type: 'string', short: 'c', value: 'LINE', does: 'do this line and leave' },
} as const satisfies OptionRows

/** `ferry shell`: a prompt on a terminal; else the lines of stdin, which end at the first that fails. */
export const shell: FetchCommand = {
  options,
  async run(words) {
    const { said, rest } = parseWords('shell', words, { ...commonOptions, ...options })
    if (rest.length > 1) throw new UsageError('the shell opens one place; others follow with "open URL".')
    const prompt = new Prompt()
    const fetching = new Fetching(said, prompt.asking(terminalAsk))
    fetching.connections(8)
    const session = new Shell(fetching, verbs, prompt)
    try {
      const [first] = rest
      if (first !== undefined) await session.open(first)
      if (said.command !== undefined) return await session.run(said.command)
      return process.stdin.isTTY ? await prompt.talk(session) : await batch(session)
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown
      fetching.out.failed(thrown)
      return fetching.out.status
    } finally {
      await session.jobs.wait()
      await fetching[Symbol.asyncDispose]()
    }
  },
}

/** Lines of a script: `-` in front lets one fail, `@` keeps it from being shown, as sftp(1) has it. */
async function batch(session: Shell): Promise<number> {
  const stop = (): void => {
    if (!session.interrupt()) process.exit(130)
  }
  process.on('SIGINT', stop)
  try {
    for await (const line of createInterface({ input: process.stdin })) {
      const [, marks = '', text = ''] = /^\s*([-@]{0,2})\s*(.*)$/u.exec(line) ?? []
      const status = await session.run(text)
      if (session.leaving || (status !== 0 && !marks.includes('-'))) return status
    }
    await session.jobs.wait()
    return 0
  } finally {
    process.off('SIGINT', stop)
  }
}

/** Ctrl-C is the program's that has the terminal, though it reaches everybody there. */
function leaveIt(): void {}

/** The prompt on a terminal. */
class Prompt implements ShellTerminal {
  #lines: Interface | undefined
  #session: Shell | undefined
  /** The newest first. */
  #typed: readonly string[] = []
  #forgets = false
  /** Whether anything was typed that is to be kept. */
  #changed = false
  /** Whether the prompt waits for a line. */
  #waiting = false
  /** Ctrl-C came behind the line that is being done, before there was anything to end. */
  #stopped = false

  /** Prints a line above what is being typed. */
  tell(line: string): void {
    const lines = this.#lines
    if (lines === undefined) {
      process.stderr.write(`${line}\n`)
      return
    }
    process.stdout.write(`\r\u001b[K${line}\n`)
    if (this.#waiting) lines.prompt(true)
  }

  /** While a program has the terminal, nobody else reads what is typed. */
  aside<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#apart(work, leaveIt)
  }

  /** While a question is asked neither, as a password would be shown, and kept in the history. Ctrl-C ends what is under way. */
  asking(ask: Ask): Ask {
    const stop = (): void => void this.#session?.interrupt()
    return {
      secret: (wanted) => this.#apart(() => ask.secret(wanted), stop),
      trust: (wanted) => this.#apart(() => ask.trust(wanted), stop),
    }
  }

  async #apart<Result>(work: () => Promise<Result>, interrupted: () => void): Promise<Result> {
    const { stdin } = process
    if (this.#lines === undefined) return work()
    // What has been typed is read first: once the terminal is no longer raw, a Ctrl-C of before is but a byte in the queue.
    for (let turns = 0; turns < 2; turns += 1) await nextTurn()
    if (this.#stopped) throw new NetworkError('aborted', 'interrupted')
    process.on('SIGINT', interrupted)
    stdin.pause()
    stdin.setRawMode(false)
    try {
      return await work()
    } finally {
      // A Ctrl-C that ended the work comes to us later than its end.
      for (let turns = 0; turns < 2; turns += 1) await nextTurn()
      process.off('SIGINT', interrupted)
      stdin.setRawMode(true)
      stdin.resume()
    }
  }

  typed(): readonly string[] {
    return this.#typed
  }

  forget(): void {
    this.#typed = []
    this.#forgets = true
  }

  /** Reads lines and does them, until one says to leave or the input ends. */
  async talk(session: Shell): Promise<number> {
    const lines = openLines(session, this)
    this.#lines = lines
    this.#session = session
    this.#typed = readHistory()
    const ahead = this.#listen(lines, session)
    const show = (): void => {
      this.#waiting = true
      lines.setPrompt(session.prompt)
      // What was typed meanwhile stays, and goes on at its end.
      lines.prompt(true)
    }
    show()
    for await (const line of lines) {
      if (ahead.shift() === true) process.stdout.write(`\r\u001b[K${session.prompt}${line}\n`)
      if (!this.#stopped) await session.run(line.trim())
      if (session.leaving) break
      if (ahead.length === 0) show()
    }
    this.#waiting = false
    await waitForJobs(lines, session)
    lines.close()
    if (this.#changed) keepHistory(this.#typed)
    return session.leavingWith ?? 0
  }

  /** Gives whether each line that is still to be done was typed, or pasted, while another was being done. */
  #listen(lines: Interface, session: Shell): boolean[] {
    const ahead: boolean[] = []
    lines.on('history', (history: string[]) => {
      this.#changed = true
      // The list may be changed here, and nowhere else.
      if (this.#forgets) history.splice(1)
      this.#forgets = false
      this.#typed = [...history]
    })
    lines.on('line', () => {
      ahead.push(!this.#waiting)
      this.#waiting = false
      this.#stopped = false
    })
    // Ctrl-C ends what is under way and keeps the shell; at an idle prompt it empties the line.
    lines.on('SIGINT', () => {
      if (session.interrupt()) return
      if (!this.#waiting) {
        this.#stopped = true
        return
      }
      process.stdout.write('^C\n')
      lines.write(null, { ctrl: true, name: 'e' })
      lines.write(null, { ctrl: true, name: 'u' })
      lines.prompt()
    })
    // After Ctrl-Z and "fg": readline has paused its input, and nothing that is typed would arrive, Ctrl-C neither.
    lines.on('SIGCONT', () => {
      if (this.#waiting) lines.prompt(true)
      else lines.resume()
    })
    return ahead
  }
}

/** Lines of the terminal, with their history and completion. */
function openLines(session: Shell, prompt: Prompt): Interface {
  return createInterface({
    input: process.stdin,
    output: process.stdout,
    history: readHistory(),
    historySize: 1000,
    removeHistoryDuplicates: true,
    completer: (line: string, answer: (error: null, found: [string[], string]) => void) => {
      void complete(session, line).then(
        (found) =>
          answer(
            null,
            notTooMany(found, (text) => prompt.tell(text)),
          ),
        () => answer(null, [[], line]),
      )
    },
  })
}

/** Whoever leaves waits for what goes on behind the prompt, or ends it. */
async function waitForJobs(lines: Interface, session: Shell): Promise<void> {
  const { length } = session.jobs.running
  if (length === 0) return
  process.stdout.write(`waiting for what goes on behind the prompt (${length}); Ctrl-C ends it\n`)
  lines.on('SIGINT', () => session.jobs.stop())
  await session.jobs.wait()
}
