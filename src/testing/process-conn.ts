import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { NetworkError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'

const nowhere = { address: '127.0.0.1', port: 0 }

/** The input and output of a program, as a connection to it: for servers that are spoken to that way (sftp-server). */
export function processConn(program: string, words: readonly string[], folder: string): Conn {
  const child = spawn(program, words, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] })
  const pieces = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>
  // A program that is gone is seen by who reads.
  child.stdin.on('error', () => undefined)
  child.on('error', () => undefined)
  return {
    local: nowhere,
    remote: nowhere,
    secure: false,
    async read() {
      const next = await pieces.next()
      return next.done === true ? undefined : [next.value]
    },
    async write(bytes) {
      if (child.exitCode !== null) throw new NetworkError('closed', 'the program has ended')
      // A copy: the pipe keeps what it is given until it is taken.
      if (!child.stdin.write(Uint8Array.from(bytes))) await once(child.stdin, 'drain')
    },
    async end() {
      child.stdin.end()
    },
    destroy() {
      child.kill('SIGKILL')
    },
  }
}
