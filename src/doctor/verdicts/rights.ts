import type { PassiveStep } from '../step.ts'
import type { Findings } from '../findings.ts'
import type { Verdict } from '../verdict.ts'
import type { Rule } from './rule.ts'

/** What the account may not do, though all connections come about. */
export const rightsRules: readonly Rule[] = [listingRefused, downloadRefused]

/** The listings that the server would not give, over data connections that stood. */
export function refusedListings({ epsv, pasv }: Findings): readonly PassiveStep[] {
  const steps = [epsv, pasv].filter((step) => step?.listing !== undefined) as readonly PassiveStep[]
  return steps.every((step) => step.outcome === 'works' && isRefused(step.listing?.reply ?? '')) ? steps : []
}

/** 425, 426 and 522 are about the connection; vsftpd says 226 of a folder that it could not open. */
function isRefused(reply: string): boolean {
  if (/\b(?:reus|resum)/iu.test(reply)) return false
  return /^(?:45[01]|5(?!22)\d\d)\b|failed to open directory/u.test(reply)
}

function listingRefused(found: Findings): Verdict | undefined {
  const steps = refusedListings(found)
  if (steps.length === 0) return undefined
  return {
    id: 'listing-refused',
    weight: 'trouble',
    sentence:
      'You can log in and data connections come about, and the server does not list the folder: the account may not, or its system does not let it.',
    evidence: steps.map((step) => `LIST: ${step.listing?.reply ?? ''}`),
    fixes: [
      { side: 'server', program: 'you', line: 'let the account read and enter the folder (chmod o+rx)' },
      { side: 'server', program: 'Ferry', line: 'ferry explain USER / list' },
      { side: 'server', program: 'vsftpd', line: 'dirlist_enable=YES in vsftpd.conf' },
      { side: 'server', program: 'ProFTPD', line: '<Limit DIRS> AllowAll' },
      { side: 'server', program: 'IIS', line: 'FTP Authorization Rules: Read' },
      { side: 'server', program: 'SELinux', line: 'setsebool -P ftpd_full_access on' },
    ],
    broken: 'none',
  }
}

function downloadRefused({ sample, epsv, pasv }: Findings): Verdict | undefined {
  if (sample?.outcome !== 'rejected' || sample.bytes > 0) return undefined
  const name = epsv?.listing?.file ?? pasv?.listing?.file ?? 'a file'
  return {
    id: 'download-refused',
    weight: 'note',
    sentence: `${name} is listed and may not be fetched.`,
    evidence: [`RETR: ${sample.reply ?? ''}`],
    fixes: [
      { side: 'server', program: 'you', line: 'let the account read the file (chmod o+r)' },
      { side: 'server', program: 'Ferry', line: 'ferry explain USER PATH download' },
      {
        side: 'server',
        program: 'vsftpd',
        line: 'download_enable=YES; guests get what all may read, unless anon_world_readable_only=NO',
      },
      { side: 'server', program: 'ProFTPD', line: '<Limit RETR> AllowAll' },
    ],
    broken: 'none',
  }
}
