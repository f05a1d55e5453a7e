import { memoryAccounts } from '../accounts/memory.ts'
import { FileError } from '../core/error.ts'
import { parentOf, parsePath, rootPath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'
import { serve, type Server } from '../server/serve.ts'
import { memoryStore } from '../stores/memory.ts'

/** A server for the tests of a program that uses FTP: real sockets on loopback, files in memory. */
export interface TestServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** All of it in one: `ftp://user:password@host:port`. */
  readonly url: string
  readonly files: Store
  /** Puts a file there, and the directories above it. */
  put(path: string, content: string | Uint8Array): Promise<void>
  /** What a file holds. */
  get(path: string): Promise<Buffer>
  /** Ends it with all its sessions; `await using` does the same. */
  close(): Promise<void>
}

/** Starts a server on a free port, with the given files in it. */
export async function testServer(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<TestServer> {
  const store = memoryStore()
  const user = 'test'
  const password = 'secret'
  const server = await serve({
    accounts: memoryAccounts([{ name: user, password, home: store }]),
    ftp: { host: '127.0.0.1', port: 0 },
  })
  const running = new Running(server, store, user, password)
  try {
    for (const [path, content] of Object.entries(files)) await running.put(path, content)
    return running
  } catch (thrown) {
    await server.close()
    throw thrown
  }
}

class Running implements TestServer {
  readonly host = '127.0.0.1'
  readonly port: number
  readonly user: string
  readonly password: string
  readonly files: Store
  readonly #server: Server

  constructor(server: Server, files: Store, user: string, password: string) {
    this.#server = server
    this.files = files
    this.user = user
    this.password = password
    this.port = server.listeners[0]?.port ?? 0
  }

  get url(): string {
    return `ftp://${this.user}:${this.password}@${this.host}:${this.port}`
  }

  async put(path: string, content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    // Told here, as a store would only see a size that is none: tests are often written in plain JavaScript.
    if (!ArrayBuffer.isView(bytes))
      throw new TypeError(
        `what ${path} is to hold is neither text nor bytes: testServer({ 'name.txt': 'text' })`,
      )
    const place = parsePath(path)
    await this.#makeDirectory(parentOf(place))
    const file = await this.files.open(place, { write: true, create: 'allow', truncate: true })
    await transfer(file, () => file.write([bytes], 0))
  }

  async get(path: string): Promise<Buffer> {
    const file = await this.files.open(parsePath(path), { read: true })
    return transfer(file, async () => {
      const bytes = Buffer.alloc((await file.stat()).size)
      await file.read(bytes, 0)
      return bytes
    })
  }

  async #makeDirectory(path: Path): Promise<void> {
    if (path === rootPath) return
    await this.#makeDirectory(parentOf(path))
    try {
      await this.files.mkdir(path)
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault !== 'exists') throw thrown
    }
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
