import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account, PathRights } from '../../core/account.ts'
import { joinPath, parsePath } from '../../core/path.ts'
import { memoryStore } from '../../stores/memory.ts'
import { permOf, permsIn } from './perm.ts'

const rule = (path: string, allow: PathRights['allow']): PathRights => ({ path: parsePath(path), allow })

function account(rights: readonly PathRights[], readOnly = false): Account {
  return { name: 'anna', home: memoryStore(), readOnly, rights, uploads: 'atomic' }
}

test('in a listing each name has the perm that it has by itself, also where one has a rule of its own', () => {
  const rights = [
    rule('/', ['list', 'read']),
    rule('/in', ['list', 'read', 'create', 'overwrite']),
    rule('/in/box', ['create', 'directories']),
    rule('/in/deep/er', ['remove']),
  ]
  for (const someone of [account([]), account([], true), account(rights), account(rights, true)]) {
    for (const directory of [parsePath('/'), parsePath('/in'), parsePath('/in/deep')]) {
      const perm = permsIn(someone, directory)
      for (const name of ['in', 'box', 'deep', 'er', 'other', 'box'])
        for (const kind of ['file', 'directory', 'link', 'other', 'file'] as const)
          for (const fixed of [false, true])
            assert.equal(
              perm({ name, kind, fixed }),
              permOf(someone, joinPath(directory, name), { kind, fixed }),
            )
    }
  }
  assert.equal(permsIn(account(rights), parsePath('/in'))({ name: 'box', kind: 'directory' }), 'cdm')
})
