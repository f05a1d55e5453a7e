import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { Ferry } from './ferry.ts'
import { temporaryFolder } from './scene.ts'

/** Listens, and stands still for ever: whoever comes behind the first few is never connected. */
const deaf = `
  const { createServer } = require('node:net')
  const { parentPort } = require('node:worker_threads')
  const server = createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`

async function unreachablePort(t: TestContext): Promise<number> {
  const worker = new Worker(deaf, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const sockets = Array.from({ length: 6 }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => undefined)
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    await worker.terminate()
  })
  return port
}

test('a webhook that cannot be reached does not hold up the end of the server', async (t) => {
  const folder = await temporaryFolder(t)
  const url = `http://127.0.0.1:${await unreachablePort(t)}/`
  const config = join(folder, 'ferry.yaml')
  await writeFile(config, `webhooks: [{url: "${url}"}]\n`)
  const words = ['--data', join(folder, 'data'), '--config', config, '--ftp', '0', '--host', '127.0.0.1']
  const ferry = new Ferry([folder, '--json', '--anonymous', ...words])
  await ferry.until('the ready line', ({ ready }) => ready === true)
  const client = connect(ferry.port, '127.0.0.1')
  await once(client, 'data')
  client.destroy()
  await ferry.until('the end of the client', ({ event }) => event === 'closed')
  const began = performance.now()
  const { code } = await ferry.stop()
  assert.equal(code, 0)
  // It would take 10 s until the connection is given up by itself.
  assert.ok(performance.now() - began < 9000)
})
