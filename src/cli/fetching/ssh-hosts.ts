import { globSync } from 'node:fs'
import { appendFile, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import type { Ask } from '../../core/remote.ts'
import type { HostAccess, HostWanted, SshHosts } from '../../ssh/client/hosts.ts'
import { readHostConfig, type HostConfig } from '../../ssh/config/host-config.ts'
import type { KnownHostsFiles } from '../../ssh/known-hosts/files.ts'
import { knownHosts } from '../../ssh/known-hosts/trust.ts'
import { legacyNames } from '../../ssh/offer.ts'
import { userKeys } from './ssh-keys.ts'
import { makeFolder } from '../../server/make-folder.ts'

/** Hosts as the user's own files have them: what ssh(1) connects to by a name, we do. `keys`: without an agent, or with it. */
export function sshHosts(ask: Ask, home = homedir(), keys: 'all' | 'files' = 'all'): SshHosts {
  return { find: (wanted) => find(wanted, ask, home, keys) }
}

async function find(wanted: HostWanted, ask: Ask, home: string, keys: 'all' | 'files'): Promise<HostAccess> {
  const localUser = userInfo().username
  const written = await readHostConfig(
    { host: wanted.host, user: wanted.user, port: wanted.port, localUser, localHome: home },
    await texts([join(home, '.ssh', 'config'), '/etc/ssh/ssh_config']),
    (pattern) => texts(filesOf(pattern, home)),
  )
  const config = keys === 'all' ? written : { ...written, identityAgent: 'none' }
  const user = config.user ?? localUser
  const trust = knownHosts({
    files: knownHostsFiles(config),
    ask,
    clock: systemClock,
    hash: config.hashKnownHosts,
    updates: config.updateHostKeys,
    ...(config.strict === undefined ? {} : { strict: config.strict }),
  })
  return {
    hostName: config.hostName,
    keyName: config.keyName,
    port: config.port ?? 22,
    user,
    trust,
    keys: userKeys({ config, ask, home, host: wanted.host, user }),
    through: config.proxyJump,
    legacy: config.algorithms.filter((name) => legacyNames.includes(name)),
  }
}

function filesOf(pattern: string, home: string): readonly string[] {
  const path = pattern.startsWith('~/') ? join(home, pattern.slice(2)) : pattern
  return globSync(isAbsolute(path) ? path : join(home, '.ssh', path)).toSorted()
}

async function texts(paths: readonly string[]): Promise<string[]> {
  const all = await Promise.all(paths.map((path) => textOf(path)))
  return all.filter((text) => text !== undefined)
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined // Not there, or not for us: ssh(1) goes on without it too.
  }
}

function knownHostsFiles({ userKnownHosts, globalKnownHosts }: HostConfig): KnownHostsFiles {
  const [first] = userKnownHosts
  return {
    async read() {
      const paths = [...userKnownHosts, ...globalKnownHosts]
      const all = await Promise.all(paths.map(async (name) => ({ name, text: await textOf(name) })))
      return all.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }]))
    },
    async append(line) {
      if (first === undefined || first === 'none') return
      await makeFolder(dirname(first), 0o700)
      const text = await textOf(first)
      const ended = text === undefined || text === '' || text.endsWith('\n')
      await appendFile(first, `${ended ? '' : '\n'}${line}\n`, { mode: 0o600 })
    },
    async replace(text) {
      if (first === undefined || first === 'none') return
      // Beside it and then in its place, where it really lies: a stop in between loses nobody's keys.
      const place = await realpath(first)
      const { mode } = await stat(place)
      const beside = `${place}.${process.pid}.new`
      await writeFile(beside, text, { mode: mode & 0o777, flag: 'wx' })
      await rename(beside, place)
    },
  }
}
