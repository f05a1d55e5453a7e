import type { Handshake, Secured, ShownCertificate } from '../../doctor/secured.ts'
import type { SftpFindings } from '../../doctor/sftp/findings.ts'
import { judgeSftp } from '../../doctor/sftp/verdicts.ts'
import type { PassiveStep, Step } from '../../doctor/step.ts'
import type { Findings } from '../../doctor/findings.ts'
import type { TftpFindings } from '../../doctor/tftp/findings.ts'
import { judgeTftp } from '../../doctor/tftp/verdicts.ts'
import type { Verdict } from '../../doctor/verdict.ts'
import { judge } from '../../doctor/verdicts/all.ts'

/** A cause of trouble as users meet it, what the doctor finds then, and the verdict that must be among those it gives. */
export type Cause = readonly [number: number, words: string, verdicts: () => readonly Verdict[], id: string]

/** A step that went well. */
export const fine: Step = { outcome: 'works', ms: 2 }
/** A step that the server refused. */
export const no = (reply: string): Step => ({ outcome: 'rejected', ms: 2, reply })
/** Where the server is. */
export const peer = '203.0.113.10'
/** A listing that came by passive mode. */
export const whole: PassiveStep = {
  ...fine,
  named: { address: peer, port: 50_001 },
  listed: true,
  listing: { whole: true, lines: 3, understood: 3, utf8: true },
}
/** The same, where a firewall swallows the data connection. */
export const dropped: PassiveStep = { ...whole, outcome: 'silence', ms: 8000, listed: false }
/** The algorithms of an SSH server that is well. */
export const offer = {
  ...fine,
  kex: ['mlkem768x25519-sha256', 'curve25519-sha256'],
  hostKeys: ['ssh-ed25519'],
  ciphers: ['aes128-gcm@openssh.com'],
  macs: [],
}

/** What is told of an FTP server that is well but for this. */
export function ftp(more: Partial<Findings>): () => readonly Verdict[] {
  return () =>
    judge({
      host: 'files.example.com',
      port: 21,
      security: 'clear',
      local: '192.168.50.2',
      peer,
      lookup: { ...fine, addresses: [peer] },
      knocks: [{ ...fine, address: peer, port: 21 }],
      greeting: { ...fine, speaks: 'ftp', reply: '220 Hello' },
      features: { ...fine, names: ['UTF8', 'MLST'] },
      login: { ...fine, reply: '230 In.' },
      epsv: whole,
      pasv: whole,
      ...more,
    })
}

const nowhere: Partial<Findings> = { greeting: undefined, login: undefined } as never

/** What is told of one that nobody could speak to. */
export function unreached(more: Partial<Findings>): () => readonly Verdict[] {
  return ftp({ ...nowhere, ...more })
}

/** A handshake that went well. */
export const shaken: Handshake = { ...fine, version: 'TLSv1.3', text: 'TLSv1.3' }
const certificate: ShownCertificate = {
  fingerprint: 'AB:CD',
  keyDigest: 'q80=',
  subject: 'CN=files.example.com',
  issuer: 'CN=Nobody',
  names: 'DNS:files.example.com',
  validFrom: '2026-01-01',
  validTo: '2027-01-01',
  faults: [],
  daysLeft: 200,
  standing: 'vouched',
}

/** What is told of a server under TLS that is well but for this. */
export function tls(more: Secured, rest: Partial<Findings> = {}): () => readonly Verdict[] {
  const usual: Secured = { auth: fine, handshake: shaken, login: fine, prot: fine, epsv: whole, pasv: whole }
  return ftp({ security: 'explicit', ...rest, tls: { ...usual, ...more } })
}

/** What is told of this certificate. */
export function certified(more: Partial<ShownCertificate>): () => readonly Verdict[] {
  return tls({ handshake: { ...shaken, certificate: { ...certificate, standing: 'unknown', ...more } } })
}

/** What is told of an SFTP server that is well but for this. */
export function sftp(more: Partial<SftpFindings>): () => readonly Verdict[] {
  return () =>
    judgeSftp({
      host: 'files.example.com',
      port: 22,
      user: 'anna',
      lookup: { ...fine, addresses: [peer] },
      knocks: [{ ...fine, address: peer, port: 22 }],
      greeting: { ...fine, speaks: 'ssh' },
      offer,
      ...more,
    })
}

/** What is told of a TFTP server. */
export function tftp(more: Partial<TftpFindings>): () => readonly Verdict[] {
  return () =>
    judgeTftp({ host: 'boot.example', port: 69, lookup: { ...fine, addresses: [peer] }, peer, ...more })
}

/** The same, where nothing listens on the port that was named. */
export const refusedPort: PassiveStep = { ...dropped, outcome: 'refused' }
/** Where we said that we listen. */
export const told = { address: '192.168.50.2', port: 40_000 }
