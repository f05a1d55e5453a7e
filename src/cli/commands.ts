/** One command: its line in the help, and how to run it. It is loaded when it is asked for, so that starting stays quick. */
export interface CliCommand {
  /** How it is typed, behind `ferry`. */
  readonly usage: string
  /** What it does, in a few words. */
  readonly does: string
  /** The exit status. */
  run(words: readonly string[]): Promise<number>
}

/** Every command that there is, in the order of the help. */
export const commands: Readonly<Record<string, CliCommand>> = {
  serve: {
    usage: 'serve [FOLDER] [option]...',
    does: 'shares a folder',
    run: async (words) => (await import('./serve.ts')).serveCommand(words),
  },
  doctor: {
    usage: 'doctor URL',
    does: 'finds out why a server works or does not, and says which line to change',
    run: async (words) => (await import('./doctor.ts')).doctorCommand(words),
  },
}
