import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openssh } from './openssh.ts'
import { sshUser, userKey } from './user-key.ts'

/**
 * A program of its own: our server behind an sshd, published by itself, or left alone with `ssh -R` before it. Prints what our
 * server prints when it is ready, with the port where clients come. `node behind-ssh.ts ferry|ssh FILES FOLDER`
 */
const [way = '', files = '', folder = ''] = process.argv.slice(2)
const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
const serve = [ferry, 'serve', files, '--sftp=off', '--user=bench:bench', '--json', '--quiet']

const sshPort = await freePort()
const sshd = openssh.prepare({ files, folder, port: sshPort })
start(sshd.command, [...sshd.words, '-o', 'AllowTcpForwarding=yes', '-o', 'GatewayPorts=clientspecified'])
const home = join(folder, 'home')
mkdirSync(join(home, '.ssh'), { recursive: true })
const settings = ['Host far', 'HostName 127.0.0.1', `Port ${sshPort}`, `User ${sshUser}`]
const config = join(home, '.ssh', 'config')
const trust = [
  `IdentityFile ${userKey(folder)}`,
  'StrictHostKeyChecking accept-new',
  `UserKnownHostsFile ${home}/known`,
]
writeFileSync(config, `${[...settings, ...trust].join('\n')}\n`)
await sleep(500)

if (way === 'ferry') {
  const words = [...serve, '--ftp=0', '--publish=far', '--publish-ftp=0']
  const ours = start(process.execPath, words, { HOME: home })
  ours.stdout.once('data', (line: Buffer) => {
    const { listeners } = JSON.parse(line.toString()) as { listeners: { through?: string; port: number }[] }
    ready(listeners.find(({ through }) => through !== undefined)?.port ?? 0)
  })
} else {
  // Our server is on another address of the loopback, with the same ports: EPSV names a port alone.
  const [control, data] = [await freePort(), await freePort()]
  const ours = start(process.execPath, [
    ...serve,
    `--ftp=${control}`,
    `--passive=${data}`,
    '--host=127.0.0.2',
  ])
  start('ssh', [
    '-F',
    config,
    '-N',
    '-o',
    'ExitOnForwardFailure=yes',
    '-R',
    there(control),
    '-R',
    there(data),
    'far',
  ])
  ours.stdout.once('data', () => ready(control))
}

function there(port: number): string {
  return `127.0.0.1:${port}:127.0.0.2:${port}`
}

function ready(port: number): void {
  process.stdout.write(`${JSON.stringify({ port })}\n`)
}

function start(command: string, words: readonly string[], environment: Record<string, string> = {}) {
  return spawn(command, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}
