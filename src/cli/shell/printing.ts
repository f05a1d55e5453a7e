import { open, type FileHandle } from 'node:fs/promises'
import { PassThrough, type Readable } from 'node:stream'
import { FileError } from '../../core/error.ts'
import { encodeText } from '../../core/text.ts'
import { asFileError } from '../../stores/disk/faults.ts'
import { drained } from '../drained.ts'
import { standardOutput } from '../fetching/standard-output.ts'
import type { Output } from '../output.ts'

/** Where goes what a verb prints: lines, and the bytes of files, which stay as they are. */
export interface Printing {
  readonly print: (line: string) => Promise<void>
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Nobody reads any more: that the verb has not come to its end is no trouble then. */
  enough(): boolean
  /** Nothing more comes; `whole` is false where the verb has failed. */
  end(whole: boolean): Promise<void>
}

/** To whoever reads the shell's own output. A prompt gets a line of its own. */
export function printingOut(out: Output): Printing {
  const stdout = standardOutput()
  let last: number | undefined
  let isLeft = false
  return {
    print: (line) => out.result(line, { line }),
    async write(bytes) {
      out.beforeLine()
      try {
        await stdout.write([bytes], 0)
      } catch (thrown) {
        isLeft = thrown instanceof FileError && thrown.fault === 'aborted'
        throw thrown
      }
      last = bytes.at(-1) ?? last
    },
    enough: () => isLeft,
    async end() {
      const isOpen = last !== undefined && last !== 0x0a
      if (isOpen && process.stdout.isTTY) await stdout.write([encodeText('\n')], 0)
    },
  }
}

/** Into a file of this machine, which is touched when there is something for it. */
export function printingToFile(path: string, how: 'file' | 'append'): Printing {
  let file: FileHandle | undefined
  const opened = async (): Promise<FileHandle> => {
    file ??= await open(path, how === 'file' ? 'w' : 'a')
    return file
  }
  const write = async (bytes: Uint8Array): Promise<void> => {
    try {
      await (await opened()).writeFile(bytes)
    } catch (thrown) {
      throw cannotWrite(path, thrown)
    }
  }
  return {
    print: (line) => write(encodeText(`${line}\n`)),
    write,
    enough: () => false,
    async end(whole) {
      if (whole) await write(new Uint8Array())
      await file?.close()
    },
  }
}

function cannotWrite(path: string, thrown: unknown): Error {
  const error = asFileError(thrown)
  if (!(error instanceof FileError)) return error
  return new FileError(error.fault, `${path} cannot be written: ${error.message}`, { cause: thrown })
}

/** To a program of this machine, which is started when there is something for it. One that has enough ends the verb. */
export function printingToProgram(run: (input: Readable) => Promise<unknown>): Printing {
  const pipe = new PassThrough()
  let running: Promise<unknown> | undefined
  const start = (): void => {
    // Whoever waits for the pipe hears that it ends; why is told by `end`.
    running ??= run(pipe).finally(() => pipe.destroy())
    running.catch(() => undefined)
  }
  const write = async (bytes: Uint8Array): Promise<void> => {
    start()
    if (pipe.destroyed) throw new FileError('aborted', 'nobody reads any more')
    // The bytes are used again as soon as this resolves.
    if (!pipe.write(Buffer.from(bytes)) && !pipe.destroyed) await drained(pipe)
  }
  return {
    print: (line) => write(encodeText(`${line}\n`)),
    write,
    enough: () => pipe.destroyed,
    async end(whole) {
      if (whole) start()
      pipe.end()
      await running
    },
  }
}
