import { asError } from './error.ts'
import type { Conn } from './network.ts'

/** All that one says goes to the other, an end as an end and a cut as a cut. Resolves when both are over; never rejects. */
export async function joined(one: Conn, other: Conn): Promise<void> {
  await Promise.all([pass(one, other), pass(other, one)])
  one.destroy()
  other.destroy()
}

async function pass(from: Conn, to: Conn): Promise<void> {
  try {
    for (let read = await from.read(); read !== undefined; read = await from.read())
      for (const piece of read) await to.write(piece)
    await to.end()
  } catch (thrown) {
    const reason = asError(thrown)
    from.destroy(reason)
    to.destroy(reason)
  }
}
