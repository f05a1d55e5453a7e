import { conformsNetwork } from '../testing/conforms-network.ts'
import { memoryNetwork } from './memory.ts'

const never = async (): Promise<void> => undefined

conformsNetwork('memory', async () => ({ network: memoryNetwork(), end: never }))
conformsNetwork(
  'memory, byte by byte',
  async () => ({ network: memoryNetwork({ chop: 'bytes' }), end: never }),
  {
    bulk: 256 * 1024,
  },
)
