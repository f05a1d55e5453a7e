import assert from 'node:assert/strict'
import { test } from 'node:test'
import { featuresOf } from './features-of.ts'

const servers: readonly (readonly [name: string, lines: readonly string[], setsTimes: boolean])[] = [
  ['vsftpd', ['EPRT', 'EPSV', 'MDTM', 'PASV', 'REST STREAM', 'SIZE', 'TVFS'], true],
  ['ProFTPD', ['MDTM', 'MFF modify;UNIX.mode;', 'MFMT', 'TVFS', 'SIZE'], true],
  ['Serv-U', ['MDTM', 'MDTM YYYYMMDDHHMMSS[+-TZ];filename', 'SIZE', 'REST STREAM'], true],
  ['IIS', ['LANG EN*', 'UTF8', 'HOST', 'SIZE', 'MDTM', 'REST STREAM'], false],
  ['inetutils', ['MDTM', 'SIZE', 'REST STREAM', 'EPRT', 'EPSV', 'LPRT', 'LPSV'], false],
  ['Twisted', ['FEAT', 'MDTM', 'PASV', 'SIZE', 'TYPE A;I'], false],
]

for (const [name, lines, setsTimes] of servers) {
  test(`${name} ${setsTimes ? 'sets times' : 'tells times and sets none, so that a copy may be newer'}`, () => {
    assert.equal(featuresOf(lines).has('times'), setsTimes)
  })
}
