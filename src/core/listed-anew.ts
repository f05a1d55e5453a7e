import { HandedOn } from './handed-on.ts'
import type { Entry } from './store.ts'

/**
 * A listing that begins anew where it broke off, without what was handed on already. `mayAgain` waits until it may be tried again, or
 * throws what was thrown.
 */
export async function* listedAnew(
  begin: () => AsyncIterable<readonly Entry[]>,
  mayAgain: (thrown: unknown) => Promise<void>,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const handedOn = new HandedOn()
  for (;;) {
    try {
      for await (const batch of begin()) {
        const others = handedOn.next(batch)
        if (others.length > 0) yield others
      }
      return
    } catch (thrown) {
      if (!handedOn.isKnown) throw thrown
      await mayAgain(thrown)
      handedOn.again()
    }
  }
}
