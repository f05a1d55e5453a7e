// Fetches a file into a folder, shows how far it is, and stops cleanly with Ctrl-C: the session outlives the transfer.
//   node fetch-with-progress.ts ftp://user:password@host/ file folder
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { connect } from 'ferry/client'
import { IncompleteError } from 'ferry'

const [, , url = 'ftp://localhost:2121/', name = 'file.bin', folder = '.'] = process.argv
await using remote = await connect(url, { connections: 2, silenceMs: 15_000 })

// All that lies there, file by file, however deep.
for await (const { path, entry } of remote.entries('', { recursive: true })) {
  console.log(entry.kind === 'directory' ? `${path}/` : `${path} ${entry.size}`)
}

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
try {
  const { size, completeness } = await remote.get(name, join(folder, name), {
    resume: true,
    signal: stop.signal,
    onProgress: ({ bytes, total }) => process.stderr.write(`\r${bytes} of ${total ?? '?'} bytes`),
  })
  console.log(`got ${size} bytes, ${completeness}`)
} catch (error) {
  // Never a short file under the name: what came waits beside it, and the same call goes on.
  if (!(error instanceof IncompleteError) && !stop.signal.aborted) throw error
  console.log('stopped; run it again to go on')
}

// A stream of a part, while the same session lives on.
const head = createHash('sha256')
for await (const piece of await remote.openRead(name, { start: 0, end: 1023 })) head.update(piece)
console.log(`its first kilobyte: ${head.digest('hex')}`)

// And the other way: content from memory, into a directory that may not be there yet.
await remote.mkdir('notes/today', { recursive: true })
await remote.put(Buffer.from(`fetched ${name}\n`), 'notes/today/log.txt')
