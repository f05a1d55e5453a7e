import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../../core/path.ts'
import { decodeText } from '../../../core/text.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { say } from '../../../testing/misbehaving/script.ts'

const name = decodeText(Uint8Array.of(0xef, 0xff, 0xf2))

/** What a server that greets so hears of the removal of a file with the byte 255 in its name. */
async function heardBy(greeting: string): Promise<string | undefined> {
  return atMisbehaving({ greeting: [say(greeting)] }, async (remote, { heard }) => {
    await remote.remove(parsePath(`/${name}`)).catch(() => undefined)
    return heard.find((line) => line.startsWith('DELE'))
  })
}

test('RFC 854: a byte 255 is doubled', async () => {
  const doubled = decodeText(Uint8Array.of(0xef, 0xff, 0xff, 0xf2))
  assert.equal(await heardBy('220 ProFTPD Server ready'), `DELE /${doubled}`)
})

test('servers that would take it for two letters get one', async () => {
  const greetings = ['220 (vsFTPd 3.0.3)', '220---------- Welcome to Pure-FTPd ----------\r\n220 Go']
  for (const greeting of greetings) assert.equal(await heardBy(greeting), `DELE /${name}`)
})
