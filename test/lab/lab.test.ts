import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { Verdict } from '../../src/doctor/verdict.ts'
import { Lab, whyNoLab, type Host, type Printed } from './lab.ts'
import { scenarios, type Scenario } from './scenarios.ts'

const ferry = [process.execPath, join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')]
const why = whyNoLab()

/** What the programs of one scenario printed. */
interface Outcome {
  readonly curl: number | null
  readonly get: Printed
  readonly verdicts: readonly Verdict[]
  readonly seconds: number
}

suite('laboratory', { concurrency: 2, skip: why ?? false }, () => {
  for (const scenario of scenarios) {
    test(scenario.name, { timeout: 120_000 }, async (t) => {
      const { curl, get, verdicts } = await play(scenario)
      // The servers of most scenarios have no TLS, and the doctor says so each time.
      const ids = verdicts.map(({ id }) => id).filter((id) => id !== 'tls-not-offered')
      t.diagnostic(`curl ${curl}, ferry get ${get.status}, ferry doctor ${ids.join(' ')}`)
      assert.equal(ids[0], scenario.first, JSON.stringify(verdicts, null, 1))
      assert.deepEqual(ids.slice(1).toSorted(), [...(scenario.notes ?? [])].toSorted())
      assert.equal(curl === 0, scenario.curl, `curl ended with ${curl}`)
      // By passive mode as curl does, and by active mode where that is the only way: or it says why, and claims nothing.
      assert.equal(get.status, scenario.get ?? (scenario.curl ? 0 : 3), get.stderr)
      if (get.status !== 0) assert.match(get.stderr, /^ferry: \S.{10,}/mu)
    })
  }
})

async function play(scenario: Scenario): Promise<Outcome> {
  const files = await mkdtemp(join(tmpdir(), 'ferry-lab-'))
  await writeFile(join(files, 'file'), 'x'.repeat(100_000))
  await using lab = new Lab()
  try {
    const { port = 21, to } = scenario
    if (scenario.at !== undefined) await serveAt(lab, scenario.at, files, port, scenario.serve ?? [])
    scenario.prepare?.(lab)
    const url = `ftp://anna:secret@${to}:${port}/`
    const begun = performance.now()
    const fetched = join(files, 'fetched')
    const patience = ['--timeout', '3', '--retries', '0']
    const [doctor, curl, get] = await Promise.all([
      lab.run(scenario.from, [...ferry, 'doctor', '--json', '--patience', '2', url], 60),
      lab.run(scenario.from, ['curl', '-sS', '-o', '/dev/null', '--max-time', '5', `${url}file`], 10),
      lab.run(scenario.from, [...ferry, 'get', ...patience, `${url}file`, '-o', fetched], 60),
    ])
    if (get.status === 0) assert.equal((await readFile(fetched)).length, 100_000)
    const seconds = (performance.now() - begun) / 1000
    assert.ok(!doctor.stdout.includes('secret'), 'the password was printed')
    const { verdicts } = JSON.parse(doctor.stdout) as { verdicts: readonly Verdict[] }
    return { curl: curl.status, get, verdicts, seconds }
  } finally {
    await rm(files, { recursive: true })
  }
}

function serveAt(lab: Lab, host: Host, files: string, port: number, words: readonly string[]): Promise<void> {
  const words21 = words.includes('--ftp') ? words : ['--ftp', `${port}`, ...words]
  const command = [
    ...ferry,
    'serve',
    files,
    '--user',
    'anna:secret',
    '--sftp',
    'off',
    ...(words.includes('--tls') ? [] : ['--tls', 'off']),
    '--json',
    '--grace',
    '0',
    ...words21,
  ]
  return lab.start(host, command, /"ready":true/u)
}

test('each row of the table in docs/active-and-passive.md is a scenario, and each scenario a row', async () => {
  const text = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'active-and-passive.md'), 'utf8')
  const rows = [...text.matchAll(/^\| (?!scenario)([^|-][^|]*?) \|/gmu)].map(([, name]) => name)
  assert.deepEqual(
    rows,
    scenarios.map(({ name }) => name),
  )
})
