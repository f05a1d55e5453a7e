import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { suite, test, type TestContext } from 'node:test'
import { pinOf } from '../../src/core/certificate.ts'
import { testCertificate } from '../../src/testing/tls-settings.ts'
import { startFerry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'
import { temporaryFolder } from './scene.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

function absent(program: string, word: string): string | false {
  return programVersion(program, { words: [word] }) === undefined && `this machine has no ${program}`
}

interface Demanding {
  readonly folder: string
  readonly port: number
  readonly pin: string
}

/** A server of OpenSSL's that ends the handshake of whoever shows no certificate, and says so by an alert. */
async function demanding(t: TestContext, version: '1.2' | '1.3'): Promise<Demanding> {
  const folder = await temporaryFolder(t)
  const { chain, key } = testCertificate('127.0.0.1')
  await writeFile(join(folder, 'both.pem'), chain + key)
  const insists = ['-Verify', '1', '-verify_return_error']
  const words = [
    's_server',
    '-accept',
    '127.0.0.1:0',
    '-cert',
    'both.pem',
    `-tls${version.replace('.', '_')}`,
  ]
  const server = spawn('openssl', [...words, ...insists], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] })
  t.after(() => server.kill())
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const [, found] = /^ACCEPT .*:(\d+)$/u.exec(line) ?? []
      if (found !== undefined) resolve(Number(found))
    })
    server.on('exit', () => reject(new Error('openssl s_server ended')))
  })
  return { folder, port, pin: pinOf(new X509Certificate(chain).fingerprint256) }
}

suite('a server that demands a certificate of ours', () => {
  for (const version of ['1.2', '1.3'] as const) {
    const skip = absent('openssl', 'version')

    test(`TLS ${version}: the client says so, and which option shows one`, { skip }, async (t) => {
      const { folder, port, pin } = await demanding(t, version)
      const words = [ferry, 'ls', `ftps://127.0.0.1:${port}/`, '--pin', pin, '--retries', '0']
      const { printed } = await runProgram(process.execPath, words, { folder })
      assert.match(
        printed,
        version === '1.3' ? /demands a certificate of ours/u : /no certificate that it takes/u,
      )
      assert.match(printed, /--cert FILE/u)
    })

    test(`TLS ${version}: the doctor finds it out`, { skip }, async (t) => {
      const { folder, port, pin } = await demanding(t, version)
      const words = [ferry, 'doctor', `ftps://127.0.0.1:${port}/`, '--pin', pin, '--json']
      const { printed, code } = await runProgram(process.execPath, words, { folder })
      const { verdicts } = JSON.parse(printed) as { readonly verdicts: readonly { readonly id: string }[] }
      assert.deepEqual(
        verdicts.filter(({ id }) => !id.startsWith('certificate-')).map(({ id }) => id),
        ['client-certificate-needed'],
      )
      assert.equal(code, 7)
    })
  }

  test('ours says it at the login: our client and the doctor name the option', async (t) => {
    const folder = await temporaryFolder(t)
    const server = await startFerry(folder, '--client-cert', 'required', '--data', join(folder, '.data'))
    t.after(() => server.stop())
    const pin = pinOf(server.lines[0]?.certificate ?? '')
    const way = [`ftpes://u:p@127.0.0.1:${server.port}/`, '--pin', pin, '--tls-version', '1.3']
    const listed = await runProgram(process.execPath, [ferry, 'ls', ...way], { folder })
    assert.match(listed.printed, /530 A certificate of your own is needed here.*--cert FILE/su)
    assert.equal(listed.code, 4)
    const told = await runProgram(process.execPath, [ferry, 'doctor', ...way], { folder })
    assert.match(told.printed, /^TROUBLE {2}The server lets in only who shows a certificate/mu)
    assert.match(told.printed, /Ferry: --cert FILE and --key FILE/u)
    assert.equal(told.code, 4)
  })

  test('ours says it at the login: curl hears it', { skip: absent('curl', '--version') }, async (t) => {
    const folder = await temporaryFolder(t)
    const server = await startFerry(folder, '--client-cert', 'required', '--data', join(folder, '.data'))
    t.after(() => server.stop())
    const words = ['-sSv', '--insecure', '--ssl-reqd', '--tlsv1.3', '--user', 'u:p']
    const heard = await runProgram('curl', [...words, `ftp://127.0.0.1:${server.port}/`], { folder })
    assert.match(heard.printed, /530 A certificate of your own is needed here/u)
    assert.equal(heard.code, 67)
  })
})
