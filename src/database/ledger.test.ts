import { conformsLedger } from '../testing/conforms-ledger.ts'
import { openDatabase } from './database.ts'
import { sqliteLedger } from './ledger.ts'

conformsLedger('sqlite', async (clock) => {
  const database = openDatabase(':memory:')
  return { ledger: sqliteLedger(database, clock), end: async () => database.close() }
})
