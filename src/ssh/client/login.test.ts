import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { LoginError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { freshKey } from '../../testing/ssh-world.ts'
import { usualAlgorithms } from '../offer.ts'
import { signerOf } from '../private-key.ts'
import { Transport, type Layer } from '../transport.ts'
import { formatAuthFailure, parseAuthRequest } from '../wire/auth-messages.ts'
import { message } from '../wire/message.ts'
import { Writer } from '../wire/writer.ts'
import { connectSsh } from './connect.ts'

const hostKeys = new Map([['ssh-ed25519', signerOf(freshKey())]])

/** A server at which each password is the right one, and too old. */
class Strict implements Layer {
  readonly over: Promise<Error>
  readonly #transport: Transport

  constructor(conn: Conn) {
    this.#transport = new Transport({
      conn,
      clock: systemClock,
      version: 'SSH-2.0-Strict_1',
      side: { role: 'server', hostKeys },
      hostKeyAlgorithms: [...hostKeys.keys()],
      algorithms: usualAlgorithms,
      layer: this,
    })
    this.over = this.#transport.run()
  }

  secured(): void {
    this.#transport.state = 'service'
  }

  take(number: number, payload: Uint8Array): void {
    if (number === message.serviceRequest) {
      this.#transport.state = 'login'
      this.#transport.send(new Writer().byte(message.serviceAccept).string('ssh-userauth').done())
    } else if (parseAuthRequest(payload).way.kind === 'password') {
      const text = 'Your password is 91 days old.\u0007'
      this.#transport.send(new Writer().byte(message.authMore).string(text).string('en').done())
    } else this.#transport.send(formatAuthFailure(['password'], false))
  }

  room(): void {
    // It has nothing to say that would wait.
  }
}

async function* noKeys(): AsyncGenerator<never> {
  // There are none.
}

test('RFC 4252 PASSWD_CHANGEREQ: a password that has expired is told as that, with the words of the server', async () => {
  const network = memoryNetwork()
  const visits: Promise<Error>[] = []
  const at = { host: 'far', port: 22 }
  const port = await network.listen(at, (conn) => {
    visits.push(new Strict(conn).over)
  })
  const trying = connectSsh({
    conn: await network.connect({ ...at, timeoutMs: 1000 }),
    clock: systemClock,
    ...at,
    user: 'anna',
    password: 'old',
    trust: { known: async () => [], check: async () => undefined },
    keys: noKeys(),
    ask: { secret: async () => undefined, trust: async () => 'no' },
  })
  await assert.rejects(trying, (thrown) => {
    assert.ok(thrown instanceof LoginError)
    assert.match(thrown.message, /the password of anna has expired/u)
    assert.equal(thrown.facts.reply?.includes('Your password is 91 days old.'), true)
    assert.equal(thrown.facts.reply.includes('\u0007'), false)
    return true
  })
  await Promise.all(visits)
  await port.close()
})
