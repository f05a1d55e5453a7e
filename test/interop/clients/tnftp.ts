import { bsdFtp } from './bsd-ftp.ts'

export const tnftp = bsdFtp({
  name: 'tnftp',
  program: 'tnftp',
  install: 'apt-get install tnftp',
  tellVersion: { words: ['-n'], input: 'status\n' },
  usualWay: 'EPSV',
  noWay: {},
  choose: ({ way }) => ({
    words: [],
    commands: [
      `passive ${way === 'PASV' || way === 'EPSV' ? 'on' : 'off'}`,
      `epsv4 ${way === 'EPSV' || way === 'EPRT' ? 'on' : 'off'}`,
    ],
  }),
})
