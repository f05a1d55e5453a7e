const firstOfOurs = 100_000

/**
 * Version 3 tells owners by number, and stores by name. A name that is a number stays that number; any other gets one of its
 * own, the same as long as the session lasts, and tells nobody which accounts the machine has.
 */
export class Owners {
  readonly #ids = new Map<string, number>()
  readonly #names: string[] = []

  idOf(name: string | undefined): number {
    if (name === undefined || name === '') return firstOfOurs - 1
    if (/^\d{1,9}$/u.test(name)) return Number(name)
    let id = this.#ids.get(name)
    if (id === undefined) {
      id = firstOfOurs + this.#names.length
      this.#ids.set(name, id)
      this.#names.push(name)
    }
    return id
  }

  /** The name behind a number; empty: a number that nothing here was told with. */
  nameOf(id: number): string {
    return id === firstOfOurs - 1 ? 'ferry' : (this.#names[id - firstOfOurs] ?? '')
  }

  /** What a store is told when a client names a number. */
  ownerOf(id: number): string {
    const name = this.nameOf(id)
    return name === '' ? String(id) : name
  }
}
