import type { Verdict } from '../verdict.ts'
import type { HomeFact, ServerFacts } from './facts.ts'
import { says, type ServerRule } from './server-rule.ts'

/** Who may enter, and whether anything is there for them. */
export const accountRules: readonly ServerRule[] = [
  homesMissing,
  homesLocked,
  nobodyMayEnter,
  weakPasswords,
  everybodyMayEnter,
  bannedNow,
  tftpWrites,
  oldSsh,
]

function homesMissing({ homes }: ServerFacts): Verdict | undefined {
  const gone = homes.filter(({ fault }) => fault === 'missing' || fault === 'no folder')
  return gone.length === 0
    ? undefined
    : says(
        'server-home-missing',
        'trouble',
        `The home of ${names(gone)} is not there: the login fails, or shows an error instead of files.`,
        gone.map(({ account, folder, fault }) => `${account}: ${folder} (${fault})`),
        [
          ['server', 'you', `mkdir -p ${gone[0]?.folder ?? ''}`],
          ['server', 'Ferry', `ferry user set ${gone[0]?.account ?? 'NAME'} home=FOLDER`],
        ],
      )
}

function homesLocked({ homes }: ServerFacts): Verdict | undefined {
  const locked = homes.filter(({ fault }) => fault === 'not readable' || fault === 'not writable')
  return locked.length === 0
    ? undefined
    : says(
        'server-home-locked',
        'note',
        `The server may not ${locked.some(({ fault }) => fault === 'not readable') ? 'read' : 'write'} the home of ${names(locked)}.`,
        locked.map(({ account, folder, fault }) => `${account}: ${folder} is ${fault}`),
        [
          ['server', 'you', `chown -R USER-OF-THE-SERVER ${locked[0]?.folder ?? ''}`],
          ['server', 'SELinux', 'setsebool -P ftpd_full_access on; ausearch -m avc shows what was denied'],
          ['server', 'Ferry', '--read-only, if nobody is to write'],
        ],
      )
}

function names(homes: readonly HomeFact[]): string {
  const all = homes.map(({ account }) => account)
  return all.length > 5 ? `${all.slice(0, 5).join(', ')} and ${all.length - 5} others` : all.join(', ')
}

function nobodyMayEnter({ accounts, anonymous, running }: ServerFacts): Verdict | undefined {
  if (accounts > 0 || anonymous || !running) return undefined
  return says(
    'server-no-accounts',
    'note',
    'There are no accounts: nobody can log in but by what the command line names.',
    [],
    [['server', 'Ferry', 'ferry user add NAME']],
  )
}

function weakPasswords({ weakPasswords: weak }: ServerFacts): Verdict | undefined {
  if (weak.length === 0) return undefined
  return says(
    'server-weak-password',
    'note',
    `The passwords of ${weak.join(', ')} are short, or the name itself: they are guessed in minutes.`,
    [],
    [['server', 'Ferry', `ferry user password ${weak[0] ?? 'NAME'}`]],
  )
}

function everybodyMayEnter({ anonymous }: ServerFacts): Verdict | undefined {
  if (!anonymous) return undefined
  return says(
    'server-anonymous',
    'note',
    'Everybody is let in, to read: is that meant?',
    [],
    [['server', 'Ferry', 'leave out --anonymous']],
  )
}

function bannedNow({ bans }: ServerFacts): Verdict | undefined {
  if (bans === 0) return undefined
  return says(
    'server-bans',
    'note',
    `${bans} networks are banned now: whoever cannot connect at all may be among them.`,
    [],
    [
      ['server', 'Ferry', 'ferry ban list, ferry ban remove ADDRESS'],
      ['server', 'Ferry', 'bans: never: [NETWORK] in ferry.yaml for those who must always get in'],
    ],
  )
}

function tftpWrites({ tftpWrite }: ServerFacts): Verdict | undefined {
  if (!tftpWrite) return undefined
  return says(
    'server-tftp-writes',
    'note',
    'Everybody who reaches the port of TFTP may leave files: it knows no passwords.',
    [],
    [['server', 'Ferry', 'leave out --tftp-write, or networks: allow: in ferry.yaml']],
  )
}

function oldSsh({ legacySsh }: ServerFacts): Verdict | undefined {
  if (!legacySsh) return undefined
  return says(
    'server-ssh-legacy',
    'note',
    'Old algorithms of SSH are on for somebody: for as long as that device lives, and no longer.',
    [],
    [['server', 'Ferry', 'leave out --ssh-legacy']],
  )
}
