import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { done } from '../scene.ts'
import type { Checks } from '../suite.ts'

const text = 'first\n\nthird, äöü\nlast\n'

/** ASCII transfers: CRLF on the wire, LF on the disks, on the client's only if it means so. */
export function textChecks({ client, scene, check }: Checks): void {
  check('uploads text in ASCII', [client.putText], async (put) => {
    await writeFile(scene.local('text.txt'), text)
    done(await put(await scene.usual(), scene.local('text.txt'), '/text-up.txt'))
    assert.match(scene.transcript(), /^> TYPE A/mu)
    assert.equal(await readFile(scene.served('text-up.txt'), 'utf8'), text)
  })

  check('downloads text in ASCII', [client.getText], async (get) => {
    await writeFile(scene.served('text-down.txt'), text)
    done(await get(await scene.usual(), '/text-down.txt', scene.local('text-down.txt')))
    assert.match(scene.transcript(), /^> TYPE A/mu)
    const wanted = text.replaceAll('\n', client.lineEnd)
    assert.equal(await readFile(scene.local('text-down.txt'), 'utf8'), wanted)
  })
}
