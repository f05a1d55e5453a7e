// Shares a folder with one person who may write and everybody else who may read.
import { diskStore, memoryAccounts, serve } from 'ferry'

const folder = await diskStore(process.argv[2] ?? '.')

await using server = await serve({
  accounts: memoryAccounts([
    { name: 'anna', password: 'secret', home: folder },
    { name: 'guests', anonymous: true, home: folder, readOnly: true },
  ]),
  ftp: { host: '127.0.0.1', port: 0, passive: { first: 50_000, last: 50_100 } },
})

for (const { protocol, address, port } of server.listeners) console.log(`${protocol}://${address}:${port}`)

await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve))
