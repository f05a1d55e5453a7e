import type { Findings } from '../findings.ts'
import type { Verdict } from '../verdict.ts'
import { dataRules } from './data.ts'
import { enteringRules } from './entering.ts'
import { reachingRules } from './reaching.ts'
import { certificateRules } from './certificate.ts'
import { familyRules } from './families.ts'
import { paceRules } from './pace.ts'
import { secureRules } from './secure.ts'
import { clientCertificateRules } from './client-certificate.ts'
import { passivePortRules } from './passive-ports.ts'
import { rightsRules } from './rights.ts'
import { sorted } from './sorted.ts'
import { trustRules } from './trust.ts'
import type { Rule } from './rule.ts'

const rules: readonly Rule[] = [
  ...reachingRules,
  ...trustRules,
  ...secureRules,
  ...certificateRules,
  ...clientCertificateRules,
  ...enteringRules,
  ...passivePortRules,
  ...dataRules,
  ...familyRules,
  ...rightsRules,
  ...paceRules,
]

/** What the findings mean, trouble first; where nothing is the matter, one verdict that says so. */
export function judge(found: Findings): readonly Verdict[] {
  return sorted(
    rules.flatMap((rule) => rule(found) ?? []),
    () => healthy(found),
  )
}

function healthy(found: Findings): Verdict {
  const ways = [
    ...(found.epsv?.listed === true ? ['EPSV'] : []),
    ...(found.pasv?.listed === true ? ['PASV'] : []),
    ...(found.portCommand?.outcome === 'works' ? ['PORT'] : []),
    ...(found.eprt?.outcome === 'works' ? ['EPRT'] : []),
  ]
  return {
    id: 'healthy',
    weight: 'fine',
    sentence: `It works from here: you can log in, and listings come by ${ways.join(', ')}${underTls(found)}.`,
    evidence: [],
    fixes: [],
    broken: 'none',
  }
}

function underTls({ security, tls }: Findings): string {
  const listed = tls?.epsv?.listed === true || tls?.pasv?.listed === true
  const version = tls?.handshake?.version
  if (!listed || version === undefined) return ''
  return security === 'clear' ? `, in clear and under ${version}` : ` under ${version}`
}
