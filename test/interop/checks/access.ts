import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { done, makeFile } from '../scene.ts'
import type { Checks } from '../suite.ts'

/** Coming in, and looking around. */
export function accessChecks({ client, scene, check }: Checks): void {
  check('logs in and lists names and sizes', [client.list], async (list) => {
    await mkdir(scene.served('look/folder'), { recursive: true })
    const sizes = { empty: 0, one: 1, 'report.pdf': 1_234_567 }
    for (const [name, size] of Object.entries(sizes)) await makeFile(scene.served(`look/${name}`), size)
    const { printed } = done(await list(await scene.usual(), '/look'))
    for (const [name, size] of Object.entries(sizes)) assertListed(printed, name, size)
    assert.match(printed, /\bfolder\b/u)
  })

  check('is refused with a wrong password', [client.list], async (list) => {
    const outcome = await list({ ...(await scene.usual()), password: 'wrong' }, '/')
    assert.ok(!outcome.ok, `the client believes that it was let in:\n${outcome.command}\n${outcome.printed}`)
    assert.match(scene.transcript(), /^< 530 /mu)
  })
}

/** Whether a listing has a line with this name and this size. */
export function assertListed(printed: string, name: string, size: number): void {
  const sized = new RegExp(`(?<!\\d)${size}(?!\\d)`, 'u')
  const listed = printed
    .split(/\r?\n/u)
    .some((line) => line.includes(name) && sized.test(line.replace(name, '')))
  assert.ok(listed, `no line with ${name} and ${size}:\n${printed}`)
}
