import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { runProgram } from './program.ts'
import { temporaryFolder } from './scene.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

test('what ferry serve cannot open ends it with 2 and one line that names it', async (t) => {
  const folder = await temporaryFolder(t)
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  t.after(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const long = join(folder, 'x'.repeat(120))
  await mkdir(join(folder, 'files'))
  await writeFile(join(folder, 'http.yaml'), `http: {port: ${port}}\n`)
  await writeFile(join(folder, 'xferlog.yaml'), 'log: {xferlog: none/xferlog}\n')
  await writeFile(join(folder, 'text'), 'no certificate\n')
  for (const name of ['old', 'worn', 'odd/ftps-certificate.pem'])
    await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, 'old', 'ssh_host_ed25519_key.pem'), '')
  await writeFile(join(folder, 'worn', 'ftps-certificate.pem'), 'half of it')
  const cases: readonly [readonly string[], RegExp][] = [
    [['--ftp', `${port}`, '--host', '127.0.0.1'], /port \d+ is taken by another program/u],
    [
      ['--config', 'http.yaml'],
      /HTTP cannot listen at port \d+ of 127\.0\.0\.1: the port is taken \(http\.port\)/u,
    ],
    [
      ['--config', 'xferlog.yaml'],
      /the xferlog .* cannot be opened: no such file or directory \(log\.xferlog\)/u,
    ],
    [['--data', long], /the control socket .* cannot be opened: .*shorter/u],
    [['--data', 'text'], /the data folder text cannot be used: the name is taken/u],
    [
      ['--data', 'old', '--sftp', '0'],
      /the host key old\/ssh_host_ed25519_key\.pem is damaged\. Put it back from a backup/u,
    ],
    [['--data', 'worn'], /the certificate worn\/ftps-certificate\.pem is damaged\. Put it back/u],
    [['--data', 'odd'], /the certificate odd\/ftps-certificate\.pem cannot be read or made: a directory\./u],
    [['--data', 'files'], /files cannot be shared: the server keeps its own things there/u],
    [['--cert', 'none.pem'], /none\.pem cannot be read: no such file or directory$/mu],
    [['--client-ca', 'none'], /none cannot be read: no such file or directory$/mu],
    [['--cert', 'text'], /text holds no certificate in PEM/u],
    [['--sftp', '0', '--host-key', 'none'], /none cannot be read: no such file or directory\.$/mu],
    [['--tftp', '0', '--tftp-remap', 'none'], /none cannot be used: no such file or directory\.$/mu],
    [['--user', 'u:other'], /--user names u twice/u],
    [['--config', 'none.yaml'], /none\.yaml cannot be read: no such file or directory$/mu],
  ]
  for (const [words, why] of cases) {
    const all = [bin, 'serve', 'files', '--ftp', '0', '--sftp', 'off', '--user', 'u:p', ...words]
    const { code, printed } = await runProgram(process.execPath, all, { folder })
    assert.equal(code, 2, `${words.join(' ')}\n${printed}`)
    assert.match(printed, why, words.join(' '))
    assert.match(printed, /^ferry: [^\n]*\n$/u, words.join(' '))
  }
})

/** What breaks before anything listens, with an error that we translate nowhere. */
const breaking =
  'data:text/javascript,import net from "node:net";net.Server.prototype.listen=()=>{throw new TypeError("broken")}'

test('a mistake of ours at the start ends the server as one that failed, and is told', async (t) => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'ferry.yaml'), 'data: data\nftp: 0\nsftp: off\n')
  const words = ['--import', breaking, bin, 'serve', '--config', 'ferry.yaml']
  const { code, printed } = await runProgram(process.execPath, words, { folder })
  assert.equal(code, 1, printed)
  assert.match(printed, /this is a mistake in ferry/u)
})
