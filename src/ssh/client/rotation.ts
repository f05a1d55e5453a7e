import { ProtocolError } from '../../core/error.ts'
import type { Channels } from '../channels.ts'
import { parsePublicKey } from '../public-key.ts'
import { isProven } from '../kex/client-half.ts'
import type { Transport } from '../transport.ts'
import type { Reader } from '../wire/reader.ts'
import { Reader as AnswerReader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import type { HostKeyShown } from './host-trust.ts'
import type { SshOptions } from './options.ts'

/** More keys than this no host has. */
const mostKeys = 16

/** The server says which keys it has (hostkeys-00@openssh.com): those that it proves to hold are passed on. */
export async function learnRotation(
  said: Reader,
  channels: Channels,
  transport: Transport,
  { host, port, trust }: SshOptions,
): Promise<void> {
  const blobs: Uint8Array[] = []
  while (said.left > 0 && blobs.length < mostKeys) blobs.push(said.string())
  const shown = blobs.flatMap((blob) => keyShown(host, port, blob))
  if (shown.length === 0) return
  const asked = new Writer(1024)
  for (const { blob } of shown) asked.string(blob)
  const answer = await channels.ask('hostkeys-prove-00@openssh.com', asked.done())
  if (answer === undefined || !shown.every((key) => holds(key, answer, transport))) return
  await trust.rotated?.(host, port, shown)
}

/** Kinds that we do not know are left to others. */
function keyShown(host: string, port: number, blob: Uint8Array): HostKeyShown[] {
  try {
    return [{ host, port, algorithm: parsePublicKey(blob).kind, blob }]
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return []
    throw thrown
  }
}

function holds({ blob }: HostKeyShown, answer: Reader, transport: Transport): boolean {
  try {
    const signature = answer.string()
    const data = new Writer(1024)
      .string('hostkeys-prove-00@openssh.com')
      .string(transport.sessionId)
      .string(blob)
      .done()
    return isProven(new AnswerReader(signature).text(), blob, data, signature)
  } catch {
    // An answer that is cut off proves nothing.
    return false
  }
}
