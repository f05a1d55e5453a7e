import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startFerry } from './ferry.ts'
import { freePort } from './free-port.ts'
import { programVersion, runProgram } from './program.ts'
import { makeFile, temporaryFolder, until } from './scene.ts'

const missing = ['tshark', 'curl'].filter(
  (name) => programVersion(name, { words: ['--version'] }) === undefined,
)
const notRoot = process.getuid?.() !== 0 && 'who captures packets must be root'
const skip = missing.length > 0 ? `this machine has no ${missing.join(', ')}` : notRoot

/** Is seen where anybody looks. */
async function knock(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
}

/** Captures what goes to and from these ports on loopback while something is done, until a line of it tells the end. */
async function captured(
  t: TestContext,
  ports: Readonly<Record<string, string>>,
  knocked: number,
  file: string,
  work: () => Promise<void>,
  last: RegExp,
): Promise<readonly string[]> {
  const filter = Object.keys(ports).map((port) => `port ${port}`)
  const decode = Object.entries(ports).flatMap(([port, as]) =>
    as === '' ? [] : ['-d', as.replace('PORT', port)],
  )
  const words = ['-i', 'lo', '-n', '-l', '-P', '-f', filter.join(' or '), '-w', file, ...decode]
  const tshark = spawn('tshark', words, { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => tshark.kill('SIGKILL'))
  let [seen, said] = ['', '']
  tshark.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text))
  tshark.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  // It says that it captures a moment before it does.
  await until('tshark captures', async () => {
    if (said.includes('Capturing on')) await knock(knocked)
    return seen !== ''
  })
  await work()
  await until('tshark has seen the end', async () => last.test(seen))
  const exit = once(tshark, 'exit')
  tshark.kill('SIGINT')
  await exit
  return decode
}

test(
  'Wireshark reads what is spoken in FTP and TFTP, and finds nothing wrong with it',
  { skip },
  async (t) => {
    const folder = await temporaryFolder(t)
    const served = join(folder, 'served')
    await mkdir(served)
    await makeFile(join(served, 'file'), 100_000)
    const passive = await freePort()
    const tftp = ['--tftp', '0', '--tftp-single-port']
    const ferry = await startFerry(served, '--host', '127.0.0.1', '--passive', `${passive}`, ...tftp)
    t.after(() => ferry.stop())
    const [, boot] = ferry.lines[0]?.listeners ?? []
    const ports = {
      [ferry.port]: 'tcp.port==PORT,ftp',
      [passive]: '',
      [boot?.port ?? 0]: 'udp.port==PORT,tftp',
    }
    const url = `ftp://u:p@127.0.0.1:${ferry.port}`
    const curl = async (...words: readonly string[]): Promise<void> => {
      const { code, printed } = await runProgram('curl', ['-sS', ...words], { folder })
      assert.equal(code, 0, printed)
    }
    const file = join(folder, 'capture.pcapng')
    const work = async (): Promise<void> => {
      await curl('-o', 'tftp', `tftp://127.0.0.1:${boot?.port}/file`)
      await curl('-T', 'tftp', `${url}/sent`)
      await curl('-o', 'list', '-X', 'MLSD', `${url}/`)
      await curl(
        '-o',
        'ftp',
        '-Q',
        '-RNFR sent',
        '-Q',
        '-RNTO moved',
        '-Q',
        '-STAT',
        '-Q',
        '-HELP',
        `${url}/file`,
      )
    }
    const decode = await captured(t, ports, ferry.port, file, work, /(?:Response: 221 .*\n[^]*){3}/u)
    const ask = async (filter: string): Promise<string> =>
      (await runProgram('tshark', ['-r', file, '-n', ...decode, '-Y', filter], { folder })).printed
    assert.equal(
      (await ask('(_ws.malformed || _ws.expert.severity == "Error") && (ftp || ftp-data || tftp)'))
        .split('\n')
        .filter((line) => /^\s*\d+ /u.test(line))
        .join('\n'),
      '',
    )
    for (const filter of [
      'ftp.response.code == 226',
      'ftp.response.code == 350',
      'ftp.request.command == "MLSD"',
      'ftp-data',
      'tftp.opcode == 6 || tftp.opcode == 3',
    ])
      assert.match(await ask(filter), /^\s*\d+ /mu, filter)
  },
)
