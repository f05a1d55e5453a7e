import { conformsLedger } from '../testing/conforms-ledger.ts'
import { memoryLedger } from './memory.ts'

conformsLedger('the memory ledger', async (clock) => ({
  ledger: memoryLedger(clock),
  end: async () => undefined,
}))
