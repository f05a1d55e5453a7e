import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { conformsStore } from '../../testing/conforms-store.ts'
import { processConn } from '../../testing/process-conn.ts'
import { SftpWorld } from '../../testing/sftp-world.ts'
import { openSftp } from './remote.ts'

const cannot = { milliseconds: 'SFTP version 3 tells times in seconds' }

conformsStore(
  'a client of our own SFTP server',
  async () => {
    const world = new SftpWorld({ account: { uploads: 'in-place' } })
    const store = await world.connect()
    return {
      store,
      async end() {
        await store.end()
        await world.over()
      },
    }
  },
  { cannot },
)

const program = '/usr/lib/openssh/sftp-server'

if (existsSync(program)) {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-sftp-'))
  after(() => rm(folder, { recursive: true }))
  conformsStore(
    "a client of OpenSSH's sftp-server",
    async () => {
      const conn = processConn(program, [], folder)
      const store = await openSftp({ conn, clock: systemClock, url: 'sftp://localhost/' })
      return {
        store,
        async end() {
          await store.end()
          await rm(join(folder, 'conforms'), { recursive: true, force: true })
        },
      }
    },
    { cannot, at: folder },
  )
} else void test.skip(`a client of OpenSSH's sftp-server: ${program} is not installed`)
