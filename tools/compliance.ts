import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { complianceTable, provenLines } from './compliance-table.ts'
import { project, sourceFiles } from './source-files.ts'

/**
 * Keeps the compliance table of PROTOCOL.md what the tests prove: `npm run compliance` writes it, `npm test` checks that
 * it is up to date. A line of the table is the name of a test, so it is true as long as the tests pass.
 */
const begin = '<!-- compliance: written by npm run compliance, a line a test -->'
const end = '<!-- end of compliance -->'

const lines = ['src', 'test']
  .flatMap(sourceFiles)
  .filter((file) => file.endsWith('.test.ts'))
  .flatMap((file) => provenLines(file, readFileSync(join(project, file), 'utf8')))

const path = join(project, 'PROTOCOL.md')
const document = readFileSync(path, 'utf8')
const [before = '', rest = ''] = document.split(begin)
const [, after = ''] = rest.split(end)
const wanted = `${before}${begin}\n\n${complianceTable(lines)}\n${end}${after}`

if (process.argv.includes('--write')) {
  writeFileSync(path, wanted)
} else if (document !== wanted) {
  console.log('The compliance table of PROTOCOL.md is not what the tests prove: npm run compliance')
  process.exitCode = 1
}
