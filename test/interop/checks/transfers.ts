import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { done, exists, makeFile, sha256 } from '../scene.ts'
import type { Checks } from '../suite.ts'

const mebi = 1024 * 1024
const sizes = { '0 B': 0, '1 B': 1, '1 MiB': mebi, '100 MiB': 100 * mebi }

/** Files of all sizes, there and back. */
export function transferChecks({ client, scene, check }: Checks): void {
  for (const [label, size] of Object.entries(sizes)) {
    check(`uploads ${label}`, [client.put], async (put) => {
      const local = scene.local('out.bin')
      await makeFile(local, size)
      done(await put(await scene.usual(), local, '/in.bin'))
      assert.equal(await sha256(scene.served('in.bin')), await sha256(local))
      await rm(scene.served('in.bin'))
    })

    check(`downloads ${label}`, [client.get], async (get) => {
      const local = scene.local('in.bin')
      await rm(local, { force: true })
      await makeFile(scene.served('out.bin'), size)
      done(await get(await scene.usual(), '/out.bin', local))
      assert.equal(await sha256(local), await sha256(scene.served('out.bin')))
      await rm(scene.served('out.bin'))
    })
  }

  check('is told that a file is not there', [client.get], async (get) => {
    const outcome = await get(await scene.usual(), '/nothing.bin', scene.local('nothing.bin'))
    assert.ok(!outcome.ok, `the client believes that it got something:\n${outcome.printed}`)
    assert.ok(!(await exists(scene.served('nothing.bin'))))
  })

  check('replaces a file that is there', [client.put], async (put) => {
    await makeFile(scene.served('replaced.bin'), 5000)
    await makeFile(scene.local('shorter.bin'), 3000)
    done(await put(await scene.usual(), scene.local('shorter.bin'), '/replaced.bin'))
    assert.equal(await sha256(scene.served('replaced.bin')), await sha256(scene.local('shorter.bin')))
  })
}
