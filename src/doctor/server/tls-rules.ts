import type { Verdict } from '../verdict.ts'
import type { ServerFacts } from './facts.ts'
import { says, type ServerRule } from './server-rule.ts'

/** What the certificate and the keys are like. */
export const tlsRules: readonly ServerRule[] = [
  certificateFails,
  certificateEnds,
  certificateNames,
  certificateAlone,
  certificateWeak,
  secretsOpen,
  tlsOff,
  reuseAsked,
]

function certificateFails({ certificate }: ServerFacts): Verdict | undefined {
  if (certificate === undefined) return undefined
  const { file, fault, keyFits } = certificate
  const why = fault ?? (keyFits === false ? 'the key does not belong to it' : undefined)
  if (why === undefined) return undefined
  return says(
    'server-certificate-unusable',
    'trouble',
    `The certificate ${file} cannot be used: ${why}.`,
    [],
    [['server', 'Ferry', '--cert fullchain.pem --key privkey.pem, both readable for --run-as USER']],
  )
}

const soonDays = 14

function certificateEnds({ certificate }: ServerFacts): Verdict | undefined {
  const days = certificate?.daysLeft
  if (certificate === undefined || days === undefined || days >= soonDays) return undefined
  const over = days < 0
  return says(
    over ? 'server-certificate-expired' : 'server-certificate-ends-soon',
    over ? 'trouble' : 'note',
    over
      ? `The certificate ${certificate.file} has expired ${-days} days ago.`
      : `The certificate ${certificate.file} ends in ${days} days.`,
    [],
    [
      ['server', 'certbot', 'certbot renew; the timer of certbot must run'],
      ['server', 'Ferry', 'nothing to do then: it reads the file anew when it changes'],
    ],
  )
}

function certificateNames({ certificate, publicAddress }: ServerFacts): Verdict | undefined {
  if (certificate?.names === undefined) return undefined
  const { said } = publicAddress
  if (certificate.names === '') {
    return says(
      'server-certificate-nameless',
      'note',
      `The certificate ${certificate.file} has no names in it (subject alternative names): clients of today take it for nobody.`,
      [],
      [['server', 'you', 'a certificate with DNS:NAME in it']],
    )
  }
  if (said === undefined || certificate.selfSigned === true || holdsName(certificate.names, said))
    return undefined
  return says(
    'server-certificate-other-name',
    'note',
    `The certificate is for ${certificate.names}, and clients are told ${said}.`,
    [],
    [['server', 'you', `a certificate for ${said}`]],
  )
}

function holdsName(names: string, wanted: string): boolean {
  const domain = wanted.replace(/^[^.]+/u, '*')
  return names.split(', ').some((one) => [wanted, domain].includes(one.replace(/^(?:DNS|IP Address):/u, '')))
}

function certificateAlone({ certificate }: ServerFacts): Verdict | undefined {
  if (certificate?.chainLength !== 1 || certificate.selfSigned === true) return undefined
  return says(
    'server-certificate-alone',
    'note',
    `${certificate.file} has the certificate alone, without those that vouch for it: clients cannot follow it up to an authority.`,
    [],
    [['server', 'Ferry', '--cert fullchain.pem, not cert.pem']],
  )
}

function certificateWeak({ certificate }: ServerFacts): Verdict | undefined {
  const bits = certificate?.rsaBits
  if (bits === undefined || bits >= 2048) return undefined
  return says(
    'server-certificate-weak',
    'trouble',
    `The key of the certificate has ${bits} bits, and clients want 2048.`,
    [],
    [['server', 'you', 'a new key: ECDSA P-256, or RSA with 2048 bits']],
  )
}

function secretsOpen({ openSecrets }: ServerFacts): Verdict | undefined {
  if (openSecrets.length === 0) return undefined
  return says(
    'server-secret-readable',
    'trouble',
    `Others than their owner may read ${openSecrets.map(({ file }) => file).join(', ')}.`,
    openSecrets.map(({ file, mode }) => `${file}: ${mode}`),
    [['server', 'you', `chmod 600 ${openSecrets.map(({ file }) => file).join(' ')}`]],
  )
}

function tlsOff({ tls, ports }: ServerFacts): Verdict | undefined {
  if (tls === 'required' || !ports.some(({ service }) => service === 'FTP')) return undefined
  return says(
    tls === 'off' ? 'server-tls-off' : 'server-tls-not-required',
    'note',
    tls === 'off'
      ? 'TLS is off: passwords and files travel in clear.'
      : 'Passwords are taken in clear as well as under TLS.',
    [],
    [['server', 'Ferry', tls === 'off' ? '--tls offered, or --tls required' : '--tls required']],
  )
}

function reuseAsked({ tlsReuse, tls }: ServerFacts): Verdict | undefined {
  if (tls === 'off' || tlsReuse !== 'require') return undefined
  return says(
    'server-tls-reuse-required',
    'note',
    'Data connections must resume the session of the control connection: Python, old Java, .NET and many printers cannot, and are told 522.',
    [],
    [['server', 'Ferry', '--tls-reuse prefer']],
  )
}
