// `npm start`: all the set-up, then the command. Without words it shares ./files.
import { mkdirSync } from 'node:fs'
import { setUp } from './set-up.js'

setUp()
const words = process.argv.slice(2)
if (words.length === 0) {
  mkdirSync('files', { recursive: true })
  words.push('serve', './files')
}
process.argv.splice(2, process.argv.length, ...words)
await import('../bin/ferry.js')
