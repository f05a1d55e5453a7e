import { join } from 'node:path'
import { scripted } from './scripted.ts'

export const netFtp = scripted({
  name: 'Perl Net::FTP',
  program: 'perl',
  install: 'apt-get install perl',
  tellVersion: { words: ['-MNet::FTP', '-e', 'print Net::FTP->VERSION'] },
  usualWay: 'PASV',
  noWay: {
    'EPSV over IPv4': 'Net::FTP says EPSV over IPv6 only',
    'EPRT over IPv4': 'Net::FTP says EPRT over IPv6 only',
  },
  noName: {},
  lineEnd: '\n',
  script: [join(import.meta.dirname, 'net-ftp-program.pl')],
})
