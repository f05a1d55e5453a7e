// `npm test`: all the set-up, then every check and every test that this machine can run. With paths, only their tests.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { project, projectNode, setUp } from './set-up.js'

setUp()
const bin = (name) => join(project, 'node_modules', '.bin', name)
const paths = process.argv.slice(2)

const checks = [
  ['types', bin('tsc'), ['-p', '.']],
  [
    'lint',
    bin('oxlint'),
    ['--type-aware', '--deny-warnings', 'src', 'test', 'tools', 'bench', 'examples', 'bin'],
  ],
  ['format', bin('oxfmt'), ['--check', 'src', 'test', 'tools', 'bench', 'examples', 'bin']],
  ['walls', projectNode, ['tools/imports.ts']],
  ['sizes', projectNode, ['tools/sizes.ts']],
  ['unused', bin('knip'), ['--no-progress']],
  ['compliance', projectNode, ['tools/compliance.ts']],
  ['build', projectNode, ['tools/build.ts']],
  ['examples', bin('tsc'), ['-p', 'examples']],
  ['package', bin('publint'), ['--strict']],
  ['package types', bin('attw'), ['--pack', '.', '--profile', 'esm-only', '--quiet']],
]

let failed = false
for (const [name, command, words] of paths.length > 0 ? [] : checks) {
  const started = Date.now()
  const run = spawnSync(command, words, { cwd: project, encoding: 'utf8', env: withProjectNode() })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${run.status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`)
  if (run.status === 0) continue
  failed = true
  process.stdout.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}\n`)
}

const tests = spawnSync(
  projectNode,
  ['--test', '--test-concurrency=2', '--test-timeout=300000', ...testFiles(paths)],
  { cwd: project, stdio: 'inherit', env: withProjectNode() },
)
process.exit(failed || tests.status !== 0 ? 1 : 0)

function testFiles(places) {
  const folders = places.length > 0 ? places : ['src', 'test', 'tools', 'bench', 'examples']
  return folders.flatMap((place) =>
    place.endsWith('.ts')
      ? [place]
      : readdirSync(join(project, place), { recursive: true })
          .filter((file) => file.endsWith('.test.ts'))
          .map((file) => join(place, file)),
  )
}

/** Programs that are found by name must run on the project's Node, not on the machine's. */
function withProjectNode() {
  const path = [dirname(projectNode), join(project, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  return { ...process.env, PATH: path }
}
