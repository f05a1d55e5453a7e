import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { test } from 'node:test'

const project = join(import.meta.dirname, '..')
const needed = ['bin', 'src', 'tools', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

test('what npm packs in a checkout that was never built holds all that is published', (context) => {
  const checkout = mkdtempSync(join(tmpdir(), 'ferry-pack-'))
  context.after(() => rmSync(checkout, { recursive: true }))
  for (const name of needed) cpSync(join(project, name), join(checkout, name), { recursive: true })
  symlinkSync(join(project, 'node_modules'), join(checkout, 'node_modules'))
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` }
  const run = spawnSync('npm', ['pack', '--dry-run', '--json'], { cwd: checkout, encoding: 'utf8', env })
  assert.equal(run.status, 0, run.stderr)
  for (const file of ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'bin/ferry.js']) {
    assert.ok(run.stdout.includes(`"path": "${file}"`), `${file} is not packed`)
  }
})
