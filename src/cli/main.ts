import { asFileError, codeOf } from '../stores/disk/faults.ts'
import { commands } from './commands.ts'
import { UsageError } from './usage-error.ts'
import { wordsAsTyped } from './words-as-typed.ts'

/** Runs the command with these words, and sets the exit status. */
export async function run(decoded: readonly string[]): Promise<void> {
  const words = wordsAsTyped(decoded)
  // A reader that goes away (`ferry serve | head`) ends the output, not the server. A full disk is told: what was asked for is not there.
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') return
    process.stderr.write(`ferry: the output cannot be written: ${asFileError(error).message}\n`)
    process.once('exit', (status) => (process.exitCode = status === 0 ? 1 : status))
  })
  try {
    process.exitCode = await dispatch(words)
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    process.exitCode = 2
    // What a server prints there are its events; why it did not start is told on stderr whatever was said.
    if (words.includes('--json') && words[0] !== 'serve') {
      const { Output } = await import('./output.ts')
      new Output({ json: true, quiet: false, verbose: false }).failed(thrown)
    } else process.stderr.write(`ferry: ${thrown.message}\n`)
  }
}

async function dispatch([command, ...words]: readonly string[]): Promise<number> {
  switch (command) {
    case '--version':
    case '-V':
    case '-v':
    case 'version': {
      const { version } = await import('./version.ts')
      process.stdout.write(`ferry ${version}\n`)
      return 0
    }
    case undefined:
    case 'help':
    case '--help':
    case '-h': {
      const { helpPage } = await import('./help-page.ts')
      process.stdout.write(await helpPage(words[0]))
      return command === undefined ? 2 : 0
    }
    default:
      if (Object.hasOwn(commands, command)) {
        if (asksForHelp(words)) return await dispatch(['help', command])
        return commands[command]?.run(words) ?? 2
      }
      throw (await import('./no-command.ts')).noCommand(command)
  }
}

/** `ferry get --help`, and `ferry get -h` alone: behind `--` words are names. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words[0] === '-h' || (end === -1 ? words : words.slice(0, end)).includes('--help')
}
