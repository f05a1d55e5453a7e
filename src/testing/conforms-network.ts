import { describe, test, type TestContext } from 'node:test'
import type { Network, Peer } from '../core/network.ts'
import { byteCases } from './conforms-network/bytes.ts'
import type { NetworkCase } from './conforms-network/case.ts'
import { cutCases, endCases } from './conforms-network/ends.ts'
import { deafCases, portCases } from './conforms-network/ports.ts'
import { Scene } from './conforms-network/scene.ts'
import { tlsCases } from './conforms-network/tls.ts'

/** A network made for one case, and what ends it. */
export interface NetworkWorld {
  readonly network: Network
  /** An address where a connection is neither accepted nor refused; without one, those cases are skipped. */
  readonly deaf?: () => Promise<Peer>
  end(): Promise<void>
}

export interface ConformsNetworkOptions {
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

/** What a case that waits for ever is stopped after. */
const timeout = 60_000

/** Judges a Network: its ports and connections, and every promise of `core/network.ts`. */
export function conformsNetwork(
  name: string,
  make: () => Promise<NetworkWorld>,
  options: ConformsNetworkOptions = {},
): void {
  const inScene = async (
    context: TestContext,
    run: (scene: Scene, world: NetworkWorld) => Promise<void>,
  ): Promise<void> => {
    const world = await make()
    const scene = new Scene(world.network, options.host ?? '127.0.0.1', options.bulk ?? 8 * 1024 * 1024)
    context.after(async () => {
      await scene.end()
      await world.end()
    })
    await run(scene, world)
  }
  describe(`${name} conforms to Network:`, () => {
    for (const [title, cases] of Object.entries(groups)) {
      describe(title, () => {
        for (const one of cases) {
          test(one.name, { timeout }, (context) => inScene(context, (scene) => one.run(scene)))
        }
      })
    }
    describe('nobody answers', () => {
      for (const one of deafCases) {
        test(one.name, { timeout }, (context) =>
          inScene(context, async (scene, { deaf }) => {
            if (deaf === undefined) return context.skip('this network always answers')
            await one.run(scene, await deaf())
          }),
        )
      }
    })
  })
}
