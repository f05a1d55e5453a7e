import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../usage-error.ts'
import { configuredWords } from './configured-words.ts'
import { loadConfig } from './serve-config.ts'

const isSaid = (words: string) => (thrown: unknown) =>
  thrown instanceof UsageError && thrown.message === words

test('what is wrong in a configuration is told with its key and where that was said, and what is wrong beside it as it was typed', async () => {
  const wrong = await loadConfig(undefined, { FERRY_PASSIVE: 'x' })
  const ports = 'a port, ports like 50000-50100, or off, and not'
  assert.throws(() => configuredWords(wrong), isSaid(`FERRY_PASSIVE: passive takes ${ports} "x".`))
  assert.throws(() => configuredWords(wrong, ['--passive', 'y']), isSaid(`--passive takes ${ports} "y".`))
  assert.deepEqual(configuredWords(wrong, ['--passive', '5000']).passive, { first: 5000, last: 5000 })
  const two = await loadConfig(undefined, { FERRY_PUBLIC_ADDRESS: '10.0.0.1', FERRY_FTP: '21' })
  assert.throws(
    () => configuredWords(two, ['--sftp', '21']),
    isSaid('--ftp and --sftp cannot both have port 21.'),
  )
})
