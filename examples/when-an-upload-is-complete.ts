// Does something with each file, once it is there as a whole and not before.
import { diskStore, memoryAccounts, serve, type ServerEvent } from 'ferry'

const inbox = await diskStore(process.argv[2] ?? '.')

function react(event: ServerEvent): void {
  if (event.kind !== 'upload') return
  if (event.outcome === 'complete') console.log(`${event.account} sent ${event.path}, ${event.bytes} bytes`)
  else console.log(`${event.path} stopped after ${event.bytes} bytes: ${event.reason}`)
}

await using server = await serve({
  accounts: memoryAccounts([{ name: 'camera', password: 'secret', home: inbox }]),
  ftp: { host: '127.0.0.1', port: 0 },
  events: { emit: react },
})

console.log(`ftp://127.0.0.1:${server.listeners[0]?.port}`)
await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve))
