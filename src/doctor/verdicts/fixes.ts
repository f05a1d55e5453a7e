import type { Fix } from '../verdict.ts'

/** How to open passive ports to the world, program by program. */
export function openPassivePorts(): readonly Fix[] {
  return [
    { side: 'server', program: 'Ferry', line: 'ferry serve … --passive 50000-50100' },
    { side: 'server', program: 'vsftpd', line: 'pasv_min_port=50000 and pasv_max_port=50100 in vsftpd.conf' },
    { side: 'server', program: 'ProFTPD', line: 'PassivePorts 50000 50100' },
    { side: 'server', program: 'Pure-FTPd', line: 'PassivePortRange 50000 50100' },
    {
      side: 'server',
      program: 'FileZilla Server',
      line: 'Server > Configure > FTP server > Passive mode: custom port range 50000-50100',
    },
    { side: 'server', program: 'IIS', line: 'FTP Firewall Support > Data Channel Port Range: 50000-50100' },
    {
      side: 'router',
      program: 'nftables',
      line: 'nft add rule inet filter input tcp dport 50000-50100 accept',
    },
    { side: 'router', program: 'iptables', line: 'iptables -A INPUT -p tcp --dport 50000:50100 -j ACCEPT' },
    { side: 'router', program: 'ufw', line: 'ufw allow 50000:50100/tcp' },
    {
      side: 'router',
      program: 'Windows',
      line: 'New-NetFirewallRule -DisplayName FTP -Protocol TCP -LocalPort 50000-50100 -Action Allow',
    },
    { side: 'router', program: 'cloud', line: 'security group: inbound TCP 50000-50100 from anywhere' },
    {
      side: 'router',
      program: 'home router',
      line: 'port forwarding: TCP 50000-50100 to the server, same ports',
    },
  ]
}

/** How to tell a server which address the world knows it by. */
export function sayPublicAddress(address: string): readonly Fix[] {
  return [
    { side: 'server', program: 'Ferry', line: `ferry serve … --public-address ${address}` },
    { side: 'server', program: 'vsftpd', line: `pasv_address=${address} in vsftpd.conf` },
    { side: 'server', program: 'ProFTPD', line: `MasqueradeAddress ${address}` },
    { side: 'server', program: 'Pure-FTPd', line: `ForcePassiveIP ${address}` },
    {
      side: 'server',
      program: 'FileZilla Server',
      line: `Passive mode: use the following host: ${address}`,
    },
    { side: 'server', program: 'IIS', line: `External IP Address of Firewall: ${address}` },
    {
      side: 'client',
      program: 'Ferry',
      line: 'nothing to do: it connects to the address of the control connection',
    },
    { side: 'client', program: 'lftp', line: 'set ftp:fix-pasv-address yes' },
    { side: 'client', program: 'curl', line: '--ftp-skip-pasv-ip (it is the default)' },
    {
      side: 'client',
      program: 'WinSCP',
      line: 'Advanced > Connection > Force IP address for passive mode: On',
    },
  ]
}

/** How to make clients use passive mode. */
export function usePassiveMode(): readonly Fix[] {
  return [
    { side: 'client', program: 'Ferry', line: '--mode passive' },
    { side: 'client', program: 'FileZilla', line: 'Edit > Settings > FTP > Passive' },
    { side: 'client', program: 'WinSCP', line: 'Advanced > Connection > Passive mode' },
    { side: 'client', program: 'lftp', line: 'set ftp:passive-mode on' },
    { side: 'client', program: 'curl', line: 'leave out -P (--ftp-port)' },
    {
      side: 'client',
      program: 'Windows Explorer',
      line: 'Internet Options > Advanced > Use Passive FTP; ftp.exe knows active mode only, use curl.exe',
    },
  ]
}

/** How to make clients use active mode, where passive mode cannot work. */
export function useActiveMode(): readonly Fix[] {
  return [
    { side: 'client', program: 'Ferry', line: '--mode active' },
    { side: 'client', program: 'FileZilla', line: 'Edit > Settings > FTP > Active' },
    { side: 'client', program: 'WinSCP', line: 'Advanced > Connection > untick Passive mode' },
    { side: 'client', program: 'lftp', line: 'set ftp:passive-mode off' },
    { side: 'client', program: 'curl', line: '-P -' },
  ]
}
