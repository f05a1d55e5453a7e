import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { memoryAccounts } from '../accounts/memory.ts'
import type { Events, ServerEvent } from '../core/event.ts'
import { memoryNetwork } from '../net/memory.ts'
import { memoryStore } from '../stores/memory.ts'
import { FtpTalk } from '../testing/ftp-talk.ts'
import { serve } from './serve.ts'

const failing: Record<string, (event: ServerEvent) => unknown> = {
  throws: ({ kind }) => {
    throw new Error(`cannot log ${kind}`)
  },
  rejects: async ({ kind }) => Promise.reject(new Error(`cannot log ${kind}`)),
}

for (const [how, emit] of Object.entries(failing)) {
  test(`an upload whose listener ${how} is stored and said to be, and the process is warned`, async () => {
    const network = memoryNetwork()
    const home = memoryStore()
    const warnings: Error[] = []
    const heard = (warning: Error): number => warnings.push(warning)
    process.on('warning', heard)
    const events: Events = { emit }
    const server = await serve({
      accounts: memoryAccounts([{ name: 'anna', password: 'secret', home }]),
      network,
      ftp: { host: '127.0.0.1', port: 21 },
      events,
    })
    const conn = await network.connect({ host: '127.0.0.1', port: 21, timeoutMs: 1000 })
    const talk = new FtpTalk(network, conn)
    assert.match(await talk.heard(), /^220 /u)
    await talk.say('USER anna')
    assert.match(await talk.say('PASS secret'), /^230 /u)
    assert.match(await talk.say('MKD /in'), /^257 /u)
    assert.match(await talk.store('STOR /in/file', 'content'), /^226 /u)
    assert.match(await talk.say('DELE /none'), /^550 .*nothing|^550 .*no /iu)
    await talk.say('QUIT')
    await server.close()
    assert.deepEqual(server.sessions(), [])
    if (!warnings.some(({ message }) => message.includes("'closed'"))) await once(process, 'warning')
    process.off('warning', heard)
    const texts = warnings.map(({ name, message }) => `${name}: ${message}`)
    for (const kind of ['listening', 'connected', 'login', 'file', 'upload', 'refused', 'closed'])
      assert.ok(texts.includes(`FerryWarning: events.emit failed at '${kind}': cannot log ${kind}`), kind)
  })
}
