import { familyOf, isPrivate, isUnspecified } from '../../core/address.ts'
import type { ActiveStep, PassiveStep } from '../step.ts'
import type { Findings } from '../findings.ts'
import type { Fix, Verdict } from '../verdict.ts'
import { oneFamilyBlocked } from './families.ts'
import { openPassivePorts, sayPublicAddress, useActiveMode, usePassiveMode } from './fixes.ts'
import { listingStalls } from './listing-stalls.ts'
import { isMixed } from './passive-ports.ts'
import { refusedListings } from './rights.ts'
import { roundTripFails } from './round-trip.ts'
import type { Rule } from './rule.ts'

/** What is the matter with the second connection, the one that files travel on. */
export const dataRules: readonly Rule[] = [
  noWayAtAll,
  passiveBlocked,
  passiveRefused,
  wrongAddress,
  extendedPassiveMissing,
  rewritten,
  activeBlocked,
  activeFromElsewhere,
  roundTripFails,
]

/** The first that was agreed on and then could not be used. */
function failed(found: Findings): PassiveStep | undefined {
  const tried = [found.epsv, found.pasv].filter((step) => step !== undefined)
  if (passiveWorks(found)) return undefined
  return tried.find((step) => step.named !== undefined)
}

function passiveWorks({ epsv, pasv, tries = [] }: Findings): boolean {
  return [epsv, pasv, ...tries].some((step) => step?.listed === true)
}

function activeWorks({ portCommand, eprt }: Findings): boolean {
  return portCommand?.outcome === 'works' || eprt?.outcome === 'works'
}

function noWayAtAll(found: Findings): Verdict | undefined {
  if (found.login?.outcome !== 'works' || passiveWorks(found) || activeWorks(found)) return undefined
  if (isMixed(found) || oneFamilyBlocked(found)) return undefined
  if (refusedListings(found).length > 0 || listingStalls(found)) return undefined
  const step = failed(found)
  const evidence = [...passiveEvidence(found), ...activeEvidence(found)]
  if (step === undefined) {
    return {
      id: 'no-data-connection',
      weight: 'trouble',
      sentence:
        'The server agrees to no data connection that can be made: it refuses passive mode, and active mode does not arrive.',
      evidence,
      fixes: [...openPassivePorts()],
      broken: 'passive',
    }
  }
  return {
    id: 'no-data-connection',
    weight: 'trouble',
    sentence: `You can log in, but no data connection comes about either way: ${whyPassive(step, found)}, and the server cannot reach you for active mode.`,
    evidence,
    fixes: openPassivePorts(),
    broken: 'passive',
  }
}

function passiveBlocked(found: Findings): Verdict | undefined {
  const step = failed(found)
  if (step === undefined || !activeWorks(found) || oneFamilyBlocked(found)) return undefined
  if (isMixed(found) || refusedListings(found).length > 0 || listingStalls(found)) return undefined
  return {
    id: step.outcome === 'refused' ? 'passive-port-refused' : 'passive-port-filtered',
    weight: 'trouble',
    sentence: `Passive mode fails, since ${whyPassive(step, found)}; active mode works from here.`,
    evidence: passiveEvidence(found),
    fixes: [...openPassivePorts(), ...useActiveMode()],
    broken: 'passive',
  }
}

/** No port is named at all, and whoever comes by active mode gets through: that few do by themselves. */
function passiveRefused(found: Findings): Verdict | undefined {
  const steps = [found.epsv, found.pasv].filter((step) => step !== undefined)
  if (steps.length === 0 || !activeWorks(found)) return undefined
  if (steps.some(({ named, outcome }) => named !== undefined || outcome !== 'rejected')) return undefined
  const noPort = steps.every(({ reply }) => reply?.startsWith('4') === true)
  return {
    id: noPort ? 'passive-no-port' : 'passive-off',
    weight: 'trouble',
    sentence: noPort
      ? 'The server finds no free port for passive mode, which most clients use; active mode works from here.'
      : 'The server refuses passive mode, which most clients use; active mode works from here.',
    evidence: passiveEvidence(found),
    fixes: [
      { side: 'server', program: 'vsftpd', line: 'pasv_enable=YES in vsftpd.conf' },
      { side: 'server', program: 'ProFTPD', line: '<Limit PASV EPSV> AllowAll' },
      ...openPassivePorts(),
      ...useActiveMode(),
    ],
    broken: 'passive',
  }
}

