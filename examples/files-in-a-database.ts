// Serves files that lie in a database, by a Store of one's own (database-store.ts).
import { join } from 'node:path'
import { memoryAccounts, serve } from 'ferry'
import { DatabaseStore } from './database-store.ts'

using files = new DatabaseStore(join(process.argv[2] ?? '.', 'files.db'))

await using server = await serve({
  accounts: memoryAccounts([{ name: 'anna', password: 'secret', home: files }]),
  ftp: { host: '127.0.0.1', port: 0 },
})

console.log(`ftp://127.0.0.1:${server.listeners[0]?.port}`)
await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve))
