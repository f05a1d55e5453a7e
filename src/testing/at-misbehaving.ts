import type { RemoteStore } from '../core/remote.ts'
import { connectFtp } from '../ftp/client/connect.ts'
import type { FtpOptions } from '../ftp/client/options.ts'
import { memoryNetwork } from '../net/memory.ts'
import { FakeClock } from './fake-clock.ts'
import type { FtpScript } from './misbehaving/script.ts'
import { misbehavingServer, type MisbehavingServer } from './misbehaving/server.ts'

/** Does something with our client at a server that behaves so, by a fake clock that stands still unless another is given. */
export async function atMisbehaving<Result>(
  script: FtpScript,
  work: (remote: RemoteStore, server: MisbehavingServer) => Promise<Result>,
  options: Partial<FtpOptions> = {},
): Promise<Result> {
  const { clock = new FakeClock() } = options
  const network = memoryNetwork()
  await using server = await misbehavingServer(script, { network, clock })
  const { host, port } = server
  const ask = { secret: async () => 'secret', trust: async () => 'no' as const }
  const remote = await connectFtp({ network, host, port, user: 'test', ask, ...options, clock })
  const result = await work(remote, server)
  await remote.end()
  return result
}
