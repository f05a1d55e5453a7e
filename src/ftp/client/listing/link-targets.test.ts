import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rootPath } from '../../../core/path.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { say, type FtpScript } from '../../../testing/misbehaving/script.ts'

/** Name, kind and target of all that is listed, and what the server was asked for that. */
function listed(script: FtpScript): Promise<{ names: string[]; heard: readonly string[] }> {
  return atMisbehaving(script, async (remote, { heard }) => {
    const names: string[] = []
    for await (const batch of remote.list(rootPath)) {
      for (const { name, kind, target } of batch) names.push(`${name} ${kind} ${target ?? '?'}`)
    }
    return { names, heard: heard.filter((line) => /^(?:LIST|MLSD)/u.test(line)) }
  })
}

const facts = 'type=file;size=5; a\r\ntype=OS.unix=symlink;size=1; l\r\n'
const listing = '-rw-r--r-- 1 u g 5 Jan  2  2026 a\r\nlrwxrwxrwx 1 u g 1 Jan  2  2026 l -> a\r\n'

test('where MLSD does not tell where links lead, LIST does', async () => {
  assert.deepEqual(await listed({ facts, listing }), {
    names: ['a file ?', 'l link a'],
    heard: ['MLSD', 'LIST -a'],
  })
})

test('LIST is not asked where there are no links, or MLSD tells', async () => {
  const told = facts.replace('symlink', 'slink:a')
  assert.deepEqual((await listed({ facts: told, listing })).heard, ['MLSD'])
})

test('where LIST is refused, links stay links', async () => {
  const script = { facts, answers: { LIST: [[say('550 No')]] } }
  assert.deepEqual((await listed(script)).names, ['a file ?', 'l link ?'])
})
