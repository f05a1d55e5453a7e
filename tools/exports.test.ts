import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const project = join(import.meta.dirname, '..')
const { exports } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
}

for (const [name, target] of Object.entries(exports)) {
  if (typeof target === 'string') continue
  test(`ferry${name.slice(1)} is made of a source file, and its types of the same one`, async () => {
    assert.equal(target.types.replace(/\.d\.ts$/u, '.js'), target.default)
    const source = join(project, target.default.replace('dist', 'src').replace(/\.js$/u, '.ts'))
    assert.ok(existsSync(source), source)
    assert.notEqual(Object.keys(await import(source)).length, 0)
  })
}
