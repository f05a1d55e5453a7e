import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startFerry } from './ferry.ts'
import { freePort } from './free-port.ts'
import { programVersion, runProgram } from './program.ts'
import { temporaryFolder } from './scene.ts'

/** As aioftp and Go's jlaffaye/ftp (in 2022) do it: TLS on the data connection first, and then the command. */
const script = `
import ftplib, io, socket, ssl, sys
port, resumes = int(sys.argv[1]), sys.argv[2] == 'resumes'
class Early(ftplib.FTP_TLS):
    def ntransfercmd(self, cmd, rest=None):
        raw = socket.create_connection(self.makepasv(), 10)
        conn = self.context.wrap_socket(raw, session=self.sock.session if resumes else None)
        if rest is not None: self.sendcmd('REST %s' % rest)
        answer = self.sendcmd(cmd)
        if answer[0] != '1': raise ftplib.error_reply(answer)
        return conn, None
for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    context = ssl._create_unverified_context()
    context.minimum_version = context.maximum_version = version
    ftp = Early(context=context, timeout=10)
    ftp.connect('127.0.0.1', port)
    ftp.login('u', 'p')
    ftp.prot_p()
    content = bytes(range(256)) * 5000
    ftp.storbinary('STOR file', io.BytesIO(content))
    for rest in (None, 5):
        got = io.BytesIO()
        ftp.retrbinary('RETR file', got.write, rest=rest)
        assert got.getvalue() == content[rest or 0:]
    context.wrap_socket(socket.create_connection(ftp.makepasv(), 10)).close()
    assert ftp.nlst() == ['file'], 'one that came to nothing'
    ftp.quit()
`

const version = programVersion('python3', { words: ['--version'] })
const skip = version === undefined ? 'python3 is not on this machine' : false

for (const [ports, way] of [
  ['ports of their own', 'does not'],
  ['one port for all', 'resumes'],
] as const) {
  void test(`FTPS: TLS on the data connection before the command, on ${ports}`, { skip }, async (t) => {
    const folder = await temporaryFolder(t)
    const files = await temporaryFolder(t)
    const shared = ports === 'one port for all' ? ['--passive', String(await freePort())] : []
    const ferry = await startFerry(files, '--host', '127.0.0.1', '--verbose', ...shared)
    t.after(() => ferry.stop())
    const path = join(folder, 'client.py')
    await writeFile(path, script)
    const ended = await runProgram('python3', [path, String(ferry.port), way], { folder })
    assert.equal(ended.code, 0, `${ended.printed}\n${ferry.transcript()}`)
  })
}
