import { httpUrl, httpUrlWords } from './http-url.ts'
import { choice, list, record, text, whole, word, type Shape } from './shape.ts'
import { bytes, duration, rate } from './units.ts'

/** Who is told of events by HTTP. */
export interface Webhook {
  readonly url: string
  readonly secret?: string
  /** Which kinds of events; all but lines of dialogues if not said. */
  readonly events?: readonly string[]
}

/** What ferry.yaml says beyond the options of `ferry serve`. */
export interface Config {
  readonly limits?: {
    readonly connections?: number
    readonly connectionsPerAddress?: number
    readonly triesPerConnection?: number
    readonly failedLoginDelay?: number
    readonly connectionsPerMinute?: number
    readonly loginsPerMinute?: number
    readonly download?: number
    readonly upload?: number
  }
  readonly networks?: {
    readonly allow?: readonly string[]
    readonly deny?: readonly string[]
    readonly proxies?: readonly string[]
  }
  readonly bans?: {
    readonly threshold?: number
    readonly halfLife?: number
    readonly time?: number
    readonly wrongLogin?: number
    readonly unknownUser?: number
    readonly nonsense?: number
    readonly turnedAway?: number
    readonly never?: readonly string[]
  }
  /** Who is asked about users that are not known here. */
  readonly accounts?: { readonly url: string; readonly secret?: string; readonly timeout?: number }
  readonly http?: { readonly port?: number; readonly host?: string }
  readonly log?: { readonly xferlog?: string; readonly xferlogSize?: number }
  readonly recorder?: number
  readonly webhooks?: readonly Webhook[]
}

/** The kinds of events that webhooks can be told of. */
const eventKinds = [
  'connected',
  'turned-away',
  'login',
  'login-failed',
  'closed',
  'download',
  'upload',
  'file',
  'refused',
  'warning',
] as const

const points = (about: string): Shape<number> => whole(about, 0, 1000)

/** The shapes of what ferry.yaml says beyond the options of `ferry serve`; `network` is how a network is written. */
export function configShapes(network: Shape<string>): {
  readonly [Key in keyof Config]-?: Shape<NonNullable<Config[Key]>>
} {
  const networks = (about: string): Shape<readonly string[]> => list(about, network)
  return {
    limits: record<NonNullable<Config['limits']>>('How much is taken of all', {
      connections: whole('Connections at once', 1, 1_000_000),
      connectionsPerAddress: whole('Connections at once from one address', 1, 1_000_000),
      triesPerConnection: whole('Failed logins on one connection; then it ends', 1, 1000),
      failedLoginDelay: duration('How long a failed login takes', { most: 1 }),
      connectionsPerMinute: whole('Connections from one address in a minute', 1, 1_000_000),
      loginsPerMinute: whole('Logins tried from one address in a minute', 1, 1_000_000),
      download: rate('Bytes a second from the server, of all together'),
      upload: rate('Bytes a second to the server, of all together'),
    }),
    networks: record<NonNullable<Config['networks']>>('From where connections are taken', {
      allow: networks('With some, nobody else is let in; the longest network that holds an address decides'),
      deny: networks('Nobody from these is let in'),
      proxies: networks('Proxies that are believed, and must speak the PROXY protocol'),
    }),
    bans: record<NonNullable<Config['bans']>>('Who misbehaves is not let in for a while', {
      threshold: points('From which score on an address is banned; 0 bans nobody'),
      halfLife: duration('In how much time a score falls to half', { least: 1 }),
      time: duration('How long a ban lasts'),
      wrongLogin: points('What a wrong password adds'),
      unknownUser: points('What an unknown name adds'),
      nonsense: points('What a session of no commands adds'),
      turnedAway: points('What a connection too many adds'),
      never: networks('Networks that are never banned'),
    }),
    accounts: record<NonNullable<Config['accounts']>>(
      'A URL that is asked about users who are not known here',
      {
        url: word('The URL', httpUrlWords, httpUrl),
        secret: text('Sent as authorization: Bearer'),
        timeout: duration('How long an answer may take, 5s if not said', { least: 1, most: 60 }),
      },
      ['url'],
    ),
    http: record<NonNullable<Config['http']>>('Where /metrics and /health are; nowhere if not said', {
      port: whole('The port', 0, 65_535),
      host: text('The address, 127.0.0.1 if not said'),
    }),
    log: record<NonNullable<Config['log']>>('Files that are written beside the log', {
      xferlog: text('A file of transfers in the format of wu-ftpd'),
      xferlogSize: bytes('From which size on it is moved away to FILE.1'),
    }),
    recorder: whole('How many sessions are kept with their dialogue, for ferry session', 0, 10_000),
    webhooks: list(
      'Who is told of events by POST, until they answer 2xx',
      record<Webhook>(
        'A webhook',
        {
          url: word('The URL', httpUrlWords, httpUrl),
          secret: text('What signs the body: HMAC-SHA-256 in the header x-ferry-signature'),
          events: list('Which events', choice('An event', eventKinds)),
        },
        ['url'],
      ),
    ),
  }
}
