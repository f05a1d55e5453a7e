import { join } from 'node:path'
import { scripted } from './scripted.ts'

const passiveOnly = 'basic-ftp knows passive mode only'

export const basicFtp = scripted({
  name: 'basic-ftp',
  program: process.execPath,
  install: 'npm ci',
  tellVersion: {
    words: [
      '-p',
      `JSON.parse(fs.readFileSync(${JSON.stringify(join(import.meta.dirname, '../../../node_modules/basic-ftp/package.json'))})).version`,
    ],
  },
  usualWay: 'EPSV',
  noWay: { 'PORT over IPv4': passiveOnly, 'EPRT over IPv4': passiveOnly, 'EPRT over IPv6': passiveOnly },
  noName: {},
  lineEnd: '\n',
  script: [join(import.meta.dirname, 'basic-ftp-program.ts')],
  noText: { cannot: 'basic-ftp transfers in TYPE I only' },
})
