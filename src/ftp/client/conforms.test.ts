import { systemClock } from '../../core/clock.ts'
import { conformsStore, type StoreWorld } from '../../testing/conforms-store.ts'
import { ftpWorld } from '../../testing/ftp-world.ts'
import { connectFtp } from './connect.ts'
import type { DataMode } from './options.ts'

const cannot = {
  'random-writes': 'FTP writes a file from its beginning to its end',
  'reads-while-writing': 'a transfer goes one way',
  'line-ends': 'a line end would end the command',
  milliseconds: 'MDTM and MFMT tell seconds',
} as const

for (const mode of ['auto', 'active', 'pasv'] as const) {
  conformsStore(`FTP (${mode})`, () => world(mode), { cannot })
}

async function world(mode: DataMode): Promise<StoreWorld> {
  const ftp = await ftpWorld()
  const store = await connectFtp({
    network: ftp.network,
    clock: systemClock,
    host: '192.0.2.1',
    user: 'anna',
    ask: { secret: async () => 'secret', trust: async () => 'no' },
    mode,
  })
  return {
    store,
    async end() {
      await store.end()
      await ftp[Symbol.asyncDispose]()
    },
  }
}
