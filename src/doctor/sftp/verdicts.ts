import { legacyNames, usualAlgorithms } from '../../ssh/offer.ts'
import type { Fix, Verdict } from '../verdict.ts'
import { commonRules } from '../verdicts/reaching.ts'
import { speaksOther, urlFor } from '../verdicts/speaks-other.ts'
import { roundTripFails } from '../verdicts/round-trip.ts'
import { sorted } from '../verdicts/sorted.ts'
import type { SftpFindings, SshOffer } from './findings.ts'

type Rule = (found: SftpFindings) => Verdict | undefined

/** What the findings at an SFTP server mean, trouble first. */
export function judgeSftp(found: SftpFindings): readonly Verdict[] {
  return sorted(
    rules.flatMap((rule) => rule(found) ?? []),
    () => ({
      id: 'healthy',
      weight: 'fine',
      sentence: `It works from here: ${found.user} is let in, and can list the home.`,
      evidence: [],
      fixes: [],
      broken: 'none',
    }),
  )
}

const rules: readonly Rule[] = [
  ...commonRules,
  otherProtocol,
  silent,
  nothingInCommon,
  hostKeyChanged,
  hostKeyUnknown,
  tooManyKeys,
  loginFails,
  subsystemMissing,
  sessionNoise,
  listingFails,
  roundTripFails,
  oldAlgorithms,
  onlyOldHostKeys,
  notPostQuantum,
]

function otherProtocol({ greeting, host, port }: SftpFindings): Verdict | undefined {
  if (greeting === undefined || greeting.speaks === 'ssh' || greeting.speaks === 'nothing') return undefined
  return speaksOther(greeting.speaks, 'SSH', host, port)
}

function silent({ greeting, offer, host, port }: SftpFindings): Verdict | undefined {
  const step = greeting?.outcome === 'works' ? offer : greeting
  if (step === undefined || step.outcome === 'works') return undefined
  if (greeting?.outcome !== 'works' && greeting?.speaks !== 'nothing') return undefined
  const cut = step.outcome === 'cut' || step.outcome === 'rejected'
  return {
    id: cut ? 'greeting-cut' : 'greeting-silent',
    weight: 'trouble',
    sentence: cut
      ? `Port ${port} of ${host} takes the connection and closes it at once.`
      : `Port ${port} of ${host} takes the connection and says nothing.`,
    evidence: [`${step.outcome} after ${step.ms} ms`],
    fixes: [
      { side: 'server', program: 'sshd', line: 'MaxStartups, PerSourcePenalties and its log; UseDNS no' },
      { side: 'server', program: 'fail2ban', line: 'fail2ban-client set sshd unbanip ADDRESS' },
      { side: 'server', program: 'Ferry', line: 'ferry ban list, ferry ban remove ADDRESS' },
    ],
    broken: 'control',
  }
}

function nothingInCommon({ offer, host }: SftpFindings): Verdict | undefined {
  if (offer?.outcome !== 'works') return undefined
  const lacking = lackingIn(offer)
  if (lacking.length === 0) return undefined
  const old = [...offer.kex, ...offer.ciphers, ...offer.macs, ...offer.hostKeys].filter((name) =>
    legacyNames.includes(name),
  )
  return {
    id: 'ssh-nothing-in-common',
    weight: 'trouble',
    sentence: `${host} and this client have no ${lacking.map(({ what }) => what).join(' and no ')} in common: one of the two is much older.`,
    evidence: lacking.flatMap(({ what, theirs, ours }) => [
      `${what} there: ${theirs.join(', ')}`,
      `${what} here: ${ours.join(', ')}`,
    ]),
    fixes: [
      ...(old.length === 0
        ? []
        : [
            {
              side: 'client',
              program: 'Ferry',
              line: `in ~/.ssh/config for this host alone: ${allowing(offer)}`,
            } as const,
          ]),
      {
        side: 'client',
        program: 'WinSCP',
        line: 'Advanced > SSH: move the algorithm above the warning line',
      },
      {
        side: 'server',
        program: 'sshd',
        line: 'a newer version, or KexAlgorithms, Ciphers and HostKeyAlgorithms with +NAME',
      },
      {
        side: 'server',
        program: 'Ferry',
        line: `--ssh-legacy NETWORK=${old.join(',') || 'NAMES'} for old clients`,
      },
    ],
    broken: 'control',
  }
}

function allowing(offer: SshOffer): string {
  return [
    ['KexAlgorithms', oldAmong(offer.kex)],
    ['HostKeyAlgorithms', oldAmong(offer.hostKeys)],
    ['Ciphers', oldAmong(offer.ciphers)],
    ['MACs', oldAmong(offer.macs)],
  ]
    .flatMap(([word, names]) => (names === '' ? [] : [`${word} +${names}`]))
    .join('; ')
}

