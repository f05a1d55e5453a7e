import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { freePort } from './free-port.ts'
import type { Ended } from './program.ts'
import { makeFile, sha256 } from './scene.ts'
import { FarFerry, PublishedPlace } from './ssh/published-place.ts'
import { noSshd, SshdPlace } from './ssh/sshd-place.ts'

/** So much that windows, buffers and a few thousand packets are gone through. */
const big = 64 * 1024 * 1024

const open = ['GatewayPorts=clientspecified']

function good(ended: Ended): Ended {
  assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}`)
  return ended
}

async function same(one: string, other: string): Promise<void> {
  assert.equal(await sha256(one), await sha256(other), `${one} and ${other}`)
}

test(
  'published through sshd: curl by EPSV, PASV and PORT, in clear and under TLS',
  { skip: noSshd },
  async () => {
    await using sshd = await SshdPlace.open(...open)
    await using place = await PublishedPlace.open(sshd)
    await makeFile(place.client('up'), 3_000_000)
    const url = `ftp://127.0.0.1:${place.port('ftp')}/`
    const ways = [[], ['--disable-epsv'], ['-P', '127.0.0.1'], ['-P', '127.0.0.1', '--disable-eprt']]
    for (const [index, way] of ways.entries()) {
      // curl 7.88 loses its own address where it takes TLS in active mode; lftp does it below.
      const active = way[0] === '-P'
      for (const tls of active ? [[]] : [[], ['--ssl-reqd', '--insecure']]) {
        const name = `${index}${tls.length}`
        const words = ['--silent', '--show-error', '--user', 'u:p', ...way, ...tls]
        good(await place.run('curl', ...words, '--upload-file', 'up', `${url}${name}`))
        await same(place.client('up'), place.served(name))
        good(await place.run('curl', ...words, '--output', 'down', `${url}${name}`))
        await same(place.client('down'), place.served(name))
      }
    }
  },
)

test(
  'published through sshd: what HTTP tells here is told there, where that is said',
  { skip: noSshd },
  async () => {
    await using sshd = await SshdPlace.open(...open)
    const port = await freePort()
    const folder = await mkdtemp(join(tmpdir(), 'ferry-published-http-'))
    await writeFile(join(folder, 'ferry.yaml'), 'http: { port: 0 }\n')
    const words = ['--config', join(folder, 'ferry.yaml'), '--publish-http', String(port)]
    await using place = await PublishedPlace.open(sshd, ...words)
    const told = good(await place.run('curl', '--silent', '--show-error', `http://127.0.0.1:${port}/health`))
    assert.equal(told.printed.trim(), 'ok')
    await rm(folder, { recursive: true })
  },
)

test('published through sshd: lftp and sftp move 64 MiB both ways', { skip: noSshd }, async () => {
  await using sshd = await SshdPlace.open(...open)
  await using place = await PublishedPlace.open(sshd, '--sftp', '0')
  await makeFile(place.client('up'), big)
  for (const [tls, passive] of [
    ['no', 'yes'],
    ['yes', 'yes'],
    ['yes', 'no'],
  ]) {
    const name = `${tls}-${passive}`
    const settings = `set ftp:passive-mode ${passive}; set net:max-retries 1; set net:timeout 20; set ssl:verify-certificate no; set ftp:ssl-force ${tls}; set ftp:ssl-allow ${tls}; set ftp:ssl-protect-data ${tls}`
    const to = `open -u u,p -p ${place.port('ftp')} 127.0.0.1`
    good(await place.run('lftp', '-c', `${settings}; ${to}; put up -o ${name}; get ${name} -o ${name}`))
    await same(place.client('up'), place.served(name))
    await same(place.client('up'), place.client(name))
  }
  const url = `sftp://u:p@127.0.0.1:${place.port('sftp')}/`
  good(await place.ours('put', '-q', place.client('up'), `${url}sftp`))
  await same(place.client('up'), place.served('sftp'))
  good(await place.ours('get', '-q', `${url}sftp`, '-o', place.client('down')))
  await same(place.client('up'), place.client('down'))
})

test(
  'published through sshd: a link that is cut is mended, on the same ports',
  { skip: noSshd },
  async () => {
    await using sshd = await SshdPlace.open(...open)
    await using place = await PublishedPlace.open(sshd)
    await makeFile(place.served('file'), 300_000)
    const url = `ftp://u:p@127.0.0.1:${place.port('ftp')}/file`
    good(await place.run('curl', '--silent', '--output', 'before', url))
    const since = place.ferry.lines.length
    sshd.cut()
    await place.ferry.until('the loss', ({ event, up }) => event === 'published' && up === false, since)
    await place.ferry.until('the mending', ({ event, up }) => event === 'published' && up === true, since)
    good(await place.run('curl', '--silent', '--retry', '5', '--retry-connrefused', '--output', 'after', url))
    await same(place.client('after'), place.served('file'))
  },
)

test('published through an sshd without GatewayPorts: the log says so', { skip: noSshd }, async () => {
  await using sshd = await SshdPlace.open()
  await using place = await PublishedPlace.open(sshd, '--public-address', '127.0.0.2')
  const warning = await place.ferry.until('the warning', ({ event }) => event === 'warning')
  assert.match(warning.text ?? '', /loopback alone.*GatewayPorts clientspecified/u)
})

/** Any that is free. */
const anyPort = '[20000-65535]'

test('published through another Ferry: curl passive and active, in clear and under TLS', async () => {
  await using far = await FarFerry.open(anyPort)
  await using place = await PublishedPlace.open(far)
  await makeFile(place.client('up'), 3_000_000)
  const url = `ftp://127.0.0.1:${place.port('ftp')}/`
  const ways = [[], ['--disable-epsv'], ['-P', '127.0.0.1'], ['--ssl-reqd', '--insecure']]
  for (const [index, way] of ways.entries()) {
    const words = ['--silent', '--show-error', '--user', 'u:p', ...way]
    good(await place.run('curl', ...words, '--upload-file', 'up', `${url}${index}`))
    await same(place.client('up'), place.served(`${index}`))
    good(await place.run('curl', ...words, '--output', 'down', `${url}${index}`))
    await same(place.client('down'), place.served(`${index}`))
  }
})

test('published through another Ferry: an upload that is cut in clear is no file', async () => {
  await using far = await FarFerry.open(anyPort)
  await using place = await PublishedPlace.open(far)
  const control = connect(place.port('ftp'), '127.0.0.1')
  const replies = createInterface({ input: control })[Symbol.asyncIterator]()
  const say = async (line: string): Promise<string> => {
    if (line !== '') control.write(`${line}\r\n`)
    return String((await replies.next()).value)
  }
  for (const line of ['', 'USER u', 'PASS p', 'TYPE I']) await say(line)
  const [, port] = /\|\|\|(\d+)\|/u.exec(await say('EPSV')) ?? []
  const data = connect(Number(port), '127.0.0.1')
  assert.match(await say('STOR half'), /^150/u)
  await new Promise((resolve) => data.write(Buffer.alloc(100_000), resolve))
  data.resetAndDestroy()
  assert.match(await say(''), /^426/u)
  control.destroy()
  assert.ok(!existsSync(place.served('half')))
})
