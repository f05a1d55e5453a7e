// `npm start`: all the set-up, then the command. Without words it shares ./files, which it makes when it is missing.
import { mkdirSync } from 'node:fs'
import { setUp } from './set-up.js'

setUp()
const words = process.argv.slice(2)
if (words.length === 0) words.push('serve', './files')
if (words[0] === 'serve' && words.includes('./files')) mkdirSync('files', { recursive: true })
process.argv.splice(2, process.argv.length, ...words)
await import('../bin/ferry.js')