function whyPassive(step: PassiveStep, found: Findings): string {
  const port = step.named?.port ?? 0
  switch (step.outcome) {
    case 'refused':
      return `the server named port ${port} and nothing listens there as seen from here (a router forwards port ${found.port} alone, or a firewall rejects what comes to others)`
    case 'silence':
      return `the server named port ${port} and a firewall drops what is sent there`
    case 'unreachable':
      return step.elsewhere === true
        ? `the server named ${step.named?.address ?? ''} port ${port}, and there is no way to there`
        : `the server named port ${port}, and the answer from there is that it cannot be reached: a firewall rejects it (firewalld does so), or a router forwards it to a machine that is not there`
    case 'cut':
      return `the connection to port ${port}, which the server named, broke`
    case 'rejected':
    case 'not-tried':
    case 'works':
      return `over port ${port}, which the server named, no whole listing came`
  }
}

function wrongAddress(found: Findings): Verdict | undefined {
  const { pasv, peer = '' } = found
  if (pasv?.named === undefined || pasv.elsewhere !== true) return undefined
  const { address, port } = pasv.named
  if (isPrivate(peer) && !isPrivate(address) && !isUnspecified(address)) return publicInside(pasv, peer)
  const words = isUnspecified(address)
    ? 'which is no address at all'
    : isPrivate(address) && !isPrivate(peer)
      ? 'which is private and means nothing outside its own network'
      : 'which is not the address that you talk to'
  const works = pasv.listed === true
  return {
    id: isUnspecified(address)
      ? 'pasv-no-address'
      : isPrivate(address)
        ? 'pasv-private-address'
        : 'pasv-other-address',
    weight: works || found.epsv?.listed === true ? 'note' : 'trouble',
    sentence: `PASV says ${address}, ${words}: clients that believe it hang; ${peer} port ${port} ${pasv.atPeer === 'works' ? 'answers' : 'does not answer either'}.`,
    evidence: [pasv.reply ?? '', `the control connection goes to ${peer}`],
    fixes: sayPublicAddress(peer),
    broken: works ? 'none' : 'passive',
  }
}

/** The address for outside, told to somebody inside: what those outside need, and of use here where the router turns back. */
function publicInside(
  { named, reply = '', listed, atPeer, outcome }: PassiveStep,
  peer: string,
): Verdict | undefined {
  if (outcome === 'works' && atPeer === undefined) return undefined
  return {
    id: 'pasv-public-address-inside',
    weight: 'note',
    sentence: `PASV says ${named?.address ?? ''}, the address of the server for those outside, and you are inside, where it cannot be reached: clients that believe it hang; ${peer} port ${named?.port ?? 0} ${atPeer === 'works' ? 'answers' : 'does not answer either'}.`,
    evidence: [reply, `the control connection goes to ${peer}`],
    fixes: [
      {
        side: 'router',
        program: 'you',
        line: 'hairpin NAT (NAT loopback), and a name that leads everybody to the public address',
      },
      {
        side: 'server',
        program: 'Ferry',
        line: '--public-address: it tells clients inside the address that they came to',
      },
      { side: 'server', program: 'vsftpd', line: 'a second instance for inside, without pasv_address' },
      {
        side: 'server',
        program: 'ProFTPD',
        line: `<VirtualHost ${peer}> without MasqueradeAddress, for those inside`,
      },
      {
        side: 'server',
        program: 'FileZilla Server',
        line: 'Passive mode: do not use the external address for local connections',
      },
      {
        side: 'client',
        program: 'Ferry',
        line: 'nothing to do: it connects to the address of the control connection',
      },
      { side: 'client', program: 'lftp', line: 'set ftp:fix-pasv-address yes' },
    ],
    broken: listed === true ? 'none' : 'passive',
  }
}

function extendedPassiveMissing(found: Findings): Verdict | undefined {
  const { epsv, pasv } = found
  if (epsv === undefined || epsv.listed === true || pasv?.listed !== true || isMixed(found)) return undefined
  const refused = epsv.named === undefined
  if (refused && epsv.reply === undefined) return swallowed(epsv)
  return {
    id: refused ? 'epsv-refused' : 'epsv-blocked',
    weight: 'note',
    sentence: refused
      ? 'The server knows PASV and not EPSV: it works with IPv4, and costs each session one question more.'
      : 'EPSV is answered, but the port that it names cannot be used, while that of PASV can: something between understands only PASV.',
    evidence: [epsv.reply ?? epsv.text ?? epsv.outcome],
    fixes: leaveEpsv,
    broken: 'none',
  }
}

const leaveEpsv: readonly Fix[] = [
  { side: 'client', program: 'Ferry', line: '--mode pasv' },
  { side: 'client', program: 'curl', line: '--disable-epsv' },
  { side: 'client', program: 'lftp', line: 'set ftp:prefer-epsv no' },
]

