import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openRegister } from '../../src/server/data.ts'
import { startFerry } from './ferry.ts'
import { runProgram } from './program.ts'
import { exists, temporaryFolder } from './scene.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

test('ferry explain asks the server that runs on the data folder what it shares, and by which rules', async (t) => {
  const folder = await temporaryFolder(t)
  const [served, data, file] = [join(folder, 'served'), join(folder, 'data'), join(folder, 'ferry.yaml')]
  await mkdir(join(served, 'in'), { recursive: true })
  await writeFile(file, 'networks: {deny: [192.0.2.0/24]}\n')
  const kept = await openRegister(data)
  kept.register.add('anna', undefined, { rights: { '/': ['list', 'read'], '/in': ['list', 'create'] } })
  kept.close()
  const explain = async (path: string, action: string, ...more: readonly string[]) => {
    const words = [bin, 'explain', 'anna', path, action, '--data', data, ...more]
    const { code, printed } = await runProgram(process.execPath, words, { folder })
    return `${code} ${printed}`.trim()
  }
  assert.match(await explain('/in/a', 'upload'), /^2 ferry: no server runs on .*: say --config FILE/u)
  const ferry = await startFerry(served, '--config', file, '--data', data)
  t.after(() => ferry.stop())
  assert.match(await explain('/in/a', 'upload'), /^0 allowed by rights of \/in/u)
  assert.match(await explain('/a', 'upload'), /^5 refused by rights of \//u)
  assert.match(await explain('/in', 'list'), /^0 allowed/u)
  assert.match(await explain('/in', 'list', '--from', '192.0.2.7'), /^5 refused by deny 192\.0\.2\.0\/24/u)
  await writeFile(file, `folder: ${served}\nuser: [cora:x]\nreadOnly: true\n`)
  assert.match(await explain('/in', 'list', '--config', file), /^0 allowed/u)
  // What ferry serve refuses to all it refuses to her too.
  assert.match(await explain('/in/a', 'upload', '--config', file), /^5 refused by read-only/u)
})

test('ferry explain knows those whom the words of ferry serve and ferry.yaml let in, and who else may be asked', async (t) => {
  const folder = await temporaryFolder(t)
  const [served, data, file] = [join(folder, 'served'), join(folder, 'data'), join(folder, 'ferry.yaml')]
  await mkdir(served)
  const explain = async (...words: readonly string[]) => {
    const { code, printed } = await runProgram(process.execPath, [bin, 'explain', ...words], { folder })
    return `${code} ${printed}`.trim()
  }
  const ferry = await startFerry(served, '--data', data, '--anonymous')
  t.after(() => ferry.stop())
  assert.match(await explain('u', '/a', 'upload', '--data', data), /^0 allowed: no rule/u)
  assert.match(await explain('anonymous', '/', 'list', '--data', data), /^0 allowed/u)
  assert.match(await explain('FTP', '/a', 'upload', '--data', data), /^5 refused by read-only/u)
  assert.match(
    await explain('dora', '/', 'list', '--data', data),
    /^5 refused by unknown user: there is no such/u,
  )
  // No data folder is there, and none is made.
  await writeFile(
    file,
    `folder: ${served}\ndata: ${folder}/none\nuser: [cora:x]\naccounts: {url: "http://127.0.0.1:9/ask"}\n`,
  )
  assert.match(await explain('cora', '/a', 'upload', '--config', file), /^0 allowed/u)
  assert.match(
    await explain('dora', '/', 'list', '--config', file),
    /127\.0\.0\.1:9\/ask is asked at each login/u,
  )
  assert.equal(await exists(join(folder, 'none')), false)
})
