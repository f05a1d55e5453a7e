import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from '../../core/error.ts'
import { freshKey } from '../../testing/ssh-world.ts'
import { usualAlgorithms } from '../offer.ts'
import { signerOf } from '../private-key.ts'
import { message } from '../wire/message.ts'
import type { KexInit } from '../wire/kex-init.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { negotiate } from './negotiate.ts'
import { serverHalf } from './server-half.ts'

const none = new Uint8Array(0)

/** How many bits the group has that a server offers to who asks for these sizes. */
async function offered(least: number, wanted: number, most: number): Promise<number> {
  const init: KexInit = {
    kex: ['diffie-hellman-group-exchange-sha256'],
    hostKeys: ['ssh-ed25519'],
    ciphersToServer: usualAlgorithms.ciphers,
    ciphersToClient: usualAlgorithms.ciphers,
    macsToServer: usualAlgorithms.macs,
    macsToClient: usualAlgorithms.macs,
    compressionToServer: ['none'],
    compressionToClient: ['none'],
    guessed: false,
  }
  const agreed = negotiate(init, init, init)
  const preface = { agreed, clientVersion: 'c', serverVersion: 's', clientInit: none, serverInit: none }
  const half = serverHalf(preface, new Map([['ssh-ed25519', signerOf(freshKey())]]))
  const asked = new Writer(16).byte(message.groupRequest).uint32(least).uint32(wanted).uint32(most).done()
  const { send } = await half.take(asked)
  const reader = new Reader(send[0] ?? none)
  assert.equal(reader.byte(), message.kexReply)
  return reader.mpint().length * 8
}

test('RFC 4419 KEX_DH_GEX_REQUEST: the smallest group that is as large as wanted, or the largest that is taken', async () => {
  for (const [least, wanted, most, bits] of [
    [2048, 2048, 2048, 2048],
    [1024, 2048, 8192, 2048],
    [2048, 2049, 8192, 3072],
    [2048, 3072, 8192, 3072],
    [2048, 8192, 8192, 8192],
    [2048, 7000, 7999, 6144],
    [3072, 3072, 3072, 3072],
    [4096, 4096, 8192, 4096],
    [2049, 2049, 3072, 3072],
    [1024, 16_384, 16_384, 8192],
  ] as const)
    assert.equal(await offered(least, wanted, most), bits, `${least} ${wanted} ${most}`)
  for (const [least, wanted, most] of [
    [3072, 2048, 8192],
    [2048, 4096, 3072],
    [1024, 1024, 2047],
    [2049, 2500, 3071],
    [8193, 9000, 9000],
  ] as const)
    await assert.rejects(offered(least, wanted, most), ProtocolError, `${least} ${wanted} ${most}`)
})