function swallowed({ ms }: PassiveStep): Verdict {
  return {
    id: 'epsv-swallowed',
    weight: 'note',
    sentence:
      'EPSV gets no answer at all, while PASV does: something between swallows it, and clients that begin with it hang.',
    evidence: [`EPSV: nothing within ${ms} ms`],
    fixes: [
      ...leaveEpsv,
      {
        side: 'router',
        program: 'you',
        line: 'switch off its FTP helper (ALG, inspection), or teach it RFC 2428',
      },
    ],
    broken: 'none',
  }
}

/** A server of ours repeats what arrived, so that a router that rewrites is seen at work. */
function rewritten({ diagnosis, portCommand, local }: Findings): Verdict | undefined {
  if (diagnosis?.arrived === undefined || portCommand === undefined) return undefined
  const { address, port } = portCommand.told
  const sent = `${address.replaceAll('.', ',')},${port >> 8},${port & 255}`
  if (sent === diagnosis.arrived) return undefined
  return {
    id: 'port-rewritten',
    weight: 'note',
    sentence: `A router between rewrites PORT: ${sent} was sent, and ${diagnosis.arrived} arrived.`,
    evidence: [
      `this machine is ${local ?? address}`,
      `the server sees ${diagnosis.peer ?? 'another address'}`,
    ],
    fixes: [
      {
        side: 'router',
        program: 'you',
        line: 'it does so on port 21 alone and never under TLS: with either, use passive mode',
      },
      ...usePassiveMode(),
    ],
    broken: 'none',
  }
}

function activeBlocked(found: Findings): Verdict | undefined {
  if (activeWorks(found) || !passiveWorks(found)) return undefined
  const step = found.portCommand ?? found.eprt
  if (step === undefined || step.outcome === 'not-tried') return undefined
  const translated =
    found.diagnosis?.peer !== undefined && !found.diagnosis.peer.startsWith(`${step.told.address} `)
  const natSeen = translated || (isPrivate(step.told.address) && !isPrivate(found.peer ?? ''))
  return {
    id: natSeen ? 'active-behind-nat' : 'active-blocked',
    weight: 'note',
    sentence: natSeen
      ? `Active mode cannot work from here: this machine is ${step.told.address} behind a router, and the server cannot connect to that. Passive mode works.`
      : `Active mode does not work from here: ${whyActive(step)}. Passive mode works.`,
    evidence: activeEvidence(found),
    fixes: usePassiveMode(),
    broken: 'active',
  }
}

function whyActive(step: ActiveStep): string {
  // 425 is about the connection: the server has tried (RFC 959 §5.4).
  if (step.outcome === 'rejected' && step.reply?.startsWith('425') !== true) return 'the server refuses it'
  if (step.outcome === 'cut') return 'the connection broke'
  return `nobody arrived at port ${step.told.port} here, as a firewall before this machine lets nobody in, or one at the server lets nobody out`
}

/** Firewalls that let a data connection in expect it from where the session is. */
function activeFromElsewhere({ portCommand, eprt, peer = '' }: Findings): Verdict | undefined {
  const came = [portCommand, eprt].flatMap((step) => step?.cameFrom ?? [])
  const other = came.find(({ address }) => familyOf(address) === familyOf(peer) && address !== peer)
  if (other === undefined) return undefined
  return {
    id: 'active-from-elsewhere',
    weight: 'note',
    sentence: `In active mode the server comes from ${other.address}, and not from ${peer}, which you talk to: firewalls and careful clients let nobody in from there.`,
    evidence: [`it came from ${other.address} port ${other.port}`],
    fixes: [
      { side: 'server', program: 'ProFTPD', line: `SocketBindTight on, and DefaultAddress ${peer}` },
      { side: 'server', program: 'vsftpd', line: `listen_address=${peer}` },
      {
        side: 'router',
        program: 'nftables',
        line: `snat to ${peer} for what the server begins, as for what it answers`,
      },
      ...usePassiveMode(),
    ],
    broken: 'none',
  }
}

function passiveEvidence({ epsv, pasv }: Findings): readonly string[] {
  return [
    ...(epsv === undefined ? [] : [`EPSV: ${about(epsv)}`]),
    ...(pasv === undefined ? [] : [`PASV: ${about(pasv)}`]),
  ]
}

function about({ outcome, named, reply, text, ms }: PassiveStep): string {
  const where = named === undefined ? '' : ` (${named.address} port ${named.port}: ${outcome} after ${ms} ms)`
  return `${reply ?? text ?? outcome}${where}`
}

function activeEvidence({ portCommand, eprt }: Findings): readonly string[] {
  return [...aboutActive('PORT', portCommand), ...aboutActive('EPRT', eprt)]
}

function aboutActive(verb: string, step: ActiveStep | undefined): readonly string[] {
  if (step === undefined) return []
  const { address, port } = step.told
  return [`${verb} ${address} port ${port}: ${step.outcome} ${step.reply ?? step.text ?? ''}`.trim()]
}
