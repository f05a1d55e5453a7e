import type { Findings } from '../step.ts'
import type { Verdict } from '../verdict.ts'
import { refusedForCertificate } from './client-certificate.ts'
import type { Rule } from './rule.ts'

/** Why the server does not let in. */
export const enteringRules: readonly Rule[] = [loginFails]

function loginFails({ login, features }: Findings): Verdict | undefined {
  if (login === undefined || login.outcome === 'works' || login.outcome === 'not-tried') return undefined
  if (refusedForCertificate(login)) return undefined
  const reply = login.reply ?? ''
  const common = {
    weight: 'trouble',
    broken: 'login',
    evidence: [reply === '' ? 'no answer' : reply],
  } as const
  const offersTls = features?.names.some((name) => /^AUTH\b/iu.test(name)) === true
  if (login.outcome === 'silence' || login.outcome === 'cut') {
    return {
      ...common,
      id: 'login-silent',
      sentence:
        login.outcome === 'cut'
          ? 'The server closes the connection when someone logs in.'
          : 'The server does not answer to the login.',
      fixes: [
        {
          side: 'server',
          program: 'you',
          line: 'its log tells why; slow name look-ups and a full disk are usual',
        },
        {
          side: 'router',
          program: 'you',
          line: 'an FTP helper in a firewall may break the session: try another port',
        },
      ],
    }
  }
  if (
    /\b(?:TLS|SSL|encrypt\w*|secure|AUTH)\b/iu.test(reply) ||
    (offersTls && /^(?:421|503|522|534|550)/u.test(reply))
  ) {
    return {
      ...common,
      id: 'login-needs-tls',
      sentence: 'The server lets nobody in without TLS.',
      fixes: [
        { side: 'client', program: 'Ferry', line: 'ftpes://… instead of ftp://…' },
        { side: 'client', program: 'lftp', line: 'set ftp:ssl-force true' },
        { side: 'client', program: 'curl', line: '--ssl-reqd' },
        { side: 'client', program: 'FileZilla', line: 'Encryption: Require explicit FTP over TLS' },
        { side: 'client', program: 'WinSCP', line: 'Encryption: TLS/SSL Explicit encryption' },
      ],
    }
  }
  return {
    ...common,
    id: 'login-refused',
    sentence: 'The server knows you not, or not with this password.',
    fixes: [
      {
        side: 'client',
        program: 'you',
        line: 'check the user name (upper and lower case count) and the password',
      },
      {
        side: 'server',
        program: 'vsftpd',
        line: 'the shell of the account must be in /etc/shells (pam_shells), and chroot must not be writable',
      },
      { side: 'server', program: 'ProFTPD', line: 'RequireValidShell off' },
      { side: 'server', program: 'Ferry', line: 'ferry user show NAME' },
    ],
  }
}
