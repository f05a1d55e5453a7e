import assert from 'node:assert/strict'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hardNames, type Cannot, type HardName } from '../interop-client.ts'
import { done, exists } from '../scene.ts'
import type { Checks } from '../suite.ts'
import { assertListed } from './access.ts'

/** Names that are not just letters. */
export function nameChecks({ client, scene, check }: Checks): void {
  for (const [kind, name] of Object.entries(hardNames) as [HardName, string][]) {
    const reason = client.noName[kind]
    const needed: { readonly name: string } | Cannot = reason === undefined ? { name } : { cannot: reason }

    check(`a name with ${kind} is listed and downloaded`, [needed], async ({ name }) => {
      await mkdir(scene.served('names'), { recursive: true })
      await writeFile(scene.served(`names/${name}`), 'twelve bytes')
      const at = await scene.usual()
      assertListed(done(await client.list(at, '/names')).printed, name, 12)
      await rm(scene.local('named'), { force: true })
      done(await client.get(at, `/names/${name}`, scene.local('named')))
      assert.equal(await readFile(scene.local('named'), 'utf8'), 'twelve bytes')
    })

    check(
      `a name with ${kind} is uploaded and deleted`,
      [needed, client.put, client.remove],
      async ({ name }, put, remove) => {
        await mkdir(scene.served('new'), { recursive: true })
        await writeFile(scene.local('named'), kind)
        const at = await scene.usual()
        done(await put(at, scene.local('named'), `/new/${name}`))
        assert.equal(await readFile(scene.served(`new/${name}`), 'utf8'), kind)
        done(await remove(at, `/new/${name}`))
        assert.ok(!(await exists(scene.served(`new/${name}`))))
      },
    )
  }
}
