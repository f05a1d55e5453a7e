import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { project, sourceFiles } from './source-files.ts'
import { breaches } from './breaches.ts'

/** Checks that the walls of the house stand (tools/walls.ts) and prints each hole. */
const found = sourceFiles('src').flatMap((file) =>
  breaches(file, readFileSync(join(project, file), 'utf8'), (target) =>
    relative('.', join(dirname(file), target)),
  ),
)
for (const breach of found) console.log(breach)
process.exitCode = found.length > 0 ? 1 : 0
