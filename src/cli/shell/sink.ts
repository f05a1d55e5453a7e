import { FileError } from '../../core/error.ts'
import type { OpenFile } from '../../core/store.ts'

/** A file that is only written, and hands on what it gets as lines. */
export function sinkFor(print: (line: string) => Promise<void>): {
  readonly file: OpenFile
  flush(): Promise<void>
} {
  const decoder = new TextDecoder()
  let rest = ''
  return {
    file: {
      stat: onlyWritten,
      read: onlyWritten,
      async write(pieces) {
        for (const piece of pieces) rest += decoder.decode(piece, { stream: true })
        const end = rest.lastIndexOf('\n')
        if (end < 0) return
        await print(rest.slice(0, end))
        rest = rest.slice(end + 1)
      },
      close: async () => undefined,
      abort: async () => undefined,
    },
    async flush() {
      rest += decoder.decode()
      if (rest !== '') await print(rest)
    },
  }
}

async function onlyWritten(): Promise<never> {
  throw new FileError('unsupported', 'what is printed can only be written')
}
