import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Register } from '../../src/accounts/register.ts'
import { openDatabase } from '../../src/database/database.ts'
import type { Contender } from '../contender.ts'
import { ferry, readyPort } from './ferry.ts'

/** Our server with its accounts in a data folder, as those have it who run it for years: beside itself without. */
export const ferryTen = kept('ferry-10', 10)
export const ferryMany = kept('ferry-100000', 100_000)

/** The same with every rule on, and none of them in the way. */
export const ferryRuled = kept(
  'ferry-ruled',
  1,
  {
    quota: { bytes: '1TB', files: 1_000_000_000 },
    rate: { download: '100GB', upload: '100GB' },
    sessionRate: { download: '100GB', upload: '100GB' },
    rights: {
      '/': ['list', 'read', 'create', 'overwrite', 'remove', 'rename', 'directories', 'attributes'],
      '/open': ['list', 'read', 'create', 'overwrite', 'remove', 'rename', 'directories', 'attributes'],
      '/closed': ['list'],
    },
    names: { deny: ['*.exe', '*.bat'] },
    sessions: 100_000,
    transfers: 1000,
  },
  (folder) => `limits: {download: 100GB, upload: 100GB}
log: {xferlog: ${join(folder, 'xferlog')}}
recorder: 100
networks: {deny: [203.0.113.0/24]}
`,
)

/** Of `bench`, as `ferry user add` makes it. */
const hash =
  '$argon2id$v=19$m=19456,t=2,p=1$k2e31Juo7Vhb5qAJo9mKXQ$/ok+d1K/h78otBKu6rDb3L0EuC1zYTuSQ//rrTfUNpE'

function kept(
  name: string,
  accounts: number,
  settings: Readonly<Record<string, unknown>> = {},
  configured: (folder: string) => string = () => '',
): Contender {
  return {
    ...ferry,
    name,
    onlyByName: true,
    prepare({ files, folder }) {
      const data = join(folder, 'data')
      mkdirSync(data, { mode: 0o700 })
      const database = openDatabase(join(data, 'ferry.db'))
      const register = new Register(database)
      database.atomically(() => {
        register.add('bench', hash, settings)
        for (let at = 1; at < accounts; at += 1) register.add(`user-${at}`, hash, {})
      })
      database.close()
      const config = join(folder, 'ferry.yaml')
      writeFileSync(
        config,
        `folder: ${files}\ndata: ${data}\nftp: 0\nsftp: off\njson: true\n${configured(folder)}`,
      )
      return {
        command: process.execPath,
        words: [join(import.meta.dirname, '..', '..', 'bin', 'ferry.js'), 'serve', '--config', config],
        port: (printed) => readyPort(printed, 'ftp'),
      }
    },
  }
}
