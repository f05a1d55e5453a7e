import { isCertificateName, plainAlgorithm } from '../certificate.ts'
import type { Signer } from '../signer.ts'
import type { Transport } from '../transport.ts'
import type { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { plainKeys } from './host-certificates.ts'

/**
 * All our keys, for clients that keep a list (hostkeys-00@openssh.com): so keys can be changed without a scare. Certificates are in no
 * such list.
 */
export function announceKeys(keys: readonly Signer[]): Uint8Array {
  const writer = new Writer(1024)
  for (const { blob } of plainKeys(keys)) writer.string(blob)
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
  const own = plainKeys(keys)
  const { hostKey } = transport.agreed
  const agreed = isCertificateName(hostKey) ? plainAlgorithm(hostKey) : hostKey
  for (let count = 0; asked.left > 0; count += 1) {
    const blob = asked.string()
    const key = own.find((one) => Buffer.compare(one.blob, blob) === 0)
    if (key === undefined || count === mostKeys) return undefined
    const data = new Writer(1024)
      .string('hostkeys-prove-00@openssh.com')
      .string(transport.sessionId)
      .string(blob)
      .done()
    const algorithm = key.algorithms.includes(agreed) ? agreed : (key.algorithms[0] ?? '')
    writer.string(await key.sign(data, algorithm))
  }
  return writer.done()
}
