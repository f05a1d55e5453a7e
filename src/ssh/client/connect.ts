import type { SshConnection } from './connection.ts'
import type { SshOptions } from './options.ts'
import { Talk } from './talk.ts'

/** Speaks SSH over a connection and logs in. Rejects with the reason, and closes the connection, where that does not go. */
export async function connectSsh(options: SshOptions): Promise<SshConnection> {
  const talk = new Talk(options)
  await talk.begin()
  return talk
}
