import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { certificateFaults } from '../core/certificate.ts'
import type { Certificate, SecureClient } from '../core/tls.ts'
import { memoryNetwork } from '../net/memory.ts'

/** What a client that trusts these finds wrong with who shows such a certificate when it asks for this host. */
export async function faultsAt(
  certificate: Certificate,
  host: string,
  trust: Pick<SecureClient, 'authorities' | 'revoked'> = {},
): Promise<readonly string[]> {
  const network = memoryNetwork()
  const binding = {
    identity: { certificate },
    name: randomBytes(16),
    secret: randomBytes(32),
    sessions: new Map<string, Uint8Array>(),
  }
  const port = await network.listen({ host: '127.0.0.1', port: 0 }, (accepted) => {
    const served = network.secure(accepted, { side: 'server', binding, protocols: [], timeoutMs: 5000 })
    served.catch(() => accepted.destroy())
  })
  const conn = await network.connect({ host: '127.0.0.1', port: port.local.port, timeoutMs: 5000 })
  const secured = await network.secure(conn, {
    side: 'client',
    host,
    protocols: [],
    timeoutMs: 5000,
    ...trust,
  })
  const { peer } = secured.tls
  secured.destroy()
  await port.close()
  assert.ok(peer !== undefined)
  return certificateFaults(peer, Date.parse('2026-01-01'))
}
