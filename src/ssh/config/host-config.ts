import type { Strictness } from '../known-hosts/trust.ts'
import { matchesPatterns } from '../pattern.ts'
import { configWords } from './words.ts'

/** What ssh_config(5) says of one host, as far as files are fetched by it. */
export interface HostConfig {
  /** The real name to connect to. */
  readonly hostName: string
  /** The name under which its key is known. */
  readonly keyName: string
  readonly port: number | undefined
  readonly user: string | undefined
  readonly identityFiles: readonly string[]
  readonly certificateFiles: readonly string[]
  /** Only the keys that are named here are shown, whatever an agent holds. */
  readonly identitiesOnly: boolean
  /** The socket of an agent, `none`, or undefined for the usual one. */
  readonly identityAgent: string | undefined
  /** The hosts to go through, the first one first. */
  readonly proxyJump: readonly string[]
  readonly userKnownHosts: readonly string[]
  readonly globalKnownHosts: readonly string[]
  readonly strict: Strictness | undefined
  readonly hashKnownHosts: boolean
  /** Whether known_hosts follows the host when it changes its keys; `ask` counts as no. */
  readonly updateHostKeys: boolean
  /** Algorithms that are switched on by name: `HostKeyAlgorithms +ssh-rsa`. */
  readonly algorithms: readonly string[]
}

/** Who asks, and for what. */
export interface HostQuery {
  /** As it was typed. */
  readonly host: string
  /** As it was typed, or undefined. */
  readonly user: string | undefined
  readonly port: number | undefined
  readonly localUser: string
  readonly localHome: string
}

/** Gives the texts of the files that an Include names, which may be a pattern. */
export type Include = (pattern: string) => Promise<readonly string[]>

/** Reads configurations, the most important one first: the first value for an option is the one that counts. */
export async function readHostConfig(
  query: HostQuery,
  texts: readonly string[],
  include: Include,
): Promise<HostConfig> {
  const options = new Options(query)
  for (const text of texts) await readText(text, options, include, true, 0)
  return options.result()
}

/** As deep as ssh(1) follows them. */
const deepestInclude = 16

async function readText(
  text: string,
  options: Options,
  include: Include,
  applies: boolean,
  depth: number,
): Promise<void> {
  let on = applies
  for (const line of text.split(/\r?\n/u)) {
    const said = configWords(line)
    if (said === undefined) continue
    const { keyword, words } = said
    if (keyword === 'host') on = applies && matchesPatterns(words, options.query.host)
    else if (keyword === 'match') on = applies && options.matches(words)
    else if (!on) continue
    else if (keyword === 'include') {
      if (depth >= deepestInclude) continue
      for (const pattern of words) {
        for (const inner of await include(pattern)) await readText(inner, options, include, on, depth + 1)
      }
    } else options.set(keyword, words)
  }
}

/** Options of which every mention adds one. */
const adding = new Set(['identityfile', 'certificatefile'])

class Options {
  readonly query: HostQuery
  readonly #values = new Map<string, string[]>()

  constructor(query: HostQuery) {
    this.query = query
  }

  set(keyword: string, words: readonly string[]): void {
    const known = this.#values.get(keyword)
    if (known === undefined) this.#values.set(keyword, [...words])
    else if (adding.has(keyword)) known.push(...words)
  }

  /** All criteria must hold. `exec` never does: a configuration runs no programs here. */
  matches(words: readonly string[]): boolean {
    for (let at = 0; at < words.length; at += 1) {
      const word = (words[at] ?? '').toLowerCase()
      const negated = word.startsWith('!')
      const criterion = negated ? word.slice(1) : word
      if (criterion === 'all') continue
      at += 1
      if (this.#holds(criterion, (words[at] ?? '').split(',')) === negated) return false
    }
    return true
  }

  result(): HostConfig {
    const { query } = this
    const hostName = this.#expand(this.#one('hostname') ?? query.host, query.host)
    const expand = (words: readonly string[]): string[] => words.map((word) => this.#path(word, hostName))
    const jump = this.#one('proxyjump') ?? 'none'
    const agent = this.#one('identityagent')
    return {
      hostName,
      keyName: this.#one('hostkeyalias') ?? hostName,
      port: query.port ?? portIn(this.#one('port')),
      user: query.user ?? this.#one('user'),
      identityFiles: expand(this.#values.get('identityfile') ?? []),
      certificateFiles: expand(this.#values.get('certificatefile') ?? []),
      identitiesOnly: isYes(this.#one('identitiesonly')),
      identityAgent:
        agent === undefined || agent === 'SSH_AUTH_SOCK' ? undefined : this.#path(agent, hostName),
      proxyJump: jump.toLowerCase() === 'none' ? [] : jump.split(','),
      userKnownHosts: expand(
        this.#values.get('userknownhostsfile') ?? ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'],
      ),
      globalKnownHosts: expand(
        this.#values.get('globalknownhostsfile') ?? ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      ),
      strict: strictnessIn(this.#one('stricthostkeychecking')),
      hashKnownHosts: isYes(this.#one('hashknownhosts')),
      updateHostKeys: isYes(this.#one('updatehostkeys') ?? 'yes'),
      algorithms: algorithmOptions.flatMap((option) => namesIn(this.#one(option))),
    }
  }

  #one(keyword: string): string | undefined {
    return this.#values.get(keyword)?.[0]
  }

  #holds(criterion: string, patterns: readonly string[]): boolean {
    const { host, user, localUser } = this.query
    switch (criterion) {
      case 'host':
        return matchesPatterns(patterns, this.#expand(this.#one('hostname') ?? host, host))
      case 'originalhost':
        return matchesPatterns(patterns, host)
      case 'user':
        return matchesPatterns(patterns, user ?? this.#one('user') ?? localUser)
      case 'localuser':
        return matchesPatterns(patterns, localUser)
      default:
        return false
    }
  }

  #path(text: string, hostName: string): string {
    const { localHome } = this.query
    return this.#expand(text.startsWith('~/') ? `${localHome}${text.slice(1)}` : text, hostName)
  }

  /** The signs of ssh_config(5), TOKENS, that can be known here. */
  #expand(text: string, hostName: string): string {
    const { host, user, port, localUser, localHome } = this.query
    const values: Readonly<Record<string, string>> = {
      '%': '%',
      d: localHome,
      h: hostName,
      n: host,
      p: String(port ?? portIn(this.#one('port')) ?? 22),
      r: user ?? this.#one('user') ?? localUser,
      u: localUser,
    }
    return text.replaceAll(/%([%dhnpru])/gu, (_, sign: string) => values[sign] ?? '')
  }
}

const algorithmOptions = [
  'kexalgorithms',
  'hostkeyalgorithms',
  'pubkeyacceptedalgorithms',
  'pubkeyacceptedkeytypes',
  'ciphers',
  'macs',
]

/** The names of a list, unless it is one of those to leave out (`-`). */
function namesIn(list: string | undefined): readonly string[] {
  if (list === undefined || list.startsWith('-')) return []
  return list.replace(/^[+^]/u, '').split(',')
}

function portIn(text: string | undefined): number | undefined {
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
}

function isYes(text: string | undefined): boolean {
  return text?.toLowerCase() === 'yes' || text?.toLowerCase() === 'true'
}

const strictnesses: Readonly<Record<string, Strictness>> = {
  yes: 'yes',
  ask: 'ask',
  'accept-new': 'accept-new',
  no: 'no',
  off: 'no',
}

function strictnessIn(text: string | undefined): Strictness | undefined {
  return text === undefined ? undefined : strictnesses[text.toLowerCase()]
}
