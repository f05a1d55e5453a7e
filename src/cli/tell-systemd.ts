import { execFile } from 'node:child_process'

/** Tells systemd that the server is ready, where it wants to know (sd_notify(3), Type=notify). */
export function tellSystemd(state: 'READY=1'): void {
  if (process.env['NOTIFY_SOCKET'] === undefined) return
  // Node has no datagrams on Unix sockets; the program that systemd brings along has.
  execFile('systemd-notify', [`--pid=${process.pid}`, state], () => undefined)
}
