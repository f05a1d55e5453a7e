import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryAccounts } from '../accounts/memory.ts'
import { memoryNetwork } from '../net/memory.ts'
import { serve, type Server } from './serve.ts'
import type { Listener } from './listener.ts'
import type { PublishedDoors } from './published-doors.ts'

const doors = (server: Server, through?: string): string =>
  server.listeners
    .filter((one: Listener) => one.through === through)
    .map(({ protocol, port }) => `${protocol} ${port}`)
    .join(', ')

function published(more: Partial<PublishedDoors> = {}, there = memoryNetwork()) {
  return { there, published: { network: there, host: 'far.example', ...more } }
}

const nobody = { accounts: memoryAccounts([]) }

test('all that is on here is on there, at the same ports and with the same host key, but for TFTP', async () => {
  const { published: far } = published()
  const options = { ftp: { port: 21, implicitPort: 990 }, sftp: { port: 22 }, tftp: { port: 69 } } as const
  await using server = await serve({ ...nobody, ...options, network: memoryNetwork(), published: far })
  assert.equal(doors(server), 'ftp 21, ftps 990, sftp 22, tftp 69')
  assert.equal(doors(server, 'far.example'), 'ftp 21, ftps 990, sftp 22')
  const keys = server.listeners
    .filter(({ protocol }) => protocol === 'sftp')
    .map(({ fingerprint }) => fingerprint)
  assert.equal(new Set(keys).size, 1)
})

test('ports there may be others, or off, and an address of here is none of there', async () => {
  const { published: far } = published({ ftp: 2121, sftp: 'off' })
  const options = { ftp: { port: 21, host: '192.0.2.1' }, sftp: { port: 22 } } as const
  await using server = await serve({ ...nobody, ...options, network: memoryNetwork(), published: far })
  assert.equal(doors(server, 'far.example'), 'ftp 2121')
  assert.deepEqual(
    server.listeners.map(({ address }) => address),
    ['192.0.2.1', '::', '::'],
  )
})

test('doors that move here move there, and stay where they are where that fails', async () => {
  const { there, published: far } = published()
  await using server = await serve({ ...nobody, ftp: { port: 21 }, network: memoryNetwork(), published: far })
  await server.change({ ftp: { port: 2121 } })
  assert.equal(`${doors(server)}; ${doors(server, 'far.example')}`, 'ftp 2121; ftp 2121')
  await there.listen({ host: '::', port: 8021 }, () => undefined)
  await assert.rejects(server.change({ ftp: { port: 8021 } }), {
    name: 'ListenError',
    through: 'far.example',
  })
  assert.equal(`${doors(server)}; ${doors(server, 'far.example')}`, 'ftp 2121; ftp 2121')
})
