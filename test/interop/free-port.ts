import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * A port that was free a moment ago, for programs that must be told theirs before they run. Not one of those that systems take
 * for connections that go out: by the time the program has it, another test would have connected from it.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(15_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
  } catch {
    return false
  }
  await new Promise((resolve) => server.close(resolve))
  return true
}
