import type { Network, Peer } from '../core/network.ts'
import { byteCases } from './conforms-network/bytes.ts'
import type { NetworkCase } from './conforms-network/case.ts'
import { cutCases, endCases } from './conforms-network/ends.ts'
import { deafCases, portCases } from './conforms-network/ports.ts'
import { Scene } from './conforms-network/scene.ts'
import { tlsCases } from './conforms-network/tls.ts'
import { declare, nodeRunner, Skipped, type SuiteOptions } from './runner.ts'

/** A network made for one case, and what ends it. */
export interface NetworkWorld {
  readonly network: Network
  /** An address where a connection is neither accepted nor refused; without one, those cases are skipped. */
  readonly deaf?: () => Promise<Peer>
  end(): Promise<void>
}

/** Where the network is tried, and with how much. */
export interface ConformsNetworkOptions extends SuiteOptions {
  /** The address to listen on and to connect from; `127.0.0.1` when left out. */
  readonly host?: string
  /** How many bytes make a large transfer: 8 MiB when left out. */
  readonly bulk?: number
}

const groups: Record<string, readonly NetworkCase[]> = {
  ports: portCases,
  bytes: byteCases,
  'one direction ends': endCases,
  'both directions end': cutCases,
  'in TLS': tlsCases,
}

/** Judges a Network: its ports and connections, and every promise of `core/network.ts`. */
export function conformsNetwork(
  name: string,
  make: () => Promise<NetworkWorld>,
  options: ConformsNetworkOptions = {},
): void {
  const { runner = nodeRunner, host = '127.0.0.1', bulk = 8 * 1024 * 1024 } = options
  const judge = (title: string, run: (scene: Scene, world: NetworkWorld) => Promise<void>): void =>
    declare(options, title, async () => {
      const world = await make()
      const scene = new Scene(world.network, host, bulk)
      try {
        await run(scene, world)
      } finally {
        await scene.end()
        await world.end()
      }
    })
  runner.describe(`${name} conforms to Network:`, () => {
    for (const [title, cases] of Object.entries(groups)) {
      runner.describe(title, () => {
        for (const one of cases) judge(one.name, (scene) => one.run(scene))
      })
    }
    runner.describe('nobody answers', () => {
      for (const one of deafCases) {
        judge(one.name, async (scene, { deaf }) => {
          if (deaf === undefined) throw new Skipped('this network always answers')
          await one.run(scene, await deaf())
        })
      }
    })
  })
}
