import type { FetchCommand } from './fetching/fetch-command.ts'
import type { OptionRows } from './options.ts'

/** One of the ways in which a command is typed. */
export interface Form {
  /** What stands behind the command. */
  readonly usage: string
  readonly does: string
}

/** One command: its line in the help, and how to run it. It is loaded when it is asked for, so that starting stays quick. */
export interface CliCommand {
  /** How it is typed, behind `ferry`. */
  readonly usage: string
  /** What it does, in a few words. */
  readonly does: string
  /** The ways in which it is typed, where a line does not hold them. */
  forms?(): Promise<readonly Form[]>
  /** Its options, for its help. */
  options?(): Promise<OptionRows>
  /** It takes those of every command that fetches as well. */
  readonly fetches?: true
  /** What else there is to say in its help. */
  readonly more?: string
  /** The exit status. */
  run(words: readonly string[]): Promise<number>
}

/** Every command that there is, in the order of the help. */
export const commands: Readonly<Record<string, CliCommand>> = {
  serve: {
    usage: 'serve [FOLDER] [option]...',
    does: 'shares a folder',
    options: async () => (await import('./serving/serve-rows.ts')).serveRows,
    more: `Without --user and --anonymous there is one user, ferry, with a new password
that is printed once.
Example: ferry serve ./files --user anna:secret --passive 50000-50100`,
    run: async (words) => (await import('./serve.ts')).serveCommand(words),
  },
  user: {
    usage: 'user add|list|show|set|password|key|code|group|import|recount|remove',
    does: 'keeps the accounts of a data folder',
    forms: async () => (await import('./user.ts')).userForms,
    options: async () => (await import('./user.ts')).userOptions,
    run: async (words) => (await import('./user.ts')).userCommand(words),
  },
  ban: {
    usage: 'ban list|add|remove [NETWORK]',
    does: 'keeps who is not let in',
    forms: async () => (await import('./ban.ts')).banForms,
    options: async () => (await import('./ban.ts')).banOptions,
    run: async (words) => (await import('./ban.ts')).banCommand(words),
  },
  status: {
    usage: 'status',
    does: 'says what a running server does',
    options: keepingOptions,
    run: async (words) => (await import('./sessions.ts')).statusCommand(words),
  },
  top: {
    usage: 'top',
    does: 'shows who is connected and what is transferred',
    options: async () => (await import('./sessions.ts')).topOptions,
    run: async (words) => (await import('./sessions.ts')).topCommand(words),
  },
  kick: {
    usage: 'kick ID',
    does: 'sends a session away',
    options: keepingOptions,
    run: async (words) => (await import('./sessions.ts')).kickCommand(words),
  },
  session: {
    usage: 'session ID',
    does: 'shows what was said and done in a session',
    options: keepingOptions,
    run: async (words) => (await import('./sessions.ts')).sessionCommand(words),
  },
  explain: {
    usage: 'explain USER PATH ACTION',
    does: 'says which rule decides, and why',
    forms: async () => (await import('./explain.ts')).explainForms,
    options: async () => (await import('./explain.ts')).explainOptions,
    run: async (words) => (await import('./explain.ts')).explainCommand(words),
  },
  config: {
    usage: 'config check|show|schema|reload',
    does: 'looks at a configuration',
    forms: async () => (await import('./config.ts')).configForms,
    options: async () => (await import('./config.ts')).configOptions,
    run: async (words) => (await import('./config.ts')).configCommand(words),
  },
  doctor: {
    usage: 'doctor URL [--try-upload] | doctor --server [--from URL]',
    does: 'finds out why a server works or does not, and says which line to change',
    options: async () => (await import('./doctor/doctor-words.ts')).doctorOptions,
    run: async (words) => (await import('./doctor.ts')).doctorCommand(words),
  },
  ls: fetches(
    'ls [-l] [-R] [-a] PLACE...',
    'lists what is there',
    async () => (await import('./look.ts')).ls,
  ),
  stat: fetches('stat PLACE...', 'tells all about files', async () => (await import('./look.ts')).stat),
  cat: fetches('cat PLACE...', 'prints files', async () => (await import('./look.ts')).cat),
  du: fetches('du [-d N] [-b] PLACE...', 'sums up sizes', async () => (await import('./look.ts')).du),
  find: fetches(
    'find PLACE... [--name GLOB]',
    'finds files by name',
    async () => (await import('./look.ts')).find,
  ),
  hash: fetches(
    'hash [-a NAME] PLACE...',
    'makes hashes of files',
    async () => (await import('./look.ts')).hash,
  ),
  get: fetches('get URL... [-o PATH]', 'fetches files', async () => (await import('./move-files.ts')).get),
  put: fetches('put PATH... URL', 'sends files', async () => (await import('./move-files.ts')).put),
  cp: fetches(
    'cp FROM... TO',
    'copies between any two places',
    async () => (await import('./move-files.ts')).cp,
  ),
  sync: fetches('sync FROM TO', 'makes TO like FROM', async () => (await import('./sync.ts')).sync),
  rm: fetches('rm [-r] [-f] PLACE...', 'removes', async () => (await import('./change.ts')).rm),
  mkdir: fetches('mkdir [-p] PLACE...', 'makes directories', async () => (await import('./change.ts')).mkdir),
  mv: fetches('mv [-n] FROM... TO', 'moves and renames', async () => (await import('./change.ts')).mv),
  chmod: fetches('chmod [-R] MODE PLACE...', 'sets modes', async () => (await import('./change.ts')).chmod),
  touch: fetches(
    'touch [-d TIME] PLACE...',
    'sets times, makes empty files',
    async () => (await import('./change.ts')).touch,
  ),
  shell: fetches(
    'shell [URL]',
    'a prompt, as sftp and lftp have',
    async () => (await import('./shell.ts')).shell,
  ),
  completion: {
    usage: 'completion bash|zsh|fish',
    does: 'prints what makes a shell complete these words',
    run: async (words) => (await import('./completion.ts')).completionCommand(words),
  },
}

async function keepingOptions(): Promise<OptionRows> {
  return (await import('./keeping-words.ts')).keepingOptions
}

function fetches(usage: string, does: string, load: () => Promise<FetchCommand>): CliCommand {
  return {
    usage,
    does,
    fetches: true,
    options: async () => (await load()).options,
    run: async (words) => (await load()).run(words),
  }
}
