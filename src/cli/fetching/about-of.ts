import { FileError } from '../../core/error.ts'
import { withoutPasswords } from '../user/without-passwords.ts'

/**
 * The place that an error is to be told with; undefined where it says by itself what it is about. What FTP refuses is told
 * with its path, what SFTP refuses by a word alone.
 */
export function aboutOf(word: string, error: Error): string | undefined {
  const { message } = error
  if (!word.includes('://'))
    return message.startsWith(`${word} `) || message.endsWith(` ${word}`) ? undefined : word
  return error instanceof FileError && !message.includes('/') ? withoutPasswords(word) : undefined
}
