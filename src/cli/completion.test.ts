import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

/** What bash would offer behind these words. */
function offered(...words: readonly string[]): string[] {
  const script = `source <("$0" "$1" completion bash)
shift; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _ferry; printf '%s\\n' "\${COMPREPLY[@]}"`
  const run = spawnSync('bash', ['-c', script, process.execPath, ferry, 'ferry', ...words], {
    encoding: 'utf8',
  })
  assert.equal(run.stderr, '')
  return run.stdout.split('\n').filter(Boolean)
}

const noBash = spawnSync('bash', ['--version']).status === 0 ? false : 'there is no bash'

void test('bash completes commands, options and their values', { skip: noBash }, () => {
  assert.deepEqual(offered('sy'), ['sync'])
  assert.deepEqual(offered('sync', '--del'), ['--delete', '--delete-all'])
  assert.deepEqual(offered('sync', '--compare', 's'), ['size+mtime', 'size'])
  assert.deepEqual(offered('help', 'comp'), ['completion'])
  assert.deepEqual(offered('serve', '--pas'), ['--passive'])
  assert.deepEqual(offered('serve', '--tls', 'req'), ['required'])
  assert.deepEqual(offered('user', '--gen'), ['--generate'])
  assert.deepEqual(offered('user', 're'), ['recount', 'remove'])
  assert.deepEqual(offered('completion', ''), ['bash', 'zsh', 'fish'])
  assert.deepEqual(offered('user', 'add', 're'), [])
})

void test('each shell gets a script, and another word is refused', () => {
  for (const shell of ['zsh', 'fish']) {
    const run = spawnSync(process.execPath, [ferry, 'completion', shell], { encoding: 'utf8' })
    assert.equal(run.status, 0)
    assert.match(run.stdout, /dry-run/u)
    assert.match(run.stdout, /add list show set/u)
  }
  assert.equal(spawnSync(process.execPath, [ferry, 'completion', 'tcsh']).status, 2)
})
