// One tree out of several places, with rights per path.
import { diskStore, memoryAccounts, memoryStore, mounts, parsePath, serve } from 'ferry'

const home = mounts([
  { at: parsePath('/'), store: memoryStore() },
  { at: parsePath('/reports'), store: await diskStore(process.argv[2] ?? '.') },
])

await using server = await serve({
  accounts: memoryAccounts([
    {
      name: 'partner',
      password: 'secret',
      home,
      rights: [
        { path: parsePath('/'), allow: ['list', 'read', 'create'] },
        { path: parsePath('/reports'), allow: ['list', 'read'] },
      ],
    },
  ]),
  ftp: { host: '127.0.0.1', port: 0 },
})

console.log(`ftp://127.0.0.1:${server.listeners[0]?.port}`)
await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve))
