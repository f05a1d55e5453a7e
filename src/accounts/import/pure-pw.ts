import { linesOf, type Imported } from './imported.ts'

/**
 * Pure-FTPd's pureftpd.passwd: name, hash, uid, gid, gecos, home, upload and download bandwidth (bytes a second), upload
 * and download ratio, sessions, files, bytes, allowed and refused local and client addresses, and hours (HHMM-HHMM).
 */
export function readPurePw(text: string): readonly Imported[] {
  return linesOf(text).map((line) => {
    const fields = line.split(':')
    const at = (index: number): string => fields[index] ?? ''
    const number = (index: number): number => Number(at(index)) || 0
    const networks = at(15)
      .split(',')
      .filter((one) => one !== '')
    const hours = /^(\d\d)(\d\d)-(\d\d)(\d\d)$/u.exec(at(17))
    const rate = {
      ...(number(7) > 0 ? { download: number(7) } : {}),
      ...(number(6) > 0 ? { upload: number(6) } : {}),
    }
    const quota = {
      ...(number(12) > 0 ? { bytes: number(12) } : {}),
      ...(number(11) > 0 ? { files: number(11) } : {}),
    }
    return {
      name: at(0),
      hash: at(1) === '' || at(1).startsWith('*') ? undefined : at(1),
      said: {
        // /./ marks the end of a chroot.
        ...(at(5) === '' ? {} : { home: at(5).replace(/\/\.\/.*$/u, '') }),
        ...(Object.keys(rate).length > 0 ? { rate } : {}),
        ...(Object.keys(quota).length > 0 ? { quota } : {}),
        ...(number(10) > 0 ? { sessions: number(10) } : {}),
        ...(networks.length > 0 ? { networks } : {}),
        ...(hours === null ? {} : { hours: [`${hours[1]}:${hours[2]}-${hours[3]}:${hours[4]}`] }),
      },
      keys: [],
      notes: [
        ...(at(8) !== '' || at(9) !== '' ? ['ratios are not known here'] : []),
        ...(at(16) === '' ? [] : [`refused clients are not taken over: ${at(16)}`]),
        ...(at(13) === '' ? [] : [`its addresses of the server are not taken over: ${at(13)}`]),
        ...(at(14) === '' ? [] : [`refused addresses of the server are not taken over: ${at(14)}`]),
        ...(at(17) === '' || hours !== null ? [] : [`its hours cannot be read: ${at(17)}`]),
      ],
    }
  })
}
