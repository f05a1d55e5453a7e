import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { test } from 'node:test'
import { selfSigned } from '../../src/server/self-signed.ts'
import { Ferry, startFerry } from './ferry.ts'
import { programVersion, runProgram, StartedProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
const missing = [
  ['curl', '--version'],
  ['openssl', 'version'],
].flatMap(([name = '', word = '']) => (programVersion(name, { words: [word] }) === undefined ? [name] : []))
const skip = missing.length > 0 && `this machine has no ${missing.join(', ')}`

/** An authority, certificates that it has signed for two clients, and one of them revoked. */
function authority(folder: string): void {
  const script = `
    set -e
    printf '[ca]\\ndefault_ca=own\\n[own]\\ndatabase=index\\nserial=serial\\nnew_certs_dir=.\\ncertificate=ca.crt\\nprivate_key=ca.key\\ndefault_md=sha256\\ndefault_days=30\\ndefault_crl_days=30\\npolicy=any\\n[any]\\ncommonName=supplied\\n' > conf
    touch index; echo 01 > serial
    key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    openssl req -x509 $key -keyout ca.key -out ca.crt -subj /CN=authority -days 30
    for name in anna bert; do
      openssl req $key -keyout $name.key -out $name.csr -subj /CN=$name
      openssl ca -batch -notext -config conf -in $name.csr -out $name.crt
    done
    openssl req -x509 $key -keyout stranger.key -out stranger.crt -subj /CN=anna -days 30
    openssl ca -config conf -revoke bert.crt
    openssl ca -config conf -gencrl -out crl`
  const made = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' })
  assert.equal(made.status, 0, made.stderr)
}

test(
  'client certificates from the command line: mapped to an account, signed by an authority, revoked',
  { skip },
  async (t) => {
    const folder = await temporaryFolder(t)
    authority(folder)
    await mkdir(join(folder, 'served'))
    await writeFile(join(folder, 'served', 'file'), 'for who has a certificate')
    const at = ['--data', join(folder, '.data')]
    for (const name of ['anna', 'bert']) {
      const added = [
        ['user', 'add', name, ...at, '--generate', `home=${join(folder, 'served')}`],
        ['user', 'key', name, ...at, 'add', join(folder, `${name}.crt`)],
      ]
      for (const words of added) {
        const { code, printed } = await runProgram(process.execPath, [ferry, ...words], { folder })
        assert.equal(code, 0, printed)
      }
    }
    const config = join(folder, 'ferry.yaml')
    await writeFile(
      config,
      `folder: ${folder}/served\ndata: ${folder}/.data\nftp: 0\nsftp: off\ntls: required\nclientCert: required\n` +
        `clientCa: ${folder}/ca.crt\nclientCrl: ${folder}/crl\njson: true\n`,
    )
    const server = new Ferry(['--config', config, '--host', '127.0.0.1'])
    await server.until('the ready line', ({ ready }) => ready === true)
    t.after(() => server.stop())
    const get = (user: string, name: string | undefined) => {
      const shown =
        name === undefined
          ? []
          : ['--cert', join(folder, `${name}.crt`), '--key', join(folder, `${name}.key`)]
      const words = ['-sS', '--insecure', '--ssl-reqd', '--user', `${user}:`, ...shown]
      return runProgram('curl', [...words, `ftp://127.0.0.1:${server.port}/file`], { folder })
    }
    assert.equal((await get('anna', 'anna')).printed, 'for who has a certificate')
    // Another's, one that nobody signed, one that is revoked, and none.
    for (const [user, name] of [
      ['bert', 'anna'],
      ['anna', 'stranger'],
      ['bert', 'bert'],
      ['anna', undefined],
    ] as const) {
      const { code, printed } = await get(user, name)
      assert.notEqual(code, 0, `${user} with ${name}: ${printed}`)
    }
    const status = await runProgram(process.execPath, [ferry, 'status', ...at], { folder })
    assert.match(status.printed, /certificate of CN=.*: until \d{4}-\d\d-\d\d, \d+ d/u)
  },
)

/** How much is transferred meanwhile: `FERRY_RENEW_BYTES=1073741824` makes it the gigabyte of who means it. */
const renewedUnder = Number(process.env['FERRY_RENEW_BYTES'] ?? 48_000_000)

test(
  'a certificate that is replaced while a transfer runs: the transfer ends well, and the next handshake shows the new one',
  { skip },
  async (t) => {
    const folder = await temporaryFolder(t)
    await mkdir(join(folder, 'served'))
    await makeFile(join(folder, 'served', 'large'), renewedUnder)
    await makeFile(join(folder, 'up'), renewedUnder / 2)
    const renew = async (): Promise<void> => {
      const { chain, key } = selfSigned({
        names: ['localhost'],
        from: new Date('2020-01-01'),
        until: new Date('2049-01-01'),
      })
      // One file with both, put in place at once, as certbot's hooks do.
      await writeFile(join(folder, 'next'), chain + key)
      await rename(join(folder, 'next'), join(folder, 'both'))
    }
    await renew()
    const words = [
      '--host',
      '127.0.0.1',
      '--ftps',
      '0',
      '--cert',
      join(folder, 'both'),
      '--data',
      join(folder, '.data'),
    ]
    const server = await startFerry(join(folder, 'served'), ...words)
    t.after(() => server.stop())
    const old = await fingerprintAt(server)
    assert.equal(old, server.lines[0]?.certificate)
    const url = `ftp://127.0.0.1:${server.port}`
    // Slow enough that the certificate comes while they run, and quick enough to end.
    const rate = Math.max(20_000_000, Math.trunc(renewedUnder / 25))
    const common = ['-sS', '--insecure', '--ssl-reqd', '--user', 'u:p', '--limit-rate', `${rate}`]
    const down = new StartedProgram('curl', [...common, '-o', 'got', `${url}/large`], { folder })
    const up = new StartedProgram('curl', [...common, '-T', 'up', `${url}/sent`], { folder })
    t.after(() => [down, up].forEach((one) => one.kill()))
    await server.until(
      'both are logged in',
      () => server.lines.filter(({ event }) => event === 'login').length === 2,
    )
    await renew()
    server.signal('SIGHUP')
    await server.until(
      'the certificate is taken',
      ({ event, text }) => event === 'warning' && /new certificate/u.test(text ?? ''),
    )
    const moved = server.lines.some(({ event }) => event === 'download' || event === 'upload')
    assert.equal(moved, false, 'the transfers were over before the certificate came')
    assert.notEqual(await fingerprintAt(server), old)
    for (const program of [down, up]) {
      const { code, printed } = await program.ended
      assert.equal(code, 0, printed)
    }
    assert.equal(await sha256(join(folder, 'got')), await sha256(join(folder, 'served', 'large')))
    assert.equal(await sha256(join(folder, 'served', 'sent')), await sha256(join(folder, 'up')))
    // Whoever renews by a script hears that what he brought is not shown.
    const shown = await fingerprintAt(server)
    await writeFile(join(folder, 'both'), 'no certificate')
    const reload = [ferry, 'config', 'reload', '--data', join(folder, '.data')]
    const refused = await runProgram(process.execPath, reload, { folder })
    assert.equal(refused.code, 2)
    assert.match(refused.printed, /^the new certificate is not taken, the old one stays: .*both holds no/u)
    assert.equal(await fingerprintAt(server), shown)
    await renew()
    const taken = await runProgram(process.execPath, reload, { folder })
    assert.equal(taken.code, 0, taken.printed)
    assert.notEqual(await fingerprintAt(server), shown)
  },
)

/** What the port of implicit FTPS shows. */
async function fingerprintAt(server: Ferry): Promise<string> {
  const port = server.lines[0]?.listeners?.find(({ protocol }) => protocol === 'ftps')?.port ?? 0
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['ftp'] })
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}