function oldAmong(names: readonly string[]): string {
  return names.filter((name) => legacyNames.includes(name)).join(',')
}

/** What every SSH client of today knows of keys of hosts. */
const hostKeyNames = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

function lackingIn(offer: SshOffer): readonly {
  readonly what: string
  readonly theirs: readonly string[]
  readonly ours: readonly string[]
}[] {
  const { kex, ciphers } = usualAlgorithms
  return [
    { what: 'key exchange', theirs: offer.kex, ours: kex },
    { what: 'kind of host key', theirs: offer.hostKeys, ours: hostKeyNames },
    { what: 'cipher', theirs: offer.ciphers, ours: ciphers },
  ].filter(({ theirs, ours }) => !theirs.some((name) => ours.includes(name)))
}

function hostKeyChanged({ hostKey, host, port }: SftpFindings): Verdict | undefined {
  if (hostKey?.trust !== 'changed') return undefined
  return {
    id: 'host-key-changed',
    weight: 'trouble',
    sentence: `${host} shows another key than the one that is known: it was installed anew, or somebody stands between.`,
    evidence: [`now: ${hostKey.algorithm} ${hostKey.fingerprint}`, hostKey.text ?? ''],
    fixes: [
      {
        side: 'server',
        program: 'you',
        line: 'ask its owner: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      },
      {
        side: 'client',
        program: 'Ferry',
        line: `if it is right: ssh-keygen -R '${port === 22 ? host : `[${host}]:${port}`}'`,
      },
      { side: 'client', program: 'FileZilla', line: 'compare the fingerprint, then trust the new key' },
      { side: 'client', program: 'WinSCP', line: 'compare the fingerprint, then Update' },
    ],
    broken: 'tls',
  }
}

function hostKeyUnknown({ hostKey, login, host, port }: SftpFindings): Verdict | undefined {
  if (hostKey?.trust !== 'unknown') return undefined
  const stopped = login?.outcome === 'not-tried'
  return {
    id: 'host-key-unknown',
    weight: stopped ? 'trouble' : 'note',
    sentence: `Nothing is known here of the key of ${host}${stopped ? ', so nobody logs in' : ''}.`,
    evidence: [`${hostKey.algorithm} ${hostKey.fingerprint}`],
    fixes: [
      {
        side: 'client',
        program: 'Ferry',
        line: `compare the fingerprint; ferry ls ${urlFor('ssh', host, port)} asks and keeps it`,
      },
      ...(stopped
        ? ([
            {
              side: 'client',
              program: 'Ferry',
              line: 'ferry doctor --trust-once … looks further all the same',
            },
          ] as const)
        : []),
      {
        side: 'server',
        program: 'you',
        line: 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub shows the right one; Ferry prints it at its start',
      },
    ],
    broken: stopped ? 'tls' : 'none',
  }
}

/** sshd ends a connection at the sixth (MaxAuthTries). */
const manyKeys = 4

function tooManyKeys({ login }: SftpFindings): Verdict | undefined {
  if (login === undefined || login.outcome === 'works' || login.keysTried < manyKeys) return undefined
  return {
    id: 'ssh-too-many-keys',
    weight: 'trouble',
    sentence: `${login.keysTried} keys were shown, and the server ended the login before the right one or the password came.`,
    evidence: [login.text ?? login.outcome],
    fixes: [
      {
        side: 'client',
        program: 'Ferry',
        line: 'in ~/.ssh/config for this host: IdentityFile FILE and IdentitiesOnly yes',
      },
      { side: 'client', program: 'you', line: 'ssh-add -D, then ssh-add FILE' },
      { side: 'server', program: 'sshd', line: 'MaxAuthTries 12' },
    ],
    broken: 'login',
  }
}

function loginFails({ login, methods = [], user }: SftpFindings): Verdict | undefined {
  if (login === undefined || login.outcome === 'works' || login.outcome === 'not-tried') return undefined
  if (login.keysTried >= manyKeys) return undefined
  const keysOnly =
    methods.length > 0 && !methods.includes('password') && !methods.includes('keyboard-interactive')
  return {
    id: keysOnly ? 'ssh-keys-only' : 'login-refused',
    weight: 'trouble',
    sentence: keysOnly
      ? `The server takes keys and no passwords, and none of the ${login.keysTried} keys shown for ${user}.`
      : `The server does not let ${user} in.`,
    evidence: [login.text ?? login.outcome, `it takes: ${methods.join(', ') || 'nothing that it says'}`],
    fixes: [
      {
        side: 'client',
        program: 'you',
        line: 'the user name (upper and lower case count), the password, IdentityFile',
      },
      {
        side: 'server',
        program: 'sshd',
        line: 'the public key in ~/.ssh/authorized_keys, which nobody else may write',
      },
      {
        side: 'server',
        program: 'sshd',
        line: 'AllowUsers, PasswordAuthentication; its log names the reason',
      },
      { side: 'server', program: 'Ferry', line: 'ferry user show NAME, ferry user key add NAME FILE' },
    ],
    broken: 'login',
  }
}

function subsystemMissing({ subsystem }: SftpFindings): Verdict | undefined {
  if (subsystem === undefined || subsystem.outcome === 'works') return undefined
  return {
    id: 'sftp-missing',
    weight: 'trouble',
    sentence: 'The login works, and the server has no SFTP for this account.',
    evidence: [subsystem.text ?? subsystem.outcome],
    fixes: sftpFixes,
    broken: 'none',
  }
}

const sftpFixes: readonly Fix[] = [
  {
    side: 'server',
    program: 'sshd',
    line: 'Subsystem sftp internal-sftp in sshd_config, no ForceCommand of another kind',
  },
  {
    side: 'server',
    program: 'sshd',
    line: 'ChrootDirectory must belong to root and be writable by nobody else',
  },
  { side: 'server', program: 'you', line: 'silence .bashrc for what is no terminal: [ -t 1 ] || return' },
]

function sessionNoise({ session }: SftpFindings): Verdict | undefined {
  if (session === undefined || session.outcome === 'works') return undefined
  return {
    id: 'sftp-noise',
    weight: 'trouble',
    sentence:
      'SFTP begins, and what comes is none: a profile of the shell prints something, or another program runs in its place.',
    evidence: [session.text ?? session.outcome],
    fixes: sftpFixes,
    broken: 'none',
  }
}

function listingFails({ listing }: SftpFindings): Verdict | undefined {
  if (listing === undefined || listing.outcome === 'works') return undefined
  return {
    id: 'sftp-no-listing',
    weight: 'trouble',
    sentence: 'The home of the account cannot be listed.',
    evidence: [listing.text ?? listing.outcome],
    fixes: [
      {
        side: 'server',
        program: 'sshd',
        line: 'the home must be there and readable for the account (after ChrootDirectory)',
      },
      { side: 'server', program: 'Ferry', line: 'ferry explain USER / list' },
    ],
    broken: 'none',
  }
}

function oldAlgorithms({ offer }: SftpFindings): Verdict | undefined {
  if (offer === undefined || offer.outcome !== 'works') return undefined
  const old = [...new Set([...offer.kex, ...offer.ciphers, ...offer.macs])].filter((name) =>
    broken.test(name),
  )
  if (old.length === 0) return undefined
  return {
    id: 'ssh-old-algorithms',
    weight: 'note',
    sentence: `The server still offers what is broken or weak: ${old.join(', ')}.`,
    evidence: [],
    fixes: [
      { side: 'server', program: 'sshd', line: `KexAlgorithms, Ciphers and MACs with -${old.join(',-')}` },
      { side: 'server', program: 'Ferry', line: 'it offers none of them but to whom --ssh-legacy names' },
    ],
    broken: 'none',
  }
}

const broken =
  /(?:group1-|group14-sha1|group-exchange-sha1|3des|arcfour|blowfish|cast128|-cbc$|hmac-md5|hmac-sha1-96)/u

function onlyOldHostKeys({ offer }: SftpFindings): Verdict | undefined {
  if (offer?.outcome !== 'works' || offer.hostKeys.some((name) => hostKeyNames.includes(name)))
    return undefined
  return {
    id: 'ssh-host-key-old',
    weight: 'note',
    sentence: `The server has only keys that sign by SHA-1: ${offer.hostKeys.join(', ')}.`,
    evidence: [],
    fixes: [
      { side: 'server', program: 'sshd', line: 'ssh-keygen -A, then HostKey /etc/ssh/ssh_host_ed25519_key' },
    ],
    broken: 'none',
  }
}

function notPostQuantum({ offer }: SftpFindings): Verdict | undefined {
  if (offer?.outcome !== 'works' || offer.kex.length === 0) return undefined
  if (offer.kex.some((name) => name.startsWith('mlkem') || name.startsWith('sntrup'))) return undefined
  return {
    id: 'ssh-not-post-quantum',
    weight: 'note',
    sentence:
      'What is recorded today may be read by a quantum computer one day: the server knows no key exchange against that.',
    evidence: [`it offers ${offer.kex.join(', ')}`],
    fixes: [
      {
        side: 'server',
        program: 'sshd',
        line: 'version 9.0 or newer (sntrup761), 9.9 (mlkem768x25519-sha256)',
      },
    ],
    broken: 'none',
  }
}
