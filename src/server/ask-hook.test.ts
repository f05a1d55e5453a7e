import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Hook } from '../core/account.ts'
import type { Question } from '../policy/hooks.ts'
import { askHooks } from './ask-hook.ts'

const question: Question = {
  deed: 'upload',
  account: 'anna',
  path: "/a '$(id)'\nb",
  session: 's1',
  protocol: 'ftp',
  address: '192.0.2.1',
}

function hook(ask: string, timeoutMs = 5000): Hook {
  return { ask, before: ['upload'], timeoutMs, onFailure: 'refuse' }
}

test('a URL is asked by POST: 2xx allows, 4xx refuses with its words, all else is no answer', async (t) => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk))
    if (request.url === '/hang') return
    response.statusCode = Number(request.url?.slice(1))
    response.end('no\u001b[2J thanks\nsecond line')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const ask = askHooks()
  const url = (path: string): string => `http://127.0.0.1:${port}/${path}`
  assert.deepEqual(await ask(hook(url('204')), question), { allowed: true })
  assert.deepEqual(await ask(hook(url('403')), question), { allowed: false, text: 'no[2J thanks' })
  await assert.rejects(ask(hook(url('500')), question))
  await assert.rejects(ask(hook(url('302')), question))
  await assert.rejects(ask(hook(url('hang'), 100), question))
  assert.deepEqual(JSON.parse(bodies[0] ?? ''), question)
})

test('what the status says holds, also where the rest of the answer breaks off or never comes', async (t) => {
  const server = createServer((request, response) => {
    const [, status, ending] = request.url?.split('/') ?? []
    response.writeHead(Number(status), { 'content-length': 1000 })
    response.flushHeaders()
    if (ending === 'breaks') setImmediate(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const ask = askHooks()
  for (const ending of ['breaks', 'hangs']) {
    const asked = (status: number) =>
      ask(hook(`http://127.0.0.1:${port}/${status}/${ending}`, 1000), question)
    assert.deepEqual(await asked(200), { allowed: true })
    assert.equal((await asked(403)).allowed, false)
  }
})

test('more than are asked at once wait for their turn, as long as an answer may take', async (t) => {
  const waiting: ServerResponse[] = []
  const server = createServer((_, response) => void waiting.push(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const ask = askHooks(2)
  const url = `http://127.0.0.1:${port}/`
  const answers = Array.from({ length: 5 }, () => ask(hook(url), question))
  const late = assert.rejects(ask(hook(url, 50), question), /2 are being asked already/u)
  while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve))
  await late
  assert.equal(waiting.length, 2)
  server.on('request', (_, response: ServerResponse) => response.end())
  for (const response of waiting) response.end()
  assert.equal((await Promise.all(answers)).length, 5)
})

test('a program is asked by its status, gets names as they are, and is killed when it hangs', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-hook-'))
  t.after(() => rm(folder, { recursive: true }))
  const program = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`)
    await chmod(join(folder, name), 0o700)
    return join(folder, name)
  }
  const ask = askHooks()
  assert.deepEqual(await ask(hook(await program('yes', 'exit 0')), question), { allowed: true })
  const echo = await program('no', 'printf "%s|%s|%s|%s" "$1" "$2" "$FERRY_ADDRESS" "$3"; exit 1')
  assert.deepEqual(await ask(hook(echo), question), {
    allowed: false,
    text: "upload|anna|192.0.2.1|/a '$(id)'",
  })
  await assert.rejects(ask(hook(await program('broken', 'exit 3')), question), /ended with 3/u)
  await assert.rejects(ask(hook(await program('hangs', 'exec sleep 60'), 200), question), /no answer in 200/u)
  await assert.rejects(ask(hook(join(folder, 'none')), question))
  const leaves = await program('leaves', 'sleep 3 & echo $!; exit "$RESULT"')
  assert.deepEqual(await ask(hook(await program('starts', `RESULT=0 ${leaves}`), 1500), question), {
    allowed: true,
  })
  const left = await ask(hook(await program('refuses', `RESULT=1 ${leaves}`), 1500), question)
  assert.match(left.allowed ? '' : left.text, /^\d+$/u)
  const chatty = await program('chatty', 'echo no; head -c 1000000 /dev/zero; exit 1')
  assert.deepEqual(await ask(hook(chatty), question), { allowed: false, text: 'no' })
})
