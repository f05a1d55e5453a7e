import { spawn } from 'node:child_process'

/** Runs a program of this machine in its shell, with the terminal, and gives its exit status. */
export function runProgram(text: string, folder: string, input?: string): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(text, {
      shell: true,
      cwd: folder,
      stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
    })
    child.once('error', fail)
    child.once('close', (code) => done(code ?? 1))
    // A pager that is left early takes no more.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}
