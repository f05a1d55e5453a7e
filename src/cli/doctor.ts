import { systemClock } from '../core/clock.ts'
import { knownCertificates } from '../client/known-certificates.ts'
import type { Security } from '../doctor/checks/examination.ts'
import { examineFtp } from '../doctor/examine-ftp.ts'
import { reportFtp } from '../doctor/report-ftp.ts'
import { examineSftp } from '../doctor/sftp/examine-sftp.ts'
import { reportSftp } from '../doctor/sftp/report-sftp.ts'
import { judgeSftp } from '../doctor/sftp/verdicts.ts'
import { examineTftp } from '../doctor/tftp/examine-tftp.ts'
import { reportTftp } from '../doctor/tftp/report-tftp.ts'
import { judgeTftp } from '../doctor/tftp/verdicts.ts'
import type { Verdict } from '../doctor/verdict.ts'
import { judge } from '../doctor/verdicts/all.ts'
import { tcpNetwork } from '../net/tcp.ts'
import { parseDoctorWords, saysWhomToTrust, securities, type DoctorWords } from './doctor/doctor-words.ts'
import { masking } from '../core/masking.ts'
import { sshHosts } from './fetching/ssh-hosts.ts'

/** `ferry doctor URL` and `ferry doctor --server`: why it works or doesn't, and which line to change. */
export async function doctorCommand(words: readonly string[]): Promise<number> {
  if (words.includes('--server'))
    return (await import('./doctor/doctor-server.ts')).doctorServerCommand(words)
  const asked = await parseDoctorWords(words)
  const password = asked.password ?? process.env['FERRY_PASSWORD']
  // Whatever a server repeats of what it was sent: the password is never shown.
  const mask = masking(password)
  const { found, verdicts, text } = await examine(asked, password, (from, line) => {
    if (asked.verbose) process.stderr.write(mask(`${from === 'client' ? '>' : '<'} ${line}\n`))
  })
  process.stdout.write(mask(asked.json ? `${JSON.stringify({ found, verdicts })}\n` : text))
  return exitStatus(verdicts)
}

interface Examined {
  readonly found: unknown
  readonly verdicts: readonly Verdict[]
  readonly text: string
}

type Said = (from: 'client' | 'server', line: string) => void

async function examine(asked: DoctorWords, password: string | undefined, said: Said): Promise<Examined> {
  switch (asked.scheme) {
    case 'ftp':
    case 'ftpes':
    case 'ftps':
      // As with our client: who says whom to trust does not want to be in clear.
      return saysWhomToTrust(asked.trust) && asked.scheme === 'ftp'
        ? ftp(asked, 'explicit', password, said)
        : ftp(asked, securities[asked.scheme], password, said)
    case 'sftp':
      return sftp(asked, password, said)
    case 'tftp':
      return tftp(asked)
  }
}

async function ftp(
  asked: DoctorWords,
  security: Security,
  password: string | undefined,
  said: Said,
): Promise<Examined> {
  const { known, ...trust } = asked.trust
  const found = await examineFtp({
    ...reaching(asked, security === 'implicit' ? 990 : 21),
    user: asked.user ?? 'anonymous',
    password: password ?? 'ferry-doctor@',
    security,
    anyCertificate: asked.trustOnce,
    trust: typeof known === 'string' ? { ...trust, known: knownCertificates(known) } : trust,
    idleMs: asked.idleMs,
    mayWrite: asked.mayWrite,
    said,
  })
  const verdicts = judge(found)
  return { found, verdicts, text: reportFtp(found, verdicts) }
}

async function sftp(asked: DoctorWords, password: string | undefined, said: Said): Promise<Examined> {
  const hosts = sshHosts({
    secret: async () => undefined,
    trust: async () => (asked.trustOnce ? 'once' : 'no'),
  })
  const { host, port, user } = asked
  const access = await hosts.find({
    host,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
  })
  const found = await examineSftp({
    ...reaching({ ...asked, host: access.hostName }, access.port),
    access,
    ...(password === undefined ? {} : { password }),
    mayWrite: asked.mayWrite,
    said,
  })
  const verdicts = judgeSftp(found)
  return { found, verdicts, text: reportSftp(found, verdicts) }
}

async function tftp(asked: DoctorWords): Promise<Examined> {
  const { file } = asked
  const found = await examineTftp({ ...reaching(asked, 69), ...(file === undefined ? {} : { file }) })
  const verdicts = judgeTftp(found)
  return { found, verdicts, text: reportTftp(found, verdicts) }
}

function reaching({ host, port, patienceMs }: DoctorWords, usualPort: number) {
  return { network: tcpNetwork(), clock: systemClock, host, port: port ?? usualPort, patienceMs }
}

/** The statuses of all commands: 3 could not connect, 4 not let in, 5 refused by the other side, 7 not trusted. */
function exitStatus(verdicts: readonly Verdict[]): number {
  const [first] = verdicts
  if (first?.weight !== 'trouble') return 0
  switch (first.broken) {
    case 'name':
    case 'control':
      return 3
    case 'tls':
      return 7
    case 'login':
      return 4
    case 'passive':
    case 'active':
    case 'none':
      return 5
  }
}
