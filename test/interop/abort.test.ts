import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startFerry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'
import { makeFile, temporaryFolder } from './scene.ts'

/** A library that sends ABOR as urgent data in the midst of a download, each in a way of its own. */
interface Library {
  readonly name: string
  readonly program: string
  readonly tellVersion: readonly string[]
  readonly script: string
}

const libraries: readonly Library[] = [
  {
    name: "Python's ftplib",
    program: 'python3',
    tellVersion: ['-c', 'import ftplib, platform; print(platform.python_version())'],
    script: `
import ftplib, sys
ftp = ftplib.FTP(timeout=10)
ftp.connect('127.0.0.1', int(sys.argv[1]))
ftp.login('u', 'p')
for time in range(3):
    data = ftp.transfercmd('RETR large')
    data.recv(1000)
    print(ftp.abort())
    data.close()
    print(ftp.getresp())
    assert ftp.pwd() == '/'
`,
  },
  {
    name: "Perl's Net::FTP",
    program: 'perl',
    tellVersion: ['-MNet::FTP', '-e', 'print Net::FTP->VERSION'],
    script: `
use Net::FTP;
my $ftp = Net::FTP->new('127.0.0.1', Port => $ARGV[0], Timeout => 10) or die $@;
$ftp->login('u', 'p') or die $ftp->message;
for (1 .. 3) {
    my $data = $ftp->retr('large') or die $ftp->message;
    $data->read(my $some, 1000) or die;
    $data->abort or die $ftp->message;
    $ftp->pwd eq '/' or die $ftp->message;
}
`,
  },
  {
    name: "Ruby's net/ftp",
    program: 'ruby',
    tellVersion: ['-e', "require 'net/ftp'; puts Net::FTP::VERSION"],
    script: `
require 'net/ftp'
ftp = Net::FTP.new
ftp.connect('127.0.0.1', ARGV[0])
ftp.login('u', 'p')
raise ftp.last_response unless ftp.status.start_with?('211') && ftp.status('large').include?('33554432')
3.times do
  data = ftp.send(:transfercmd, 'RETR large')
  data.read(1000)
  raise ftp.last_response unless ftp.abort.start_with?('426')
  data.close
  raise ftp.last_response unless ftp.send(:getresp).start_with?('226') && ftp.pwd == '/'
end
`,
  },
]

for (const { name, program, tellVersion, script } of libraries) {
  const version = programVersion(program, { words: tellVersion })
  const skip = version === undefined ? `${name} is not on this machine` : false
  void test(`${name}: ABOR as urgent data, and on in the same session`, { skip }, async (t) => {
    const folder = await temporaryFolder(t)
    await makeFile(join(folder, 'large'), 32 * 1024 * 1024)
    const ferry = await startFerry(folder, '--host', '127.0.0.1', '--verbose')
    t.after(() => ferry.stop())
    const path = join(folder, 'client')
    await writeFile(path, script)
    const ended = await runProgram(program, [path, String(ferry.port)], { folder })
    assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}\n${ferry.transcript()}`)
  })
}
