import { NetworkError } from '../../core/error.ts'
import type { Port } from '../../core/network.ts'
import { inOwnSession, type Begun } from '../checks/begin.ts'
import type { Examination } from '../checks/examination.ts'
import type { OutsideFact } from './facts.ts'

type PortSeen = OutsideFact['ports'][number]

/**
 * Has a Ferry elsewhere look at these ports of ours. It connects to where we come from and to nobody else, and sends nothing
 * (RFC 2577 §3), so that nobody can be sent against a third. Ports that nothing listens on yet are listened on meanwhile.
 */
export async function lookFromOutside(peer: Examination, ports: readonly number[]): Promise<OutsideFact> {
  const [address] = await peer.network.lookup(peer.host).catch(notFound)
  if (address === undefined) return { ports: [], fault: `${peer.host} is not known` }
  const held = await Promise.all(ports.map((port) => hold(peer, port)))
  try {
    const seen = await session(peer, address, (begun) => whoWeAre(begun))
    if (seen === undefined) return { ports: [], fault: `${peer.host} lets nobody in, or is no Ferry` }
    const looked = await Promise.all(
      ports.map(
        async (port) => (await session(peer, address, (begun) => ask(begun, port))) ?? notAsked(port),
      ),
    )
    return { sees: seen, ports: looked }
  } finally {
    for (const port of held) await port?.close()
  }
}

function notAsked(port: number): PortSeen {
  return { port, outcome: 'not asked' }
}

function session<Found>(
  peer: Examination,
  address: string,
  work: (begun: Begun) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const tls = peer.security !== 'clear'
  return inOwnSession<Found | undefined>(peer, address, tls, work, () => undefined)
}

/** The address that the peer sees us come from; undefined: it does not say, as it is no Ferry. */
async function whoWeAre({ examination, dialogue }: Begun): Promise<string | undefined> {
  const heard = await dialogue.say('SITE DIAG', examination.patienceMs)
  const line = heard.reply?.lines.map((one) => one.trim()).find((one) => one.startsWith('peer: '))
  return line?.slice('peer: '.length).split(' ')[0]
}

async function ask({ examination, dialogue }: Begun, port: number): Promise<PortSeen> {
  const heard = await dialogue.say(`SITE DIAG CONNECT ${port}`, examination.patienceMs)
  const code = heard.reply?.code
  const reply = heard.reply === undefined ? {} : { reply: `${code} ${heard.reply.lines.join(' ')}` }
  if (code === 200) return { port, outcome: 'reached', ...reply }
  return { port, outcome: code === 425 ? 'not reached' : 'not asked', ...reply }
}

async function hold({ network }: Examination, port: number): Promise<Port | undefined> {
  try {
    return await network.listen({ host: '0.0.0.0', port }, (conn) => conn.destroy())
  } catch (thrown) {
    // Somebody listens there already, who answers as well; or nobody may.
    if (thrown instanceof NetworkError) return undefined
    throw thrown
  }
}

function notFound(thrown: unknown): readonly string[] {
  if (thrown instanceof NetworkError) return []
  throw thrown
}
