import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ProtocolError } from '../../src/core/error.ts'
import { extensionNames, readExtended } from '../../src/sftp/wire/extension.ts'
import { readHello } from '../../src/sftp/wire/hello.ts'
import { isSignature, parsePublicKey } from '../../src/ssh/public-key.ts'
import { parseCertificate } from '../../src/ssh/certificate.ts'
import { signerOf } from '../../src/ssh/private-key.ts'
import {
  parseAnswers,
  parseAuthFailure,
  parseAuthRequest,
  parsePrompts,
} from '../../src/ssh/wire/auth-messages.ts'
import { parseOpen, parseOpenFailure, parseTerms } from '../../src/ssh/wire/channel-messages.ts'
import { formatKexInit, parseKexInit } from '../../src/ssh/wire/kex-init.ts'
import { Reader } from '../../src/ssh/wire/reader.ts'
import { parseDisconnect, parseExtInfo } from '../../src/ssh/wire/transport-messages.ts'
import { parseVersion } from '../../src/ssh/wire/version-line.ts'
import { Writer } from '../../src/ssh/wire/writer.ts'
import { freshKey } from '../../src/testing/ssh-world.ts'

/*
 * Every codec of SSH and SFTP that strangers reach, with noise, and with real messages in which bytes were changed, cut out or put in.
 * Nothing may come of it but a message or a ProtocolError. A failure prints its seed; FUZZ_RUNS goes on for longer.
 */
const runs = Number(process.env['FUZZ_RUNS'] ?? 3000)

const signer = signerOf(freshKey())
const names = ['a', 'kex-strict-c-v00@openssh.com', 'x'.repeat(64)]
const init = formatKexInit(
  {
    kex: names,
    hostKeys: names,
    ciphersToServer: names,
    ciphersToClient: names,
    macsToServer: names,
    macsToClient: names,
    compressionToServer: ['none'],
    compressionToClient: ['none'],
    guessed: false,
  },
  new Uint8Array(16),
)
const authRequest = (method: string): Writer =>
  new Writer(256).byte(50).string('anna').string('ssh-connection').string(method)
const certificate = new Writer(512)
  .string('ssh-ed25519-cert-v01@openssh.com')
  .string('nonce')
  .string(signer.blob.subarray(-32))
  .raw(new Uint8Array(8))
  .uint32(1)
  .string('name')
  .string(new Writer(32).string('anna').done())
  .raw(new Uint8Array(16).fill(255))
  .string('')
  .string('')
  .string('')
  .string(signer.blob)
  .string(new Writer(128).string('ssh-ed25519').string(new Uint8Array(64)).done())
  .done()

interface Codec {
  readonly name: string
  readonly parse: (bytes: Uint8Array) => unknown
  readonly real: Uint8Array
}

const codecs: readonly Codec[] = [
  {
    name: 'version line of a client',
    parse: (bytes) => parseVersion(bytes, false),
    real: Buffer.from('SSH-2.0-x y\r\n'),
  },
  {
    name: 'version line of a server',
    parse: (bytes) => parseVersion(bytes, true),
    real: Buffer.from('hello\r\nSSH-2.0-x\r\n'),
  },
  { name: 'KEXINIT', parse: parseKexInit, real: init },
  {
    name: 'USERAUTH_REQUEST password',
    parse: parseAuthRequest,
    real: authRequest('password').boolean(false).string('p').done(),
  },
  {
    name: 'USERAUTH_REQUEST publickey',
    parse: parseAuthRequest,
    real: authRequest('publickey')
      .boolean(true)
      .string('ssh-ed25519')
      .string(signer.blob)
      .string('sig')
      .done(),
  },
  {
    name: 'USERAUTH_FAILURE',
    parse: parseAuthFailure,
    real: new Writer(64).byte(51).names(names).boolean(true).done(),
  },
  {
    name: 'USERAUTH_INFO_REQUEST',
    parse: parsePrompts,
    real: new Writer(64)
      .byte(60)
      .string('')
      .string('')
      .string('')
      .uint32(1)
      .string('P: ')
      .boolean(false)
      .done(),
  },
  {
    name: 'USERAUTH_INFO_RESPONSE',
    parse: parseAnswers,
    real: new Writer(64).byte(61).uint32(1).string('x').done(),
  },
  {
    name: 'DISCONNECT',
    parse: parseDisconnect,
    real: new Writer(64).byte(1).uint32(2).string('why').string('').done(),
  },
  {
    name: 'EXT_INFO',
    parse: parseExtInfo,
    real: new Writer(64).byte(7).uint32(1).string('server-sig-algs').string('x').done(),
  },
  {
    name: 'CHANNEL_OPEN',
    parse: parseOpen,
    real: new Writer(64).byte(90).string('session').uint32(0).uint32(1).uint32(2).done(),
  },
  {
    name: 'CHANNEL_OPEN_CONFIRMATION',
    parse: (bytes) => parseTerms(new Reader(bytes)),
    real: new Uint8Array(12),
  },
  {
    name: 'CHANNEL_OPEN_FAILURE',
    parse: (bytes) => parseOpenFailure(new Reader(bytes)),
    real: new Writer(64).uint32(1).string('no').string('').done(),
  },
  { name: 'a public key', parse: parsePublicKey, real: signer.blob },
  { name: 'a certificate', parse: parseCertificate, real: certificate },
  {
    name: 'a signature',
    parse: (bytes) => isSignature(parsePublicKey(signer.blob), 'ssh-ed25519', new Uint8Array(1), bytes),
    real: new Writer(128).string('ssh-ed25519').string(new Uint8Array(64)).done(),
  },
  {
    name: 'SSH_FXP_INIT',
    parse: (bytes) => readHello(bytes, 'client'),
    real: new Writer(64).byte(1).uint32(3).string('name').string('1').done(),
  },
  ...extensionNames.map((name) => ({
    name: `the extension ${name}`,
    parse: (bytes: Uint8Array) => readExtended(name, bytes),
    real: new Writer(64).string('/a').string('/b').raw(new Uint8Array(24)).done(),
  })),
]

/** A change of a message: at a place, so many bytes are taken out and others put in. */
const changes = fc.array(fc.tuple(fc.nat(600), fc.nat(6), fc.uint8Array({ maxLength: 6 })), {
  minLength: 1,
  maxLength: 4,
})

function changed(real: Uint8Array, all: readonly (readonly [number, number, Uint8Array])[]): Uint8Array {
  let bytes = Uint8Array.from(real)
  for (const [place, out, into] of all) {
    const at = place % (bytes.length + 1)
    bytes = Uint8Array.from([...bytes.subarray(0, at), ...into, ...bytes.subarray(at + out)])
  }
  return bytes
}

for (const [index, { name, parse, real }] of codecs.entries()) {
  test(`fuzz: ${name}`, () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      changes.map((all) => changed(real, all)),
    )
    fc.assert(
      fc.property(bytes, (one) => {
        try {
          parse(one)
        } catch (thrown) {
          assert.ok(thrown instanceof ProtocolError, String(thrown))
        }
      }),
      { seed: 5000 + index, numRuns: runs },
    )
  })
}
