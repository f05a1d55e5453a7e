import { spawn } from 'node:child_process'
import { createCipheriv } from 'node:crypto'
import { existsSync } from 'node:fs'
import { opendir, readFile, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { dayMs } from '../../core/day.ts'
import { isPartialName } from '../../policy/partials.ts'
import { mostOpenFiles } from '../../server/open-files.ts'
import { readFirewall, type Firewall } from '../../doctor/server/firewall.ts'
import type { PassiveFact, ServerFacts } from '../../doctor/server/facts.ts'

/** What a machine says of itself, as far as it does. */
export interface MachineFacts extends Pick<
  ServerFacts,
  'container' | 'disk' | 'openFiles' | 'conntrack' | 'clockInStep' | 'leftovers' | 'cipherMegabytes'
> {
  /** undefined: its rules cannot be read. */
  readonly firewall: Firewall | undefined
  readonly ephemeral: PassiveFact['ephemeral']
}

/** Asks the machine; `pid` is the server that runs, whose limits count then. */
export async function machineFacts(folder: string, pid: number | undefined): Promise<MachineFacts> {
  const [rules, inStep, ephemeral, count, most] = await Promise.all([
    printed('nft', ['-j', 'list', 'ruleset']),
    printed('timedatectl', ['show', '-p', 'NTPSynchronized', '--value']),
    numbersIn('/proc/sys/net/ipv4/ip_local_port_range'),
    numbersIn('/proc/sys/net/netfilter/nf_conntrack_count'),
    numbersIn('/proc/sys/net/netfilter/nf_conntrack_max'),
  ])
  const [first, last] = ephemeral
  return {
    firewall: rules === undefined ? undefined : readFirewall(rules),
    ephemeral: first === undefined || last === undefined ? undefined : { first, last },
    container: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    disk: await diskOf(folder),
    openFiles: mostOpenFiles(pid),
    conntrack:
      count[0] === undefined || most[0] === undefined ? undefined : { count: count[0], most: most[0] },
    leftovers: await leftoversIn(folder),
    cipherMegabytes: cipherSpeed(),
    clockInStep: inStep === 'yes' ? true : inStep === 'no' ? false : undefined,
  }
}

/** So many names are looked at: where parts lie about, some are among them. */
const mostNames = 20_000

async function leftoversIn(folder: string): Promise<number> {
  let count = 0
  let looked = 0
  try {
    for await (const entry of await opendir(folder, { recursive: true })) {
      looked += 1
      if (looked > mostNames) break
      if (!entry.isFile() || !isPartialName(entry.name)) continue
      const { mtimeMs } = await stat(join(entry.parentPath, entry.name))
      if (systemClock.now() - mtimeMs > dayMs) count += 1
    }
  } catch {
    // A folder that is gone or closed is told by the rule for homes.
  }
  return count
}

function cipherSpeed(): number {
  const block = Buffer.alloc(1024 * 1024)
  const cipher = createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12))
  let best = 0
  // What else runs on the machine takes some of the slices, hardly all of them.
  for (let slice = 0; slice < 10; slice += 1) {
    const started = systemClock.ticks()
    for (let megabyte = 0; megabyte < 8; megabyte += 1) cipher.update(block)
    best = Math.max(best, (8 * 1000) / (systemClock.ticks() - started))
  }
  return Math.round(best)
}

async function diskOf(folder: string): Promise<ServerFacts['disk']> {
  try {
    const { bavail, bsize, ffree, files } = await statfs(folder)
    // Some file systems count no files.
    return { folder, freeBytes: bavail * bsize, freeFiles: files === 0 ? Number.MAX_SAFE_INTEGER : ffree }
  } catch {
    return undefined
  }
}

async function numbersIn(file: string): Promise<readonly number[]> {
  return (await textOf(file))
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map(Number)
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return '' // Another system, or not for us: it is not known then.
  }
}

const longestMs = 3000
const longestPrint = 4 * 1024 * 1024

/** What a program prints; undefined: it is not there, fails, or is not for us. */
function printed(program: string, words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'], timeout: longestMs })
    let text = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (piece: string) => {
      if (text.length < longestPrint) text += piece
    })
    child.once('error', () => resolve(undefined))
    child.once('close', (code) => resolve(code === 0 ? text.trim() : undefined))
  })
}
