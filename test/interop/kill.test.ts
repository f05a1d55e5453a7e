import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { FtpTalk } from '../../src/testing/ftp-talk.ts'
import { startFerry, type Ferry } from './ferry.ts'
import { bytesIn, temporaryFolder, until } from './scene.ts'

const mebi = 1024 * 1024

test('kill -9 in an upload: the old file is whole, no list shows the half, and REST goes on', async (t) => {
  const folder = await temporaryFolder(t)
  const old = randomBytes(mebi)
  const fresh = randomBytes(8 * mebi)
  await writeFile(join(folder, 'report.bin'), old)
  await killInUpload(t, folder, 'report.bin', fresh)
  assert.ok(old.equals(await readFile(join(folder, 'report.bin'))), 'the old file is not what it was')

  const { talk } = await serveAgain(t, folder)
  assert.match((await talk.fetch('LIST')).data.toString(), /^\S+ +1 \S+ +\S+ +1048576 .* report\.bin\r\n$/u)
  assert.equal((await talk.fetch('NLST')).data.toString(), 'report.bin\r\n')
  assert.match((await talk.fetch('MLSD')).data.toString(), /^\S*Size=1048576;\S* report\.bin\r\n$/u)
  assert.ok(old.equals((await talk.fetch('RETR report.bin')).data))

  // Either size would mislead here, so SIZE tells both in words.
  const [, goOnAt = ''] = /REST (\d+)/u.exec(await talk.say('SIZE report.bin')) ?? []
  assert.ok(Number(goOnAt) >= mebi, `nothing is there to go on with: "${goOnAt}"`)
  assert.match(await talk.say(`REST ${goOnAt}`), /^350 /u)
  assert.match(await talk.store('STOR report.bin', fresh.subarray(Number(goOnAt))), /^226 /u)
  assert.ok(fresh.equals(await readFile(join(folder, 'report.bin'))), 'the halves do not make the whole')
  assert.deepEqual(await readdir(folder), ['report.bin'])
})

test('kill -9 in an upload of a new file: nothing is listed, SIZE tells how far it came, and APPE goes on', async (t) => {
  const folder = await temporaryFolder(t)
  const fresh = randomBytes(8 * mebi)
  await killInUpload(t, folder, 'new.bin', fresh)

  const { talk } = await serveAgain(t, folder)
  for (const verb of ['LIST', 'NLST', 'MLSD']) assert.equal((await talk.fetch(verb)).data.toString(), '')
  assert.match((await talk.fetch('RETR new.bin')).answer, /^550 /u)
  const [code, size] = (await talk.say('SIZE new.bin')).split(' ')
  assert.equal(code, '213')
  assert.match(await talk.store('APPE new.bin', fresh.subarray(Number(size))), /^226 /u)
  assert.ok(fresh.equals(await readFile(join(folder, 'new.bin'))), 'the halves do not make the whole')
  assert.deepEqual(await readdir(folder), ['new.bin'])
})

test('SIGTERM in a download: nobody is let in any more, the file ends whole, and then the server with 0', async (t) => {
  const { ferry, content, talk } = await serveBig(t)
  const data = await talk.passive()
  assert.match(await talk.say('RETR big.bin'), /^150 /u)
  ferry.signal('SIGTERM')
  await until('nobody is let in', () => refused(ferry))
  const pieces: Uint8Array[] = []
  for (let read = await data.read(); read !== undefined; read = await data.read()) {
    for (const piece of read) pieces.push(Buffer.from(piece))
  }
  data.destroy()
  assert.ok(content.equals(Buffer.concat(pieces)), 'the download is not whole')
  assert.match(await talk.heard(), /^226 /u)
  assert.match(await talk.heard(), /^421 /u)
  assert.deepEqual(await ferry.ended, { code: 0, signal: null, stderr: '' })
})

test('a second SIGTERM half a second later ends the server now, and the cut download is told of', async (t) => {
  const { ferry, talk } = await serveBig(t, '--grace', '600')
  await talk.passive()
  assert.match(await talk.say('RETR big.bin'), /^150 /u)
  ferry.signal('SIGTERM')
  await until('nobody is let in', () => refused(ferry))
  // What comes sooner counts as the same signal: a terminal sends it to every process there is.
  const since = performance.now()
  await until('a new signal counts', async () => performance.now() - since > 600)
  ferry.signal('SIGTERM')
  assert.deepEqual(await ferry.ended, { code: 0, signal: null, stderr: '' })
  const told = ferry.lines.find(({ event }) => event === 'download')
  assert.equal(told?.outcome, 'incomplete')
})

test('two signals at once are one: the download still ends whole', async (t) => {
  const { ferry, content, talk } = await serveBig(t)
  const data = await talk.passive()
  assert.match(await talk.say('RETR big.bin'), /^150 /u)
  ferry.signal('SIGINT')
  ferry.signal('SIGTERM')
  await until('nobody is let in', () => refused(ferry))
  let bytes = 0
  for (let read = await data.read(); read !== undefined; read = await data.read()) {
    for (const piece of read) bytes += piece.length
  }
  data.destroy()
  assert.equal(bytes, content.length)
  assert.match(await talk.heard(), /^226 /u)
  assert.equal((await ferry.ended).code, 0)
})

/** Sends half a file and kills the server once some of it is on the disk. */
async function killInUpload(t: TestContext, folder: string, name: string, whole: Buffer): Promise<void> {
  const { ferry, talk } = await serveAgain(t, folder)
  const before = await bytesIn(folder)
  const data = await talk.passive()
  assert.match(await talk.say(`STOR ${name}`), /^150 /u)
  await data.write(whole.subarray(0, whole.length / 2))
  await until('half is on the disk', async () => (await bytesIn(folder)) >= before + mebi)
  ferry.signal('SIGKILL')
  assert.equal((await ferry.ended).signal, 'SIGKILL')
  data.destroy()
}

async function serveBig(t: TestContext, ...words: string[]) {
  const folder = await temporaryFolder(t)
  // More than all the buffers between a server and a client that does not read.
  const content = randomBytes(64 * mebi)
  await writeFile(join(folder, 'big.bin'), content)
  return { content, ...(await serveAgain(t, folder, ...words)) }
}

/** A server on a folder, and a client that is logged in. */
async function serveAgain(t: TestContext, folder: string, ...words: string[]) {
  const ferry = await startFerry(folder, '--host', '127.0.0.1', '--quiet', ...words)
  t.after(() => ferry.signal('SIGKILL'))
  const network = tcpNetwork()
  const talk = new FtpTalk(
    network,
    await network.connect({ host: ferry.address, port: ferry.port, timeoutMs: 5000 }),
  )
  t.after(() => talk.conn.destroy())
  assert.match(await talk.heard(), /^220 /u)
  await talk.say('USER u')
  assert.match(await talk.say('PASS p'), /^230 /u)
  return { ferry, talk }
}

async function refused(ferry: Ferry): Promise<boolean> {
  try {
    const conn = await tcpNetwork().connect({ host: ferry.address, port: ferry.port, timeoutMs: 5000 })
    conn.destroy()
    return false
  } catch {
    return true
  }
}
