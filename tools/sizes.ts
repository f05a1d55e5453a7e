import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { project, sourceFiles } from './source-files.ts'

/** A file longer than a few screens is two files; tests may be longer, as they are read one by one. */
const longest = { source: 400, test: 800 }

let tooLong = 0
for (const file of ['src', 'tools', 'bench', 'test'].flatMap(sourceFiles)) {
  const lines = readFileSync(join(project, file), 'utf8').split('\n').length
  const limit = file.endsWith('.test.ts') || file.startsWith('test/') ? longest.test : longest.source
  if (lines <= limit) continue
  console.log(`${file} has ${lines} lines, at most ${limit}: what in it is a thing of its own?`)
  tooLong += 1
}
process.exitCode = tooLong > 0 ? 1 : 0
