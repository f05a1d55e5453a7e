#!/usr/bin/env node
// Plain JavaScript: it must still run where Node is too old for the rest, to find a newer one or to say so.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const home = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(home, 'src', 'cli', 'main.ts')
const main = existsSync(source) ? source : join(home, 'dist', 'cli', 'main.js')
const installed = join(
  home,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

// Node's part of memory for young objects would grow to four times this, for a tenth of the CPU of who lists and moves all day.
const littleRoom = process.argv[2] === 'serve' ? ['--max-semi-space-size=8'] : []

if (Number(process.versions.node.split('.')[0]) >= 24) {
  if (littleRoom.length > 0) startAgain()
  const { enableCompileCache, registerHooks } = await import('node:module')
  // Half of the time that a checkout's command takes to start is making JavaScript of it. Kept where only its owner writes.
  if (main === source) enableCompileCache(join(home, 'node_modules', '.cache', 'ferry'))
  registerHooks({ resolve: quickly(pathToFileURL(dirname(dirname(main))).href) })
  const { run } = await import(pathToFileURL(main).href)
  await run(process.argv.slice(2))
} else if (existsSync(installed)) {
  await runWith(installed)
} else {
  process.stderr.write(
    `ferry needs Node 24 or newer, and this is ${process.version}. Install it from nodejs.org.\n`,
  )
  process.exit(2)
}

// That can be said to Node only as it starts. What else is open does not come along: sockets of systemd, the channel of who
// forked us, and what a shell puts at /dev/fd for `--config <(…)`.
function startAgain() {
  const given = process.argv.slice(2)
  const told = [...process.execArgv, process.env.NODE_OPTIONS].some((text) => /semi[-_]space/u.test(text))
  const brought =
    process.env.LISTEN_FDS !== undefined ||
    process.send !== undefined ||
    given.some((word) => word.includes('/fd/'))
  if (told || brought || process.execve === undefined) return
  const words = [...littleRoom, ...process.execArgv, fileURLToPath(import.meta.url), ...given]
  process.execve(process.execPath, [process.execPath, ...words])
}

// A third of what is left is finding the files: Node asks the system about each import of each of them. Ours say where they are.
function quickly(top) {
  const format = main === source ? 'module-typescript' : 'module'
  return (name, context, next) => {
    const from = context.parentURL ?? ''
    if (!/^\.\.?\//u.test(name) || !from.startsWith(`${top}/`)) return next(name, context)
    return { url: new URL(name, from).href, format, shortCircuit: true }
  }
}

async function runWith(node) {
  const { spawn } = await import('node:child_process')
  // Sockets that systemd has opened go on to the child, from descriptor 3 on as they came.
  const sockets = Array.from({ length: Number(process.env.LISTEN_FDS ?? 0) }, (_, at) => 3 + at)
  const words = [...littleRoom, ...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const child = spawn(node, words, {
    stdio: ['inherit', 'inherit', 'inherit', ...sockets],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
}
