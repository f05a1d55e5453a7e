import { join } from 'node:path'
import { findProgram } from '../../../bench/peers/unpacked.ts'

/** A TFTP server as administrators run it. */
export interface TftpServerProgram {
  readonly name: string
  readonly install: string
  /** Whether it takes any: without it tells no sizes. */
  readonly options: boolean
  /** The largest block that it agrees to. */
  readonly largestBlock: number
  readonly writes: boolean
  readonly netascii: boolean
  /** Where it is; undefined: it is not on this machine. */
  find(): string | undefined
  /** How it is started in the foreground, on this folder. */
  words(address: string, port: number, folder: string): readonly string[]
  /** The port, where it listens on one only. */
  readonly port?: number
}

export const tftpServers: readonly TftpServerProgram[] = [
  {
    name: 'tftpd-hpa',
    install: 'npm run bench -- --fetch',
    options: true,
    largestBlock: 65_464,
    writes: true,
    netascii: true,
    find: () => findProgram('tftpd-hpa', 'usr/sbin/in.tftpd'),
    words: (address, port, folder) => [
      '-L',
      '-4',
      '-a',
      `${address}:${port}`,
      '-c',
      '-u',
      'root',
      '-s',
      folder,
    ],
  },
  {
    name: 'atftpd',
    install: 'npm run bench -- --fetch',
    options: true,
    largestBlock: 65_464,
    writes: true,
    netascii: true,
    find: () => findProgram('atftpd', 'usr/sbin/atftpd'),
    words: (address, port, folder) =>
      `--daemon --no-fork --user root.root --bind-address ${address} --port ${port}`
        .split(' ')
        .concat('--logfile', join(folder, '..', 'atftpd.log'), folder),
  },
  {
    name: 'atftpd without options',
    install: 'npm run bench -- --fetch',
    options: false,
    largestBlock: 65_464,
    writes: true,
    netascii: true,
    find: () => findProgram('atftpd', 'usr/sbin/atftpd'),
    words: (address, port, folder) =>
      `--no-tsize --no-blksize --no-windowsize --no-timeout --daemon --no-fork --user root.root --bind-address ${address} --port ${port}`
        .split(' ')
        .concat('--logfile', join(folder, '..', 'atftpd.log'), folder),
  },
  {
    name: 'dnsmasq',
    install: 'apt-get install dnsmasq-base',
    options: true,
    largestBlock: 65_464,
    writes: false,
    netascii: true,
    find: () => findProgram('dnsmasq', 'usr/sbin/dnsmasq'),
    words: (address, _port, folder) =>
      '--keep-in-foreground --conf-file=/dev/null --port=0 --user=root --pid-file= --enable-tftp --bind-interfaces'
        .split(' ')
        .concat(`--tftp-root=${folder}`, `--listen-address=${address}`),
    // It listens on 69 and nowhere else.
    port: 69,
  },
]
