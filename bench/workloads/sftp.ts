import { gauge, perByte } from '../gauge.ts'
import { makeFile, uploadPath } from '../ground.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Sample, Standing, Verdict, Workload } from '../workload.ts'

/** Those that people use: the two that OpenSSH likes best, the larger AES, and the one that every server has. */
const ciphers = [
  'aes128-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
] as const

/** One big file down and up by SFTP, by each cipher, in one session of our own client. */
export const sftp: Workload = {
  name: 'sftp',
  protocol: 'sftp',
  about: ({ bytes }) =>
    `${inMiB(bytes)} down and up by SFTP, one session of our client, 64 requests under way`,
  parts: ciphers.flatMap((cipher) =>
    (['get', 'put'] as const).map((way) => ({
      name: partOf(way, cipher),
      unit: 'MB/s',
      better: 'higher' as const,
      cpuUnit: 's/GB' as const,
    })),
  ),
  rounds: 5,
  warmups: 1,
  prepare: (ground, { bytes }) => makeFile(ground, 'sftp.bin', bytes),
  measure: async ({ load, size: { bytes }, shared }) => {
    const server = await shared()
    const path = uploadPath(server.name)
    const samples: Record<string, Sample> = {}
    for (const cipher of ciphers) {
      // The counter mode is the only one of these that mod_sftp has.
      if (server.name === 'proftpd-sftp' && cipher !== 'aes128-ctr') continue
      const run = (what: { readonly deed: 'get' | 'put'; readonly path: string }) =>
        gauge(load, server, { kind: 'sftp', what: { ...what, bytes } })
      await load.run({ kind: 'sftp', what: { deed: 'enter', at: server.at, sessions: 1, cipher } })
      samples[partOf('get', cipher)] = perByte(await run({ deed: 'get', path: 'sftp.bin' }), bytes)
      // As in `stor`: memory that nobody has used for a moment is slow to get.
      const warming = [`${path}-1`, `${path}-2`]
      for (const one of warming) await run({ deed: 'put', path: one })
      for (const one of warming) await load.run({ kind: 'sftp', what: { deed: 'remove', path: one } })
      samples[partOf('put', cipher)] = perByte(await run({ deed: 'put', path }), bytes)
      await load.run({ kind: 'sftp', what: { deed: 'remove', path } })
      await load.run({ kind: 'sftp', what: { deed: 'leave' } })
    }
    return samples
  },
  goal: sftpGoal,
}

/** What a part is called: `get chacha20-poly1305`. */
export function partOf(way: 'get' | 'put', cipher: string): string {
  return `${way} ${cipher.replace('@openssh.com', '')}`
}

/** What we want beside OpenSSH, for the two ciphers that it likes best. */
export function sftpGoal(standing: Standing): Verdict {
  const found = (
    [
      ['get', 1.2],
      ['put', 1.5],
    ] as const
  ).flatMap(([way, least]) =>
    ciphers.slice(0, 2).flatMap((cipher) => {
      const ratio = standing.ratio(partOf(way, cipher), 'openssh')
      return ratio === undefined ? [] : [{ ratio, least }]
    }),
  )
  return {
    text: '1.2 times OpenSSH down and 1.5 times up, by aes128-gcm and chacha20-poly1305',
    figure: found.map(({ ratio }) => inWords(ratio)).join(', '),
    reached: found.length === 0 ? undefined : found.every(({ ratio, least }) => ratio >= least),
  }
}
