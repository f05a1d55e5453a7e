import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
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
})
