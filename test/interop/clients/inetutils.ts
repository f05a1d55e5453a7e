import { bsdFtp } from './bsd-ftp.ts'

export const inetutils = bsdFtp({
  name: 'inetutils-ftp',
  program: 'inetutils-ftp',
  install: 'apt-get install inetutils-ftp',
  tellVersion: { words: ['--version'] },
  usualWay: 'PASV',
  noWay: {},
  choose: ({ way, host }) => ({
    words: [way === 'PASV' || way === 'EPSV' ? '-p' : '-A', host.includes(':') ? '-6' : '-4'],
    commands: !host.includes(':') && (way === 'EPSV' || way === 'EPRT') ? ['epsv4'] : [],
  }),
})
