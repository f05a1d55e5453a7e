import type { RoundTrip } from '../step.ts'
import type { Verdict } from '../verdict.ts'

/** The 17 bytes of the file with each CR LF made LF, or each LF made CR LF. */
const asciiSizes = new Set([15, 18, 20])

/** A small file does not go there and back. */
export function roundTripFails({ roundTrip }: { readonly roundTrip?: RoundTrip }): Verdict | undefined {
  if (roundTrip === undefined || roundTrip.outcome === 'works') return undefined
  const ascii = roundTrip.stage === 'compare' && asciiSizes.has(roundTrip.bytesBack ?? -1)
  const words: Readonly<Record<string, string>> = {
    STOR: 'A small file cannot be written',
    RETR: 'A small file was written and cannot be read back',
    compare: 'A small file did not come back as it was sent',
    DELE: 'A small file was written and read, and cannot be removed',
  }
  return {
    id: ascii ? 'round-trip-ascii' : `round-trip-${(roundTrip.stage ?? 'STOR').toLowerCase()}`,
    weight: 'trouble',
    sentence: ascii
      ? 'A small file came back with its line ends changed: something on the way takes binary files for text (ASCII mode).'
      : `${words[roundTrip.stage ?? 'STOR'] ?? ''}.`,
    evidence: [roundTrip.reply ?? roundTrip.text ?? roundTrip.outcome],
    fixes: [
      ...(ascii
        ? ([
            { side: 'client', program: 'FileZilla', line: 'Transfer > Transfer type > Binary' },
            { side: 'client', program: 'WinSCP', line: 'Transfer settings: Binary' },
            { side: 'client', program: 'lftp', line: 'leave out -a' },
            { side: 'server', program: 'ProFTPD', line: 'DefaultTransferMode binary' },
          ] as const)
        : []),
      { side: 'server', program: 'vsftpd', line: 'write_enable=YES in vsftpd.conf' },
      { side: 'server', program: 'Ferry', line: 'ferry explain USER PATH upload' },
      {
        side: 'server',
        program: 'you',
        line: 'the folder must be writable for the account, and the disk not full',
      },
    ],
    broken: 'none',
  }
}
