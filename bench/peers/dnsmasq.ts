import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Contender } from '../contender.ts'

const program = '/usr/sbin/dnsmasq'

/** dnsmasq, which many networks boot from: one process for all transfers, no windows. */
export const dnsmasq: Contender = {
  name: 'dnsmasq',
  protocol: 'tftp',
  user: '',
  password: '',
  missing() {
    if (!existsSync(program)) return 'get it with: apt-get install dnsmasq-base'
    return process.getuid?.() === 0 ? undefined : 'it has to be started as root, to listen on port 69'
  },
  prepare({ files }) {
    // It listens on port 69 and nowhere else, so it gets an address of its own.
    const host = `127.${randomInt(60, 250)}.${randomInt(250)}.${randomInt(1, 250)}`
    return {
      command: program,
      // In the foreground, no DNS, no log, with room for all boot clients (50 otherwise).
      words:
        '--keep-in-foreground --conf-file=/dev/null --port=0 --user=daemon --pid-file= --enable-tftp --bind-interfaces --tftp-max=1000 --quiet-tftp'
          .split(' ')
          .concat(`--listen-address=${host}`, `--tftp-root=${files}`),
      at: { host, port: 69 },
    }
  },
}
