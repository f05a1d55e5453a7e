import type { Signer } from '../signer.ts'
import type { Transport } from '../transport.ts'
import type { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'

/** All our keys, for clients that keep a list (hostkeys-00@openssh.com): so keys can be changed without a scare. */
export function announceKeys(keys: readonly Signer[]): Uint8Array {
  const writer = new Writer(1024)
  for (const { blob } of keys) writer.string(blob)
  return writer.done()
}

/** More keys than this nobody has. */
const mostKeys = 16

/** Proves that we hold the keys that are asked about (hostkeys-prove-00@openssh.com). */
export async function proveKeys(
  asked: Reader,
  keys: readonly Signer[],
  transport: Transport,
): Promise<Uint8Array | undefined> {
  const writer = new Writer(1024)
  for (let count = 0; asked.left > 0; count += 1) {
    const blob = asked.string()
    const key = keys.find((one) => Buffer.compare(one.blob, blob) === 0)
    if (key === undefined || count === mostKeys) return undefined
    const data = new Writer(1024)
      .string('hostkeys-prove-00@openssh.com')
      .string(transport.sessionId)
      .string(blob)
      .done()
    const { hostKey } = transport.agreed
    const algorithm = key.algorithms.includes(hostKey) ? hostKey : (key.algorithms[0] ?? '')
    writer.string(await key.sign(data, algorithm))
  }
  return writer.done()
}
