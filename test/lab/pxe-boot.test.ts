import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram, libraryPath } from '../../bench/peers/unpacked.ts'
import { whyNoLab } from './lab.ts'

const qemu = findProgram('qemu', 'usr/bin/qemu-system-x86_64')
const rom = findProgram('qemu', 'usr/lib/ipxe/qemu/pxe-virtio.rom')
const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

/** Where a machine boots from the network, which is nobody else's. */
const script = `set -e
ip link set lo up
ip tuntap add tap0 mode tap
ip address add 10.9.0.1/24 dev tap0
ip link set tap0 up
/usr/sbin/dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --pid-file= \\
  --dhcp-leasefile="$FOLDER/leases" --interface=tap0 --bind-interfaces --log-facility=/dev/null \\
  --dhcp-range=10.9.0.50,10.9.0.60 --dhcp-boot=boot.ipxe,,10.9.0.1 &
env -u LD_LIBRARY_PATH "$NODE" "$FERRY" serve "$FOLDER/boot" --ftp off --sftp off --tftp 69 --host 10.9.0.1 --json >&2 &
exec "$QEMU" -m 256 -nographic $FIRMWARE -boot n -device virtio-net-pci,netdev=n \\
  -netdev tap,id=n,ifname=tap0,script=no,downscript=no </dev/null`

const bootScript = `#!ipxe
imgfetch tftp://10.9.0.1/kernel || goto failed
imgfetch tftp://10.9.0.1/initrd || goto failed
echo FERRY FETCHED ALL
sleep 60
:failed
echo FERRY FETCHED NOT ALL
sleep 60
`

const skip =
  whyNoLab() ??
  (qemu === undefined || rom === undefined
    ? 'there is no QEMU with iPXE: apt-get install qemu-system-x86 ipxe-qemu'
    : existsSync('/usr/sbin/dnsmasq')
      ? false
      : 'there is no dnsmasq for DHCP: apt-get install dnsmasq-base')

test('a machine in QEMU boots by PXE: its iPXE gets a script, a kernel and an initrd', { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-pxe-'))
  await mkdir(join(folder, 'boot'))
  await writeFile(join(folder, 'boot', 'boot.ipxe'), bootScript)
  await writeFile(join(folder, 'boot', 'kernel'), randomBytes(4_000_000))
  await writeFile(join(folder, 'boot', 'initrd'), randomBytes(9_000_001))
  const machine = spawn('unshare', ['--net', '--pid', '--fork', '--kill-child', 'sh', '-c', script], {
    env: {
      ...process.env,
      ...libraryPath('qemu'),
      FOLDER: folder,
      FERRY: ferry,
      NODE: process.execPath,
      ...hardware(),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  /** What is on the machine's screen, and what the server says. */
  let screen = ''
  let log = ''
  const done = new Promise<void>((resolve) => {
    machine.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text
      if (/FERRY FETCHED (NOT )?ALL/u.test(screen)) resolve()
    })
    machine.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    machine.once('exit', () => resolve())
    AbortSignal.timeout(100_000).addEventListener('abort', () => resolve())
  })
  try {
    await done
    await delay(200) // the line of the last download may be on its way
    assert.match(screen, /FERRY FETCHED ALL/u)
    const events = log.split('\n').flatMap((line) => /\{"time".*\}/u.exec(line)?.[0] ?? [])
    const downloads = events
      .map((line) => JSON.parse(line) as { event: string; path?: string; bytes?: number; outcome?: string })
      .filter(({ event }) => event === 'download')
    assert.deepEqual(
      downloads.map(({ path, bytes, outcome }) => [path, bytes, outcome]),
      [
        ['/boot.ipxe', Buffer.byteLength(bootScript), 'complete'],
        ['/kernel', 4_000_000, 'complete'],
        ['/initrd', 9_000_001, 'complete'],
      ],
    )
  } finally {
    if (machine.exitCode === null) {
      machine.kill('SIGKILL')
      await once(machine, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
})

/** Firmware lies beside a QEMU that was unpacked, and is found by itself where it is installed. */
function hardware(): Record<string, string> {
  const top = dirname(dirname(dirname(qemu ?? '')))
  const folders = ['share/seabios', 'share/qemu', 'lib/ipxe/qemu'].map((folder) => join(top, 'usr', folder))
  return { QEMU: qemu ?? '', FIRMWARE: folders.map((folder) => `-L ${folder}`).join(' ') }
}
