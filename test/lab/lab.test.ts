import assert from 'node:assert/strict'
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { Verdict } from '../../src/doctor/verdict.ts'
import { Lab, whyNoLab, type Printed } from './lab.ts'
import { servePublished } from './published.ts'
import { ferry, serveAt } from './servers.ts'
import { standing, type Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'

const why = whyNoLab()

/** What the programs of one scenario printed. */
interface Outcome {
  readonly curl: Printed
  readonly lftp: Printed | undefined
  readonly get: Printed
  readonly verdicts: readonly Verdict[]
}

/** A file that the table of what everybody printed is written to; then lftp is asked too. */
const table = process.env['FERRY_LAB_TABLE']

/** The servers of most scenarios have no TLS, and the doctor says so each time; how quick they are is this machine's affair. */
const besides = ['tls-not-offered', 'replies-delayed', 'greeting-slow']

/** The longest first: the others pass meanwhile. */
const inOrder = scenarios.toSorted((a, b) => (b.takesSeconds ?? 0) - (a.takesSeconds ?? 0))

suite('laboratory', { concurrency: 4, skip: why ?? false }, () => {
  for (const scenario of inOrder) {
    test(
      scenario.name,
      { timeout: 120_000, skip: scenario.skip?.() ?? scenario.foreign?.missing() ?? false },
      async (t) => {
        const outcome = await play(scenario)
        const { curl, get, verdicts } = outcome
        if (table !== undefined) await appendFile(table, row(scenario, outcome))
        const ids = verdicts.map(({ id }) => id).filter((id) => !besides.includes(id))
        t.diagnostic(`curl ${curl.status}, ferry get ${get.status}, ferry doctor ${ids.join(' ')}`)
        assert.equal(ids[0], scenario.first, JSON.stringify(verdicts, null, 1))
        assert.deepEqual(ids.slice(1).toSorted(), [...(scenario.notes ?? [])].toSorted())
        assert.equal(curl.status === 0, scenario.curl, `curl ended with ${curl.status}: ${curl.stderr}`)
        // By passive mode as curl does, and by active mode where that is the only way: or it says why, and claims nothing.
        assert.equal(get.status, scenario.get ?? (scenario.curl ? 0 : 3), get.stderr)
        if (get.status !== 0) assert.match(get.stderr, /^ferry: \S.{10,}/mu)
      },
    )
  }
})

async function play(scenario: Scenario): Promise<Outcome> {
  const place = await mkdtemp(join(tmpdir(), 'ferry-lab-'))
  await chmod(place, 0o755)
  const files = join(place, 'files')
  await mkdir(files)
  await writeFile(join(files, 'file'), 'x'.repeat(110_000))
  await using lab = new Lab()
  try {
    const { port = 21, to, from, scheme = 'ftp' } = scenario
    if (scenario.foreign !== undefined)
      await scenario.foreign.serve(lab, scenario.at ?? 'public', files, port)
    else if (scenario.published === true) await servePublished(lab, place, files, port)
    else if (scenario.at !== undefined) await serveAt(lab, scenario.at, files, port, scenario.serve ?? [])
    await scenario.prepare?.(lab, files)
    const { doctorWords = [], getWords = [], curlWords = [] } = scenario
    const at = `anna:secret@${to}:${port}/`
    // What works is waited for as long as a busy machine may take.
    const longest = (scenario.curl ? 15 : 5) + (scenario.takesSeconds ?? 0)
    const patience = scenario.patience ?? (scenario.curl ? 4 : 2)
    const fetched = join(place, 'fetched')
    const waiting = ['--timeout', `${patience + 1}`, '--retries', '0', ...getWords]
    const doctor = [
      ...ferry,
      'doctor',
      '--json',
      '--patience',
      `${patience}`,
      ...doctorWords,
      `${scheme}://${at}`,
    ]
    const get = [...ferry, 'get', ...waiting, `ftp://${at}file`, '-o', fetched]
    const curl = [
      'curl',
      '-sS',
      '-o',
      '/dev/null',
      '--max-time',
      `${longest}`,
      ...curlWords,
      `ftp://${at}file`,
    ]
    const lftp = `set net:timeout 4; set net:max-retries 1; set ssl:verify-certificate no; ${scheme === 'ftpes' ? 'set ftp:ssl-force yes; ' : ''}get ftp://${at}file -o ${join(place, 'by-lftp')}`
    const programs = [
      () => lab.run(from, doctor, 60),
      () => lab.run(from, curl, 40),
      () => lab.run(from, get, 60),
      async () => (table === undefined ? undefined : lab.run(from, ['lftp', '-c', lftp], longest + 15)),
    ] as const
    const printed =
      scenario.apart === true ? await inTurn(programs) : await Promise.all(programs.map((run) => run()))
    const [told, byCurl, byGet, byLftp] = printed
    if (told === undefined || byCurl === undefined || byGet === undefined)
      throw new Error('nothing was printed')
    if (byGet.status === 0) assert.equal((await readFile(fetched)).length, 110_000)
    assert.ok(!told.stdout.includes('secret'), 'the password was printed')
    const { verdicts } = JSON.parse(told.stdout) as { verdicts: readonly Verdict[] }
    return { curl: byCurl, lftp: byLftp, get: byGet, verdicts }
  } finally {
    await rm(place, { recursive: true })
  }
}

async function inTurn<Result>(works: readonly (() => Promise<Result>)[]): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const work of works) results.push(await work())
  return results
}

/** A row for people: the last line that a program printed, or that it went well. */
function row({ name }: Scenario, { curl, lftp, get, verdicts }: Outcome): string {
  const cells = [curl, lftp, get].map((printed) => {
    if (printed === undefined) return 'not asked'
    const lines = printed.stderr.trim().split(/[\r\n]+/u)
    return printed.status === 0 ? 'fetches' : `${printed.status}: ${lines[0] ?? ''}`.slice(0, 160)
  })
  const [first] = verdicts
  const notes = verdicts.slice(1).filter(({ id }) => id !== 'tls-not-offered')
  const more = notes.length === 0 ? '' : ` (and ${notes.map(({ id }) => id).join(', ')})`
  return `| ${[name, ...cells, `${first?.sentence ?? ''}${more}`].join(' | ')} |\n`
}

test('each row of the table in docs/active-and-passive.md is a scenario and stands as it does, and each scenario is a row', async () => {
  const text = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'active-and-passive.md'), 'utf8')
  const rows = [...text.matchAll(/^\| (?!scenario)([^|-][^|]*?) \| ([^|]*?) \| ([^|]*?) \| ([^|]*?) \| /gmu)]
  assert.deepEqual(
    rows.map(([, ...cells]) => cells),
    scenarios.map((scenario) => {
      const { client, server, tls } = standing(scenario)
      return [scenario.name, client, server, tls]
    }),
  )
})
