import { join } from 'node:path'
import { scripted } from './scripted.ts'

export const ftplib = scripted({
  name: 'Python ftplib',
  program: 'python3',
  install: 'apt-get install python3',
  tellVersion: { words: ['-c', 'import ftplib, platform; print(platform.python_version())'] },
  usualWay: 'PASV',
  noWay: {
    'EPSV over IPv4': 'ftplib says EPSV over IPv6 only',
    'EPRT over IPv4': 'ftplib says EPRT over IPv6 only',
  },
  noName: {},
  lineEnd: '\n',
  script: [join(import.meta.dirname, 'ftplib-program.py')],
})
