// Plain JavaScript without new syntax: it runs on whatever Node the machine has, before the project's own is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const project = dirname(dirname(fileURLToPath(import.meta.url)))

const modules = join(project, 'node_modules')
const stamp = join(modules, '.ferry-set-up')

/** The Node that the project installs, whatever the machine's own is. */
export const projectNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Installs what package-lock.json names, unless that is done already, and makes `npx ferry` work. */
export function setUp() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(project, 'package-lock.json')))
    .digest('hex')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted || !existsSync(projectNode)) {
    process.stderr.write('Installing what the project needs (npm install) ...\n')
    // Not `npm ci`: it refuses a lock file that leaves out the optional binaries of platforms that a registry lacks.
    const installed = npm('install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts')
    // Of all scripts only the one that fetches Node is wanted: another's compiles C for half a minute, for nothing.
    const ready = installed && npm('rebuild', 'node', '--ignore-scripts=false')
    if (!ready || !existsSync(projectNode)) {
      process.stderr.write('npm install failed, so nothing can be started. Is the registry reachable?\n')
      process.exit(1)
    }
    writeFileSync(stamp, wanted)
  }
  linkCommand()
}

function npm(...words) {
  const { status } = spawnSync('npm', [...words, '--loglevel=error'], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  return status === 0
}

function linkCommand() {
  const link = join(modules, '.bin', 'ferry')
  if (existsSync(link) || process.platform === 'win32') return
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync('../../bin/ferry.js', link)
}
