import { asError } from '../core/error.ts'

/** Carries values to the other side and gives those that come from there. Values are copied, as `structuredClone` does. */
export interface Line {
  post(value: unknown): void
  onMessage(take: (value: unknown) => void): void
}

/** What one side can be asked, by name. */
export type Service = object

/** A service of the other side: each of its functions gives a promise. */
export type Far<Of extends Service> = {
  readonly [Key in keyof Of]: Of[Key] extends (...words: infer Words) => infer Answer
    ? (...words: Words) => Promise<Awaited<Answer>>
    : never
}

/** A service of the other side that is told, and not asked: nothing comes back. */
export type Told<Of extends Service> = {
  readonly [Key in keyof Of]: Of[Key] extends (...words: infer Words) => unknown
    ? (...words: Words) => void
    : never
}

/** Two sides that ask one another. */
export interface Link<Theirs extends Service> {
  readonly ask: Far<Theirs>
  readonly tell: Told<Theirs>
  /** The other side is gone: whatever was asked of it fails, and what will be. */
  readonly cut: (reason: Error) => void
}

type Message =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly words: readonly unknown[] }
  | { readonly kind: 'tell'; readonly name: string; readonly words: readonly unknown[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: unknown }

interface Waiting {
  resolve(answer: unknown): void
  reject(error: Error): void
}

/**
 * Puts two services at the ends of a line. What is said within one turn of the event loop goes in one message, because a
 * message costs more than what is in it. `failed` is told of what went wrong with something that nobody waits for.
 */
export function link<Theirs extends Service>(
  line: Line,
  ours: Service,
  failed: (error: Error) => void,
): Link<Theirs> {
  const waiting = new Map<number, Waiting>()
  let outgoing: Message[] = []
  let asked = 0
  let gone: Error | undefined

  function say(message: Message): void {
    if (gone !== undefined) return
    if (outgoing.push(message) > 1) return
    setImmediate(() => {
      const all = outgoing
      outgoing = []
      if (gone === undefined) line.post(all)
    })
  }

  async function run(name: string, words: readonly unknown[]): Promise<unknown> {
    const work: unknown = Object.hasOwn(ours, name) ? Reflect.get(ours, name) : undefined
    if (typeof work !== 'function') throw new Error(`the other side asks for ${name}, which there is not`)
    return Reflect.apply(work, ours, words)
  }

  async function answer(id: number, name: string, words: readonly unknown[]): Promise<void> {
    try {
      say({ kind: 'answer', id, answer: await run(name, words) })
    } catch (thrown) {
      say({ kind: 'failed', id, error: asError(thrown) })
    }
  }

  function take(message: Message): void {
    switch (message.kind) {
      case 'ask':
        return void answer(message.id, message.name, message.words)
      case 'tell':
        return void run(message.name, message.words).catch((thrown: unknown) => failed(asError(thrown)))
      case 'answer':
        waiting.get(message.id)?.resolve(message.answer)
        return void waiting.delete(message.id)
      case 'failed':
        waiting.get(message.id)?.reject(asError(message.error))
        return void waiting.delete(message.id)
    }
  }

  line.onMessage((batch) => {
    for (const message of batch as readonly Message[]) take(message)
  })
  return {
    ask: named((name, words) => {
      if (gone !== undefined) return Promise.reject(gone)
      asked += 1
      const id = asked
      const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
      say({ kind: 'ask', id, name, words })
      return answered
    }) as Far<Theirs>,
    tell: named((name, words) => say({ kind: 'tell', name, words })) as Told<Theirs>,
    cut(reason) {
      gone = reason
      for (const one of waiting.values()) one.reject(reason)
      waiting.clear()
    },
  }
}

/** An object with a function of each name, made when it is first used. */
function named(call: (name: string, words: readonly unknown[]) => unknown): object {
  const made = new Map<string, (...words: unknown[]) => unknown>()
  return new Proxy(
    {},
    {
      get(_target, name) {
        // A promise is what has `then`, and this is none.
        if (typeof name !== 'string' || name === 'then') return undefined
        let one = made.get(name)
        if (one === undefined) made.set(name, (one = (...words) => call(name, words)))
        return one
      },
    },
  )
}
