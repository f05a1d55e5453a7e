import { report, type Row } from '../report.ts'
import type { Outcome } from '../step.ts'
import type { Verdict } from '../verdict.ts'
import type { PortFact, ServerFacts } from './facts.ts'
import { rangeOf } from './range-of.ts'

/** What was looked at, the way from outside, and what it means. */
export function reportServer(facts: ServerFacts, verdicts: readonly Verdict[]): string {
  const { publicAddress, passive, certificate, disk, outside } = facts
  const rows: readonly Row[] = [
    ['server', fine(facts.running), facts.running ? 'runs' : 'does not run'],
    ['addresses', fine(true), facts.addresses.join(', ')],
    [
      'public',
      publicAddress.said === undefined ? undefined : fine(publicAddress.fault === undefined),
      `${publicAddress.said ?? ''} ${publicAddress.addresses.join(', ')}`,
    ],
    ...facts.ports.map((port) => [port.service, fine(isUsable(port)), aboutPort(port)] as const),
    [
      'passive',
      fine(typeof passive === 'string' || passive.firewall !== 'drops'),
      typeof passive === 'string' ? passive : `${rangeOf(passive)}, firewall: ${passive.firewall}`,
    ],
    [
      'certificate',
      certificate && fine(certificate.fault === undefined && (certificate.daysLeft ?? 0) >= 0),
      certificate && `${certificate.file}, ${certificate.fault ?? `${certificate.daysLeft ?? 0} days left`}`,
    ],
    ['disk', disk && fine(true), disk && `${Math.floor(disk.freeBytes / 1024 / 1024)} MiB free`],
    ['accounts', fine(facts.homes.length === 0), `${facts.accounts}, ${facts.bans} bans`],
    ...(outside?.ports ?? []).map(
      ({ port, outcome, reply }) =>
        [`outside ${port}`, fine(outcome === 'reached'), reply ?? outcome] as const,
    ),
  ]
  return report(rows, drawServer(facts), verdicts)
}

function fine(isFine: boolean): { readonly outcome: Outcome; readonly ms: number } {
  return { outcome: isFine ? 'works' : 'rejected', ms: 0 }
}

function isUsable({ state, firewall }: PortFact): boolean {
  return (state === 'free' || state === 'ours') && firewall !== 'drops'
}

function aboutPort({ port, transport, state, firewall }: PortFact): string {
  return `${port}/${transport} ${state}, firewall: ${firewall}`
}

/** Who comes, and through what. */
function drawServer({ outside, ports, publicAddress, addresses }: ServerFacts): string {
  const outer = outside?.sees ?? publicAddress.addresses[0] ?? 'the world'
  const inner = addresses.find((one) => one.includes('.') && !one.startsWith('127.')) ?? 'this machine'
  const lines = ports.map((port) => {
    const seen = outside?.ports.find((one) => one.port === port.port)?.outcome
    const blocked = seen === 'not reached' || !isUsable(port)
    return `  ${port.service.padEnd(8)}  ${blocked ? '---------X         ' : '------------------>'} port ${port.port}`
  })
  return [`  ${outer.padEnd(29)} ${inner}`, ...lines].join('\n')
}
