import { fork, type ChildProcess } from 'node:child_process'
import type { Done, Task } from './task.ts'

/** The load generator, seen from the bench: a process that does one task after the other. */
export class Load {
  readonly #child: ChildProcess

  constructor() {
    this.#child = fork(new URL('main.ts', import.meta.url), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  /** Does a task and says what it took. */
  async run(task: Task): Promise<Done> {
    const answer = await this.#ask(task)
    if ('error' in answer) throw new Error(answer.error)
    return answer
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }

  #ask(task: Task): Promise<Done | Failure> {
    return new Promise((answer, fail) => {
      const gone = () => fail(new Error('the load generator ended'))
      this.#child.once('exit', gone)
      this.#child.once('message', (message) => {
        this.#child.off('exit', gone)
        answer(message as Done | Failure)
      })
      this.#child.send(task)
    })
  }
}

interface Failure {
  readonly error: string
}
