import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commands } from './commands.ts'
import { commonOptions } from './options.ts'
import { configShape } from './serving/serve-config.ts'

const project = join(import.meta.dirname, '..', '..')
const docs = readdirSync(join(project, 'docs')).filter(
  (name) => name.endsWith('.md') && name !== 'performance.md',
)
const pages = new Map(['README.md', ...docs.map((name) => `docs/${name}`)].map((name) => [name, read(name)]))

function read(name: string): string {
  return readFileSync(join(project, name), 'utf8')
}

/** Where each option of a command must stand: anywhere, if no page is for it. */
function pageOf(command: string): string {
  if (command === 'serve') return read('docs/configuration.md')
  return commands[command]?.fetches ? read('docs/command.md') : [...pages.values()].join('\n')
}

for (const [name, command] of Object.entries(commands)) {
  test(`each option of ferry ${name} stands in the documents`, async () => {
    const options = Object.keys({ ...(await command.options?.()), ...(command.fetches ? commonOptions : {}) })
    const page = pageOf(name)
    const missing = options.filter(
      (option) => !new RegExp(`(?<![\\w-])--${option}(?![\\w-])`, 'u').test(page),
    )
    assert.deepEqual(missing, [])
  })
}

test('each key of ferry.yaml that is no option stands in the documents', async () => {
  const options = new Set(Object.keys((await commands['serve']?.options?.()) ?? {}))
  const missing = keysIn(configShape.schema).filter(
    (key) =>
      !options.has(key.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)) &&
      !new RegExp(`\\b${key}\\b`, 'u').test([...pages.values()].join()),
  )
  assert.deepEqual(missing, [])
})

/** The names of all properties that a JSON Schema describes. */
function keysIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : []
  return [...own, ...Object.values(schema).flatMap(keysIn)]
}

test('the documents name no option that ferry does not have', async () => {
  const known = new Set(Object.keys(commonOptions))
  for (const command of Object.values(commands)) {
    for (const option of Object.keys((await command.options?.()) ?? {})) known.add(option)
    for (const [, option = ''] of command.usage.matchAll(/--([a-z-]+)/gu)) known.add(option)
  }
  for (const [name, text] of pages)
    for (const line of text.split('\n').filter((each) => /(?<![\w-])ferry [a-z]+ /u.test(each))) {
      const words = /(?<![\w-])ferry [a-z]+ [^`#]*/u.exec(line)?.[0] ?? ''
      for (const [, option = ''] of words.matchAll(/(?<![\w-])--([a-z][a-z-]*)/gu))
        assert.ok(known.has(option), `${name}: --${option} in ${line}`)
    }
})
