import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFile, sha256 } from '../interop/scene.ts'
import { addresses, Lab, whyNoLab, type Printed } from './lab.ts'
import { servePublished, sshdMissing } from './published.ts'

const skip = whyNoLab() ?? sshdMissing() ?? false
const url = `ftp://anna:secret@${addresses.public}:21/`
const big = 24 * 1024 * 1024

/** The server behind a router that forwards nothing, the SSH host, and a client that has an address of its own. */
async function published(work: (lab: Lab, files: string, own: string) => Promise<void>): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'ferry-lab-'))
  await chmod(place, 0o755)
  const [files, own] = [join(place, 'files'), join(place, 'own')]
  for (const folder of [files, own]) await mkdir(folder)
  await using lab = new Lab()
  try {
    await servePublished(lab, place, files, 21, ['--tls', 'offered'])
    await work(lab, files, own)
  } finally {
    await rm(place, { recursive: true })
  }
}

function good(printed: Printed): void {
  assert.equal(printed.status, 0, printed.stderr)
}

test('published: passive mode, active mode and FTPS, both ways', { skip, timeout: 120_000 }, async () => {
  await published(async (lab, files, own) => {
    await makeFile(join(own, 'up'), big)
    const ways = [
      ['curl', '-sS'],
      ['curl', '-sS', '--disable-epsv'],
      ['curl', '-sS', '-P', '-'],
      ['curl', '-sS', '--ssl-reqd', '--insecure'],
    ]
    for (const [index, way] of ways.entries()) {
      const down = join(own, `down${index}`)
      good(await lab.run('visitor', [...way, '-T', join(own, 'up'), `${url}${index}`], 40))
      assert.equal(await sha256(join(files, `${index}`)), await sha256(join(own, 'up')))
      good(await lab.run('visitor', [...way, '-o', down, `${url}${index}`], 40))
      assert.equal(await sha256(down), await sha256(join(own, 'up')))
    }
  })
})

/** The router answers for the SSH host that there is no such connection; the SSH host itself hears nothing. */
const cut =
  'table ip cut { chain through { type filter hook forward priority -10; tcp dport 22 reject with tcp reset; }; }\n'

test(
  'published: the link is cut in the middle of a file and mended; the client goes on',
  { skip, timeout: 120_000 },
  async () => {
    await published(async (lab, files, own) => {
      // More than lies in buffers on the way.
      await makeFile(join(files, 'file'), 4 * big)
      const down = join(own, 'down')
      const slow = lab.run('visitor', ['curl', '-sS', '--limit-rate', '12M', '-o', down, `${url}file`], 40)
      await new Promise((resolve) => setTimeout(resolve, 1500))
      lab.rules('server-nat', cut)
      assert.notEqual((await slow).status, 0, 'half a file is not taken for a whole one')
      lab.rules('server-nat', 'delete table ip cut\n')
      const again = [
        'curl',
        '-sS',
        '--retry',
        '10',
        '--retry-delay',
        '2',
        '--retry-all-errors',
        '-C',
        '-',
        '-o',
        down,
      ]
      good(await lab.run('visitor', [...again, `${url}file`], 60))
      assert.equal(await sha256(down), await sha256(join(files, 'file')))
    })
  },
)
