import type { Hook, NamePatterns, Ports, Protocol, Quota, Rate, Right } from '../core/account.ts'
import { isNetwork } from '../core/cidr.ts'
import { allRights } from '../core/rights.ts'
import { httpUrl, httpUrlWords } from '../config/http-url.ts'
import { choice, flag, list, named, record, text, whole, word, type Shape } from '../config/shape.ts'
import { bytes, duration, moment, rate } from '../config/units.ts'
import { parseHours, type Hours } from './hours.ts'
import type { ProofKind } from './judge.ts'

/** One place in a home. */
export interface Mount {
  /** A folder of this machine, `memory`, `account NAME`, or a URL of another server. */
  readonly from: string
  readonly readOnly?: boolean
  /** Whose first line is the password for the other server, so that it stands in no URL. */
  readonly passwordFile?: string
}

/** What can be said of an account, and of a group for all in it. */
export interface AccountSettings {
  readonly groups?: readonly string[]
  readonly disabled?: boolean
  readonly anonymous?: boolean
  readonly home?: string
  /** Whose first line is the password for the server that `home` names. */
  readonly passwordFile?: string
  readonly mounts?: Readonly<Record<string, Mount>>
  readonly readOnly?: boolean
  readonly rights?: Readonly<Record<string, readonly Right[]>>
  readonly uploads?: 'atomic' | 'in-place'
  readonly sessions?: number
  readonly sessionsPerAddress?: number
  readonly transfers?: number
  readonly quota?: Quota
  readonly rate?: Rate
  readonly sessionRate?: Rate
  readonly names?: NamePatterns
  readonly hooks?: readonly Hook[]
  readonly expires?: number
  readonly hours?: readonly (readonly Hours[])[]
  readonly networks?: readonly string[]
  readonly protocols?: readonly Protocol[]
  readonly needs?: readonly (readonly ProofKind[])[]
  readonly publish?: readonly Ports[]
}

const protocols = ['ftp', 'ftps', 'sftp', 'tftp'] as const

const hook = record<Hook>(
  'Who is asked before a deed, and may refuse it',
  {
    ask: word(
      'A URL (POST with JSON), or the absolute path of a program',
      `${httpUrlWords}, or an absolute path`,
      (said) => (/^\/./u.test(said) ? said : httpUrl(said)),
    ),
    before: list('The deeds', choice('A deed', ['upload', 'download', 'remove'])),
    timeoutMs: duration('How long an answer may take, 5s if not said', { least: 1, most: 60 }),
    onFailure: choice('What holds when no answer comes: refuse if not said', ['refuse', 'allow']),
  },
  ['ask', 'before'],
)

/** The hook with what was left out. */
const wholeHook: Shape<Hook> = {
  schema: hook.schema,
  read(given, path, problems) {
    const said = hook.read(given, path, problems)
    return said === undefined
      ? undefined
      : { ...said, timeoutMs: said.timeoutMs ?? 5000, onFailure: said.onFailure ?? 'refuse' }
  },
}

const rates = (about: string): Shape<Rate> =>
  record<Rate>(about, {
    download: rate('Bytes a second from the server'),
    upload: rate('Bytes a second to the server'),
  })

/** A network: `10.0.0.0/8`, `fd00::/8`, or one address. */
export const network = word('A network like 10.0.0.0/8, or an address', 'a network like 10.0.0.0/8', (said) =>
  isNetwork(said) ? said : undefined,
)

/** Hours are kept as they were written, so that they can be shown again. */
const hours: Shape<readonly Hours[]> = word(
  'Hours in which logins are taken: Mon-Fri 08:00-18:00',
  'hours like Mon-Fri 08:00-18:00',
  parseHours,
)

const place = (about: string): Shape<string> =>
  word(
    `${about}: a folder, memory, account NAME, or a folder of another server, ftp://, ftps://, ftpes:// or sftp://USER@HOST/FOLDER`,
    'a folder, memory, account NAME, or ftp://, ftps://, ftpes:// or sftp://HOST/FOLDER',
    (said) => (/^(?:(?:ftps?|ftpes|sftp):\/\/[^/]+|(?!.*:\/\/).)/su.test(said) ? said : undefined),
  )

/** Kept as they were written, so that they can be shown again. */
const ports: Shape<Ports> = word(
  'A port, or ports like 50000-50100',
  'a port, or ports like 50000-50100',
  (said) => {
    const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(said) ?? []
    const range = { first: Number(first), last: Number(last) }
    return range.first > 0 && range.first <= range.last && range.last <= 65_535 ? range : undefined
  },
)

/** The settings of an account, as they stand in ferry.yaml, in the database, and behind `ferry user set`. */
export const accountSettings: Shape<AccountSettings> = record<AccountSettings>('An account', {
  groups: list(
    'Groups whose settings hold where the account says nothing; the first that says something counts',
    text('A group'),
  ),
  disabled: flag('Nobody is let in'),
  anonymous: flag('Takes anonymous and ftp with any password, and may only read'),
  home: place('What the account sees as /'),
  passwordFile: text('A file whose first line is the password for the other server that home names'),
  mounts: named(
    'More places in the home, by their path in it',
    record<Mount>(
      'A place',
      {
        from: place('What is there'),
        readOnly: flag('Nothing may be changed there'),
        passwordFile: text('A file whose first line is the password for the other server'),
      },
      ['from'],
    ),
  ),
  readOnly: flag('Nothing may be changed'),
  rights: named(
    'What may be done at and below a path; the deepest path that holds a file decides alone',
    list('Rights', choice('A right', [...allRights])),
  ),
  uploads: choice('atomic: a file appears when it is whole; in-place: as it comes', ['atomic', 'in-place']),
  sessions: whole('Sessions at once', 1, 1_000_000),
  sessionsPerAddress: whole('Sessions at once from one address', 1, 1_000_000),
  transfers: whole('Files open at once in a session', 1, 100_000),
  quota: record<Quota>('How much may be kept', {
    bytes: bytes('Bytes in all'),
    files: whole('Files in all', 0, 1_000_000_000),
  }),
  rate: rates('Speed of all sessions of the account together'),
  sessionRate: rates('Speed of one session'),
  names: record<NamePatterns>('Patterns of file names like *.pdf', {
    allow: list('What fits none of these is refused', text('A pattern')),
    deny: list('What fits one of these is refused', text('A pattern')),
  }),
  hooks: list('Who is asked before deeds', wholeHook),
  expires: moment('From when on nobody is let in'),
  hours: list('When logins are taken', hours),
  networks: list('From where logins are taken', network),
  protocols: list('By which protocols logins are taken', choice('A protocol', protocols)),
  needs: list(
    'Ways in, each all that must be shown together: [[key, code], [password, code]]',
    list('A way', choice('A proof', ['password', 'key', 'certificate', 'code'])),
  ),
  publish: list('Ports of this server that may listen for a server of the account, by SSH', ports),
})

/** The settings that hold: the account's own, then those of its groups in their order. */
export function withGroups(
  own: AccountSettings,
  group: (name: string) => AccountSettings | undefined,
): AccountSettings {
  let all: AccountSettings = own
  for (const name of own.groups ?? []) all = { ...group(name), ...all }
  return all
}
