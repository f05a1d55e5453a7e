import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from './commands.ts'
import { helpPage } from './help-page.ts'
import { serveRows } from './serving/serve-rows.ts'
import { UsageError } from './usage-error.ts'

test('each page of the help fits a terminal of 80 columns, and no line ends in blanks', async () => {
  for (const name of [undefined, ...Object.keys(commands)]) {
    for (const line of (await helpPage(name)).split('\n')) {
      assert.ok(line.length <= 80, `${name}: ${line}`)
      assert.equal(line, line.trimEnd(), name)
    }
  }
})

test('the help of a command names every option that it takes', async () => {
  const serve = await helpPage('serve')
  for (const option of Object.keys(serveRows)) assert.match(serve, new RegExp(`--${option}[ \\n]`, 'u'))
  for (const name of ['user', 'ban', 'status', 'top', 'kick', 'session', 'explain', 'config'])
    assert.match(await helpPage(name), / --data DIR/u, name)
  const user = await helpPage('user')
  for (const words of ['ferry user add NAME', 'ferry user recount NAME', '--generate'])
    assert.ok(user.includes(words), words)
  assert.match(await helpPage('explain'), /login, list, download,/u)
  for (const [name, command] of Object.entries(commands))
    assert.equal((await helpPage(name)).includes('--transcript'), command.fetches === true, name)
})

test('a command that there is not is told, and the one that may be meant', async () => {
  await assert.rejects(helpPage('stauts'), (error: Error) => {
    assert.ok(error instanceof UsageError)
    assert.match(error.message, /no command "stauts"\. Is status meant\?/u)
    return true
  })
})
