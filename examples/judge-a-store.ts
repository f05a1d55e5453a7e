// Judges a Store of one's own: `node --test judge-a-store.ts`.
import { conformsStore } from 'ferry/testing'
import { DatabaseStore } from './database-store.ts'

const make = async () => {
  const store = new DatabaseStore(':memory:')
  return { store, end: async () => store[Symbol.dispose]() }
}

conformsStore('the store of the example', make, { cannot: { 'raw-names': 'SQLite keeps UTF-8 only' } })
