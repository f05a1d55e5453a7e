import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { programVersion, runProgram } from './program.ts'
import { makeFile, sha256 } from './scene.ts'
import { sftpPlace } from './ssh/sftp-place.ts'

const hasKeygen = programVersion('ssh', { words: ['-V'] }) !== undefined

/** scp's protocol as libraries speak it: both ask for `scp -t` and `scp -f` themselves. */
const libraries = [
  {
    name: "Ruby's net-scp",
    program: '/usr/bin/ruby',
    probe: ['-e', 'require "net/scp"; puts Net::SSH::Version::STRING'],
    install: 'ruby-net-scp',
    script: 'scp-program.rb',
    // It puts a tree into the folder that it is to become.
    tree: 'tree back/copied',
  },
  {
    name: "Python's scp",
    program: '/usr/bin/python3',
    probe: ['-c', 'import paramiko, scp; print(paramiko.__version__)'],
    install: 'python3-scp',
    script: 'scp-program.py',
    tree: 'tree back',
  },
] as const

const sizes = [0, 1, 3_000_001]

for (const { name, program, probe, install, script, tree } of libraries) {
  const found = hasKeygen && programVersion(program, { words: probe }) !== undefined
  const skip = found ? false : `${name} is not installed (apt-get install ${install} openssh-client)`

  void test(
    `${name}: files and a tree go up and come back, and what is missing is told`,
    { skip },
    async () => {
      await using place = await sftpPlace()
      const here = join(place.folder, 'here')
      await mkdir(join(here, 'tree', 'inner'), { recursive: true })
      for (const [at, size] of sizes.entries()) await makeFile(join(here, `file ${at}`), size)
      await makeFile(join(here, 'tree', 'inner', 'file'), 40_000)
      const words = [join(import.meta.dirname, 'clients', script), place.port, place.key('ed25519'), here]
      const ended = await runProgram(program, words, { folder: here })
      assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}`)
      assert.match(ended.printed, /scp: \/missing: no such file or directory/u)
      for (const at of sizes.keys()) {
        const hash = await sha256(join(here, `file ${at}`))
        assert.equal(await sha256(join(place.folder, `ü ${at}`)), hash)
        assert.equal(await sha256(join(here, `back ${at}`)), hash)
      }
      const inner = join(here, tree, 'inner', 'file')
      assert.equal(await sha256(inner), await sha256(join(here, 'tree', 'inner', 'file')))
    },
  )
}
