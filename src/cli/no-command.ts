import { nearWord } from '../config/near-word.ts'
import { commands } from './commands.ts'
import { UsageError } from './usage-error.ts'

/** Somebody has typed a command that there is not. */
export function noCommand(name: string): UsageError {
  const near = name.startsWith('-') ? undefined : nearWord(name, [...Object.keys(commands), 'help'])
  const guess = near === undefined ? '' : ` Is ${near} meant?`
  return new UsageError(`there is no command "${name}".${guess} "ferry help" lists what there is.`)
}
