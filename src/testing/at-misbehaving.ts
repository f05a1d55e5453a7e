import type { RemoteStore } from '../core/remote.ts'
import { connectFtp } from '../ftp/client/connect.ts'
import { memoryNetwork } from '../net/memory.ts'
import { FakeClock } from './fake-clock.ts'
import type { FtpScript } from './misbehaving/script.ts'
import { misbehavingServer } from './misbehaving/server.ts'

/** Does something with our client at a server that behaves so. `heard` grows with each command that the server hears. */
export async function atMisbehaving<Result>(
  script: FtpScript,
  work: (remote: RemoteStore, heard: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const clock = new FakeClock()
  const network = memoryNetwork()
  await using server = await misbehavingServer(script, { network, clock })
  const { host, port, heard } = server
  const ask = { secret: async () => 'secret', trust: async () => 'no' as const }
  const remote = await connectFtp({ network, clock, host, port, user: 'test', ask })
  const result = await work(remote, heard)
  await remote.end()
  return result
}
