import assert from 'node:assert/strict'
import { mkdir, rm } from 'node:fs/promises'
import { allWays, type Cannot, type Place, type WayOver } from '../interop-client.ts'
import { done, hasIpv6, makeFile, sha256 } from '../scene.ts'
import type { Checks } from '../suite.ts'
import { assertListed } from './access.ts'

const size = 200_000

/** Every way to a data connection: a listing, a download, an upload. */
export function wayChecks({ client, scene, check }: Checks): void {
  for (const way of allWays) {
    check(`transfers by ${way}`, [able(way)], async (way) => {
      await transferAll(await scene.at(way), way.slice(0, 4))
    })
  }

  check('transfers from a server that listens on all addresses', [], async () => {
    await transferAll(await scene.usual('all addresses'), client.usualWay)
  })

  function able(way: WayOver): WayOver | Cannot {
    const reason = client.noWay[way]
    if (reason !== undefined) return { cannot: reason }
    return hasIpv6 || !way.endsWith('IPv6') ? way : { cannot: 'this machine has no address ::1' }
  }

  async function transferAll(at: Place, verb: string): Promise<void> {
    await mkdir(scene.served('ways'), { recursive: true })
    await makeFile(scene.served('ways/down.bin'), size)
    await makeFile(scene.local('up.bin'), size)
    await rm(scene.local('down.bin'), { force: true })
    assertListed(done(await client.list(at, '/ways')).printed, 'down.bin', size)
    done(await client.get(at, '/ways/down.bin', scene.local('down.bin')))
    assert.equal(await sha256(scene.local('down.bin')), await sha256(scene.served('ways/down.bin')))
    if (!('cannot' in client.put)) {
      done(await client.put(at, scene.local('up.bin'), '/ways/up.bin'))
      assert.equal(await sha256(scene.served('ways/up.bin')), await sha256(scene.local('up.bin')))
    }
    const said = scene.transcript().match(/^> (?:PASV|EPSV|PORT|EPRT)/gmu) ?? []
    assert.deepEqual([...new Set(said)], [`> ${verb}`], 'the client went another way than the one asked for')
  }
}
