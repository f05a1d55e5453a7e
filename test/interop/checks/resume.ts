import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { bytesIn, done, exists, makeFile, sha256, until } from '../scene.ts'
import type { Checks } from '../suite.ts'

const size = 8 * 1024 * 1024

/** The end of an upload that took less is trusted at once: see provenEnd. */
const longEnoughMs = 250

/** Transfers in two halves. */
export function resumeChecks({ client, scene, check }: Checks): void {
  check('resumes a download', [client.resumeGet], async (resume) => {
    await makeFile(scene.served('long.bin'), size)
    const half = (await readFile(scene.served('long.bin'))).subarray(0, size / 2)
    await writeFile(scene.local('long.bin'), half)
    done(await resume(await scene.usual(), '/long.bin', scene.local('long.bin')))
    assert.equal(await sha256(scene.local('long.bin')), await sha256(scene.served('long.bin')))
    const server = await scene.server()
    const told = await server.until(
      'the word of a download',
      ({ event }) => event === 'download',
      scene.since(server),
    )
    assert.equal(told.bytes, size / 2, 'the first half was sent again')
  })

  check(
    'an upload whose client is killed stays out of sight, and is resumed',
    [client.startPut, client.resumePut],
    async (start, resume) => {
      const server = await scene.server()
      const at = await scene.usual()
      const target = scene.served('cut/report.bin')
      await mkdir(scene.served('cut'))
      await makeFile(scene.local('report.bin'), size)

      const upload = await start(at, scene.local('report.bin'), '/cut/report.bin')
      try {
        await until('bytes arrive', async () => (await bytesIn(scene.served('cut'))) > 0)
        const began = performance.now()
        await until('the upload has taken a while', async () => performance.now() - began > longEnoughMs)
        assert.ok(!(await exists(target)), 'half a file is in sight while it is uploaded')
      } finally {
        upload.kill()
      }
      const { printed, command } = await upload.ended
      const word = await server.until(
        `the word of a stopped upload\n${command}\n${printed}`,
        ({ event }) => event === 'upload',
        scene.since(server),
      )
      assert.equal(word.outcome, 'incomplete')
      assert.ok(!(await exists(target)), 'half a file is in sight after the client was killed')
      const { printed: listing } = done(await client.list(at, '/cut'))
      assert.doesNotMatch(listing, /report/u)

      const before = server.lines.length
      done(await resume(at, scene.local('report.bin'), '/cut/report.bin'))
      assert.equal(await sha256(target), await sha256(scene.local('report.bin')))
      assert.deepEqual(await readdir(scene.served('cut')), ['report.bin'])
      const end = await server.until('the word of an upload', ({ event }) => event === 'upload', before)
      assert.equal(end.outcome, 'complete')
      assert.ok((end.bytes ?? size) < size, 'all of it was sent again')
    },
  )
}
