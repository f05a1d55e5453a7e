import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, Site } from '../../../bench/contender.ts'
import { findProgram, libraryPath, whyNot } from '../../../bench/peers/unpacked.ts'

const program = 'usr/sbin/ftpd'

/**
 * Debian's inetutils-ftpd, which descends from BSD's: LIST alone, no MLSD, no FEAT worth the name, and a login that lands in a
 * home below the machine's root. It takes its port and its users from /etc, so it gets an /etc of its own.
 */
export const inetutilsFtpd: Contender = {
  name: 'inetutils-ftpd',
  protocol: 'ftp',
  user: 'bench',
  password: 'bench',
  missing: () => whyNot('inetutils-ftpd', program) ?? whyNoNamespaces(),
  prepare: (site) => ({
    command: '/usr/bin/unshare',
    words: [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '/bin/sh',
      '-c',
      script(site),
      findProgram('inetutils-ftpd', program) ?? program,
    ],
    environment: libraryPath('inetutils-ftpd'),
  }),
}

/** "bench" by the oldest way of crypt(3). */
const bench = 'beXASnuSGSZa.'

function whyNoNamespaces(): string | undefined {
  const tried = spawnSync('/usr/bin/unshare', ['--mount', '--pid', '--fork', '/bin/true'])
  return tried.status === 0
    ? undefined
    : 'this machine gives no namespaces, in which it would have an /etc of its own'
}

function script({ files, folder, port }: Site): string {
  const own: Readonly<Record<string, string>> = {
    passwd: `root:x:0:0::/root:/bin/sh\nbench:x:65534:65534::${files}:/bin/sh\n`,
    shadow: `bench:${bench}:19000:0:99999:7:::\n`,
    services: `ftp ${port}/tcp\nftp-data ${port - 1}/tcp\n`,
  }
  const mounts = Object.entries(own).map(([name, text]) => {
    const file = join(folder, name)
    writeFileSync(file, text, { mode: 0o644 })
    return `mount --bind ${file} /etc/${name}`
  })
  const pidFile = join(folder, 'pid')
  // It becomes a daemon of its own process group: the namespace of processes ends it together with its shell.
  return `${mounts.join(' && ')} && "$0" --daemon --ipv4 --auth=default --pidfile=${pidFile} && sleep 1 && exec tail --pid=$(cat ${pidFile}) -f /dev/null`
}
