import type { Speaks } from '../step.ts'
import type { Verdict } from '../verdict.ts'

/** Another protocol stands on the port than the one that was meant. */
export function speaksOther(speaks: Speaks, meant: 'FTP' | 'SSH', host: string, port: number): Verdict {
  return {
    id: `speaks-${speaks}`,
    weight: 'trouble',
    sentence: `Port ${port} of ${host} is not ${meant}: it is ${nameOf(speaks)}.`,
    evidence: [`its first bytes are those of ${nameOf(speaks)}`],
    fixes: [{ side: 'client', program: 'Ferry', line: urlFor(speaks, host, port) }],
    broken: 'control',
  }
}

/** A protocol in words. */
export function nameOf(speaks: Speaks): string {
  const names: Readonly<Record<Speaks, string>> = {
    ftp: 'FTP',
    ssh: 'an SSH server (SFTP)',
    http: 'a web server',
    tls: 'TLS (FTPS where TLS comes first, or HTTPS)',
    smtp: 'a mail server',
    nothing: 'nothing',
    unknown: 'something else',
  }
  return names[speaks]
}

/** What to ask a port for that speaks something else. */
export function urlFor(speaks: Speaks, host: string, port: number): string {
  switch (speaks) {
    case 'ftp':
      return port === 21 ? `ftp://${host}/` : `ftp://${host}:${port}/`
    case 'ssh':
      return port === 22 ? `sftp://${host}/` : `sftp://${host}:${port}/`
    case 'tls':
      return port === 990 ? `ftps://${host}/` : `ftps://${host}:${port}/`
    case 'http':
    case 'smtp':
    case 'nothing':
    case 'unknown':
      return 'ask for the right port: FTP is mostly on 21, SFTP on 22, FTPS on 990'
  }
}
