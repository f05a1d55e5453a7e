/* One operation with the npm package basic-ftp: HOST PORT USER PASSWORD WAY OPERATION PATH... */
import { open, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Client, enterPassiveModeIPv4, enterPassiveModeIPv6 } from 'basic-ftp'

const [host = '', port = '', user = '', password = '', way = '', operation = '', from = '', to = ''] =
  process.argv.slice(2)

const client = new Client(30_000)
client.prepareTransfer = way === 'PASV' ? enterPassiveModeIPv4 : enterPassiveModeIPv6

type Work = () => Promise<unknown>

const operations: Readonly<Record<string, Work>> = {
  list: async () => {
    for (const { name, size } of await client.list(from)) process.stdout.write(`${size} ${name}\n`)
  },
  get: () => client.downloadTo(to, from),
  'resume-get': async () => client.downloadTo(to, from, (await stat(to)).size),
  put: () => client.uploadFrom(from, to),
  'put-half': () => client.uploadFrom(Readable.from(half(from), { objectMode: false }), to),
  'resume-put': async () => client.appendFrom(from, to, { localStart: await client.size(to) }),
  mkdir: () => client.ensureDir(from),
  rmdir: () => client.removeEmptyDir(from),
  rename: () => client.rename(from, to),
  remove: () => client.remove(from),
}

try {
  await client.access({ host, port: Number(port), user, password })
  const work = operations[operation]
  if (work === undefined) throw new Error(`there is no operation ${operation}`)
  await work()
} finally {
  client.close()
}

/** The first half of a file, and then nothing for ever. */
async function* half(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path)
  const { size } = await file.stat()
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size / 2), 0, size / 2, 0)
  await file.close()
  yield buffer.subarray(0, bytesRead)
  await new Promise(() => undefined)
}
