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

const words = ['serve', './files', '--host', '127.0.0.1', '--user', 'anna:secret', '--data', './data']
const server = spawn(process.execPath, [join(project, 'bin', 'ferry.js'), ...words], {
  cwd: join(folder, '..'),
})
const shown: Shown[] = [{ kind: 'typed', text: `npx ferry ${words.join(' ')}` }]
const ready = Promise.withResolvers<void>()
server.on('exit', () => ready.reject(new Error(`the server ended: ${JSON.stringify(shown.at(-1))}`)))
for (const stream of [server.stdout, server.stderr]) {
  createInterface({ input: stream }).on('line', (line) => {
    shown.push({ kind: 'printed', text: line.replaceAll(join(folder, '..'), '~') })
    if (line.includes('--tls required')) ready.resolve()
  })
}
await ready.promise

const url = 'ftp://127.0.0.1:2121/'
const stored = join(folder, '..', 'holiday.mp4')
writeFileSync(stored, Buffer.alloc(50_000_000))
const tooSlow = 28
curl(tooSlow, '--limit-rate', '20M', '--max-time', '1', '-T', stored, url)
curl(0, '-C', '-', '-T', stored, url)
curl(0, '-o', '/dev/null', `${url}report.pdf`)
server.kill('SIGTERM')
await once(server, 'exit')

writeFileSync(join(project, 'docs', 'ferry.svg'), terminalPicture(shown))
rmSync(join(folder, '..'), { recursive: true })

function curl(status: number, ...more: string[]): void {
  const always = ['-s', '--ssl-reqd', '--insecure', '--user', 'anna:secret']
  const run = spawnSync('curl', [...always, ...more], { encoding: 'utf8' })
  if (run.status !== status) throw new Error(`curl ${more.join(' ')} ended with ${run.status}`)
}
