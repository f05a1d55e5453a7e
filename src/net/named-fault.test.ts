import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createServer } from 'node:tls'
import { tcpNetwork } from './tcp.ts'

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl'

/** The words that make a certificate that is signed by itself. */
const made = (name: string, bits: number): string =>
  `req -x509 -newkey rsa:${bits} -nodes -keyout ${name}.key -out ${name}.crt -subj /CN=ferry.example -addext subjectAltName=DNS:ferry.example`

/** What the client says of who shows these files of a folder, and trusts the other file. */
async function faultOf(folder: string, leaf: string, authority: string): Promise<string | undefined> {
  const file = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  const shown = { cert: await file(`${leaf}.crt`), key: await file(`${leaf}.key`) }
  const server = createServer({ ...shown, ciphers: 'DEFAULT@SECLEVEL=0' }, (socket) => socket.resume())
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const network = tcpNetwork()
  const conn = await network.connect({ host: '127.0.0.1', port, timeoutMs: 5000 })
  const secured = await network.secure(conn, {
    side: 'client',
    host: 'ferry.example',
    protocols: [],
    timeoutMs: 5000,
    authorities: await file(`${authority}.crt`),
  })
  secured.destroy()
  server.close()
  return secured.tls.peer?.fault
}

test(
  'what is too weak for OpenSSL is named, whose key or signature it may be',
  { skip: noOpenssl },
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'ferry-'))
    t.after(() => rm(folder, { recursive: true }))
    const openssl = (words: string): void => {
      const { status, stderr } = spawnSync('openssl', words.split(' '), { cwd: folder, encoding: 'utf8' })
      assert.equal(status, 0, stderr)
    }
    await writeFile(join(folder, 'names'), 'subjectAltName=DNS:ferry.example')
    openssl(made('short', 1024))
    openssl(made('long', 2048))
    for (const [leaf, authority, hash] of [
      ['short-above', 'short', 'sha256'],
      ['old-hash', 'long', 'sha1'],
      ['good', 'long', 'sha256'],
    ] as const) {
      openssl(
        `req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${leaf}.key -out ${leaf}.csr -subj /CN=leaf`,
      )
      openssl(
        `x509 -req -${hash} -in ${leaf}.csr -CA ${authority}.crt -CAkey ${authority}.key -CAcreateserial -extfile names -out ${leaf}.crt`,
      )
    }
    assert.equal(await faultOf(folder, 'short', 'short'), 'EE_KEY_TOO_SMALL')
    assert.equal(await faultOf(folder, 'short-above', 'short'), 'CA_KEY_TOO_SMALL')
    assert.equal(await faultOf(folder, 'old-hash', 'long'), 'CA_MD_TOO_WEAK')
    assert.equal(await faultOf(folder, 'good', 'long'), undefined)
  },
)
