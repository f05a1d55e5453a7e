import { createConnection, createServer, type Socket } from 'node:net'

/** A question is one line of JSON and so is its answer; no question is longer. */
const longest = 64 * 1024

/** How long a question may take to come. */
const questionMs = 10_000

/** So many ask at once. */
const mostAsking = 64

/** Answers questions on a socket in the file system, which only its owner may use. */
export async function listenControl(
  path: string,
  answer: (question: unknown) => Promise<unknown>,
): Promise<{ close(): void }> {
  const server = createServer((socket) => serveOne(socket, answer))
  server.maxConnections = mostAsking
  // The mode must be right from the first moment on, not some time later.
  const mask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
  } finally {
    process.umask(mask)
  }
  server.unref()
  return { close: () => void server.close() }
}

/** Asks whoever answers there; undefined: nobody does. */
export function askControl(path: string, question: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
    })
    socket.on('error', (error) => {
      const gone = 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED')
      if (gone) resolve(undefined)
      else reject(error)
    })
    socket.on('end', () => {
      socket.destroy()
      try {
        resolve(JSON.parse(text))
      } catch {
        reject(new Error('the server gave no answer'))
      }
    })
    socket.write(`${JSON.stringify(question)}\n`)
  })
}

function serveOne(socket: Socket, answer: (question: unknown) => Promise<unknown>): void {
  let text = ''
  socket.setEncoding('utf8')
  socket.setTimeout(questionMs, () => socket.destroy())
  socket.on('error', () => undefined) // Whoever asked has gone.
  socket.on('data', (chunk: string) => {
    text += chunk
    const end = text.indexOf('\n')
    if (end < 0) {
      if (text.length > longest) socket.destroy()
      return
    }
    socket.pause()
    socket.setTimeout(0)
    answerTo(text.slice(0, end), answer).then(
      (line) => socket.end(`${line}\n`),
      () => socket.destroy(),
    )
  })
}

async function answerTo(line: string, answer: (question: unknown) => Promise<unknown>): Promise<string> {
  let question: unknown
  try {
    question = JSON.parse(line)
  } catch {
    return JSON.stringify({ error: 'the question is no JSON' })
  }
  return JSON.stringify((await answer(question)) ?? null)
}
