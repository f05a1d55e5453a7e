// Your program at the hands of the servers that have broken others: does it ever call half a file a whole one?
import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { connect } from 'ferry/client'
import { fileBytes, ftpScenarios, misbehavingServer } from 'ferry/testing'

/** What your program does. */
async function fetchReport(url: string): Promise<Uint8Array> {
  await using remote = await connect(url, { silenceMs: 1000 })
  return new Uint8Array(await buffer(await remote.openRead('/file.bin')))
}

const some = ['sevens', 'private-pasv', '40-percent-226', '40-percent-426'] // or all of them
for (const { about, script, outcome } of ftpScenarios.filter(({ name }) => some.includes(name))) {
  test(about, async () => {
    await using server = await misbehavingServer(script)
    const got = await fetchReport(server.url).catch((thrown: Error) => thrown)
    if (outcome.kind === 'whole') assert.ok(got instanceof Uint8Array)
    if (outcome.kind === 'error') assert.ok(got instanceof Error)
    if (got instanceof Uint8Array) assert.deepEqual(got, fileBytes)
  })
}
