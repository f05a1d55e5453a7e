/**
 * What ends a transfer before its time. As an AbortController with a signal of its own, but light: each small file has one,
 * and hardly any is ever aborted. The signal is made for who cannot do without.
 */
export class Abort {
  #reason: Error | undefined
  #controller: AbortController | undefined
  #listeners: readonly (() => void)[] = none

  get aborted(): boolean {
    return this.#reason !== undefined
  }

  /** Why, once it is aborted. */
  get reason(): Error | undefined {
    return this.#reason
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Counts once: the first reason is the one. */
  abort(reason: Error): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    const listeners = this.#listeners
    this.#listeners = none
    for (const listener of listeners) listener()
    this.#controller?.abort(reason)
  }

  /** Calls it when it is aborted; not if that has been. */
  listen(listener: () => void): void {
    this.#listeners = [...this.#listeners, listener]
  }

  forget(listener: () => void): void {
    if (this.#listeners !== none) this.#listeners = this.#listeners.filter((one) => one !== listener)
  }

  /** Throws the reason, once there is one. */
  check(): void {
    if (this.#reason !== undefined) throw this.#reason
  }
}

const none: readonly (() => void)[] = []
