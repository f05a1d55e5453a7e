import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { unpackedFolder } from './peers/unpacked.ts'

/** Debian's packages, by the name of the peer. */
const packages: Readonly<Record<string, string>> = {
  vsftpd: 'vsftpd',
  proftpd: 'proftpd-core proftpd-mod-crypto',
  'pure-ftpd': 'pure-ftpd',
  'tftpd-hpa': 'tftpd-hpa',
  atftpd: 'atftpd',
  'inetutils-ftpd': 'inetutils-ftpd',
}

/** Unpacks the peers that cannot be installed beside one another, each with the libraries that this machine lacks. */
export function fetchPeers(say: (text: string) => void): void {
  for (const [peer, names] of Object.entries(packages)) {
    const wanted = [...new Set(names.split(' ').flatMap((name) => [name, ...lacking(name)]))]
    const folder = join(unpackedFolder, peer)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const download = mkdtempSync(join(unpackedFolder, 'download-'))
    execFileSync('/usr/bin/apt-get', ['download', '-q', ...wanted], {
      cwd: download,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    for (const file of readdirSync(download))
      execFileSync('/usr/bin/dpkg', ['-x', join(download, file), folder])
    rmSync(download, { recursive: true })
    say(`${peer}: unpacked ${wanted.join(' ')}`)
  }
}

/** What else would be installed with it: libraries and its common files are taken, other daemons are not. */
function lacking(name: string): string[] {
  const words = ['install', '--simulate', '--no-install-recommends', name]
  const plan = execFileSync('/usr/bin/apt-get', words, {
    encoding: 'utf8',
  })
  const would = [...plan.matchAll(/^Inst (\S+)/gmu)].map(([, inst = '']) => inst)
  return would.filter((inst) => inst !== name && (inst.startsWith('lib') || inst === `${name}-common`))
}
