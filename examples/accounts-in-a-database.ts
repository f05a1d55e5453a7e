// Accounts in a SQLite file of the program's own, behind one that stands in the program.
import { join } from 'node:path'
import { memoryAccounts, memoryStore, serve } from 'ferry'
import { chainAccounts } from 'ferry/accounts/chain'
import { openDatabase, passwords, Register, sqliteAccounts } from 'ferry/accounts/sqlite'

const register = new Register(openDatabase(join(process.argv[2] ?? '.', 'accounts.db')))
const hashing = passwords()
register.add('bert', await hashing.hash('secret'), { readOnly: true })
const home = memoryStore()

await using server = await serve({
  accounts: chainAccounts([
    memoryAccounts([{ name: 'anna', password: 'secret', home }]),
    sqliteAccounts({ register, passwords: hashing, home: async () => home }),
  ]),
  ftp: { host: '127.0.0.1', port: 0 },
})

console.log(`ftp://127.0.0.1:${server.listeners[0]?.port}`)
await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve))
