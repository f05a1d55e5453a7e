import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { done, exists } from '../scene.ts'
import type { Checks } from '../suite.ts'

/** Directories and files: made, renamed, removed. */
export function treeChecks({ client, scene, check }: Checks): void {
  check('makes directories inside one another', [client.mkdir], async (make) => {
    const at = await scene.usual()
    for (const path of ['/deep', '/deep/er', '/deep/er/est']) done(await make(at, path))
    assert.ok(await exists(scene.served('deep/er/est')))
  })

  check('uploads into a directory inside another', [client.put], async (put) => {
    await mkdir(scene.served('below/here'), { recursive: true })
    await writeFile(scene.local('small'), 'small')
    done(await put(await scene.usual(), scene.local('small'), '/below/here/small'))
    assert.equal(await readFile(scene.served('below/here/small'), 'utf8'), 'small')
  })

  check('removes an empty directory', [client.rmdir], async (remove) => {
    await mkdir(scene.served('bare'))
    done(await remove(await scene.usual(), '/bare'))
    assert.ok(!(await exists(scene.served('bare'))))
  })

  check('cannot remove a directory that holds something', [client.rmdir], async (remove) => {
    await mkdir(scene.served('full'))
    await writeFile(scene.served('full/file'), 'kept')
    await remove(await scene.usual(), '/full')
    assert.match(scene.transcript(), /^< 550 /mu)
    assert.deepEqual(await readdir(scene.served('full')), ['file'])
  })

  check('renames a file', [client.rename], async (rename) => {
    await writeFile(scene.served('before'), 'the same')
    done(await rename(await scene.usual(), '/before', '/after'))
    assert.ok(!(await exists(scene.served('before'))))
    assert.equal(await readFile(scene.served('after'), 'utf8'), 'the same')
  })

  check('moves a file into another directory', [client.rename], async (rename) => {
    await mkdir(scene.served('archive'))
    await writeFile(scene.served('letter'), 'the same')
    done(await rename(await scene.usual(), '/letter', '/archive/letter'))
    assert.ok(!(await exists(scene.served('letter'))))
    assert.equal(await readFile(scene.served('archive/letter'), 'utf8'), 'the same')
  })

  check('deletes a file', [client.remove], async (remove) => {
    await writeFile(scene.served('unwanted'), 'x')
    done(await remove(await scene.usual(), '/unwanted'))
    assert.ok(!(await exists(scene.served('unwanted'))))
  })
}
