import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { project } from './source-files.ts'
import { terminalPicture, type Shown } from './terminal-picture.ts'

/** Draws docs/ferry.svg: the server and a client as they really ran, a moment ago on this machine. */
const folder = join(mkdtempSync(join(tmpdir(), 'ferry-picture-')), 'files')
mkdirSync(folder)
writeFileSync(join(folder, 'report.pdf'), Buffer.alloc(1_234_567))

const words = ['serve', './files', '--sftp', 'off', '--host', '127.0.0.1', '--user', 'anna:secret']
const server = spawn(process.execPath, [join(project, 'bin', 'ferry.js'), ...words], {
  cwd: join(folder, '..'),
})
const shown: Shown[] = [{ kind: 'typed', text: `npx ferry ${words.join(' ')}` }]
const ready = Promise.withResolvers<void>()
server.on('exit', () => ready.reject(new Error(`the server ended: ${JSON.stringify(shown.at(-1))}`)))
for (const stream of [server.stdout, server.stderr]) {
  createInterface({ input: stream }).on('line', (line) => {
    shown.push({ kind: 'printed', text: line.replaceAll(join(folder, '..'), '~') })
    if (line.startsWith('Passwords')) ready.resolve()
  })
}
await ready.promise

const url = 'ftp://127.0.0.1:2121/'
const stored = join(folder, '..', 'holiday.jpg')
writeFileSync(stored, Buffer.alloc(5_000_000))
curl('-T', stored, url)
curl('-o', '/dev/null', `${url}report.pdf`)
curl('-Q', '-DELE report.pdf', url)
server.kill('SIGTERM')
await once(server, 'exit')

writeFileSync(join(project, 'docs', 'ferry.svg'), terminalPicture(shown))
rmSync(join(folder, '..'), { recursive: true })

function curl(...more: string[]): void {
  const run = spawnSync('curl', ['-s', '--user', 'anna:secret', ...more], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`curl ${more.join(' ')} ended with ${run.status}`)
}
