import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'

/** Makes `dist`, which is what is published: JavaScript and types, a file for each source file. */
const project = join(import.meta.dirname, '..')
rmSync(join(project, 'dist'), { recursive: true, force: true })
const compiler = join(project, 'node_modules', '.bin', 'tsc')
const run = spawnSync(compiler, ['-p', 'tsconfig.build.json'], { cwd: project, stdio: 'inherit' })
process.exitCode = run.status ?? 1
