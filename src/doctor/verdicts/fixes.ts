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
      program: 'firewalld',
      line: 'firewall-cmd --permanent --add-port=50000-50100/tcp, and --reload',
    },
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
    {
      side: 'server',
      program: 'vsftpd',
      line: `pasv_address=${address} in vsftpd.conf, with listen=YES and listen_ipv6=NO: with both families it says 0.0.0.0`,
    },
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

/** How to switch TLS on. */
export function offerTls(): readonly Fix[] {
  return [
    {
      side: 'server',
      program: 'Ferry',
      line: 'ferry serve … --tls offered (it is the default), or --tls required',
    },
    {
      side: 'server',
      program: 'vsftpd',
      line: 'ssl_enable=YES, rsa_cert_file=…, rsa_private_key_file=… in vsftpd.conf',
    },
    {
      side: 'server',
      program: 'ProFTPD',
      line: 'LoadModule mod_tls.c, TLSEngine on, TLSRSACertificateFile …',
    },
    {
      side: 'server',
      program: 'Pure-FTPd',
      line: 'TLS 1 (and 2 to insist), with /etc/ssl/private/pure-ftpd.pem',
    },
    { side: 'server', program: 'FileZilla Server', line: 'Server listeners: Explicit FTP over TLS' },
    {
      side: 'server',
      program: 'IIS',
      line: 'FTP SSL Settings: a certificate, and Allow or Require SSL connections',
    },
  ]
}

/** How to make clients ask for TLS. */
export function useTls(): readonly Fix[] {
  return [
    { side: 'client', program: 'Ferry', line: 'ftpes://… instead of ftp://…' },
    { side: 'client', program: 'lftp', line: 'set ftp:ssl-force true; set ftp:ssl-protect-data true' },
    { side: 'client', program: 'curl', line: '--ssl-reqd' },
    { side: 'client', program: 'FileZilla', line: 'Encryption: Require explicit FTP over TLS' },
    { side: 'client', program: 'WinSCP', line: 'Encryption: TLS/SSL Explicit encryption' },
    {
      side: 'client',
      program: 'Windows Explorer',
      line: 'it knows no TLS, and no browser opens ftp:// any more: take another client',
    },
  ]
}

/** How to no longer insist on resumed sessions at data connections. */
export function dropReuse(): readonly Fix[] {
  return [
    { side: 'server', program: 'Ferry', line: '--tls-reuse prefer' },
    { side: 'server', program: 'vsftpd', line: 'require_ssl_reuse=NO in vsftpd.conf' },
    { side: 'server', program: 'ProFTPD', line: 'TLSOptions NoSessionReuseRequired' },
    { side: 'server', program: 'FileZilla Server', line: 'it always insists: take a client that resumes' },
    {
      side: 'client',
      program: 'Ferry',
      line: 'nothing to do: it resumes the session of the control connection',
    },
    { side: 'client', program: 'FileZilla', line: 'a version from 3.50 on resumes' },
    {
      side: 'client',
      program: 'WinSCP',
      line: 'Advanced > TLS/SSL: Reuse TLS/SSL session ID for data connections',
    },
    { side: 'client', program: 'lftp', line: 'a version built with GnuTLS 3.7 or newer resumes' },
    {
      side: 'client',
      program: 'curl',
      line: 'leave out --no-sessionid; --tls-max 1.2 where the second file fails',
    },
  ]
}

/** How to leave old versions of TLS behind. */
export function dropOldTls(): readonly Fix[] {
  return [
    { side: 'server', program: 'Ferry', line: 'it takes 1.2 and newer alone' },
    {
      side: 'server',
      program: 'vsftpd',
      line: 'ssl_tlsv1=NO, ssl_tlsv1_1=NO, ssl_tlsv1_2=YES in vsftpd.conf',
    },
    { side: 'server', program: 'ProFTPD', line: 'TLSProtocol TLSv1.2 TLSv1.3' },
    {
      side: 'server',
      program: 'Pure-FTPd',
      line: 'TLSCipherSuite HIGH, with an OpenSSL that allows 1.2 and newer',
    },
    { side: 'server', program: 'FileZilla Server', line: 'Minimum allowed TLS version: v1.2' },
    {
      side: 'server',
      program: 'IIS',
      line: 'Schannel in the registry: TLS 1.0 and TLS 1.1, Server, Enabled=0',
    },
  ]
}

/** How to get full packets through, where only short ones arrive. */
export function letFullPackets(): readonly Fix[] {
  return [
    {
      side: 'router',
      program: 'nftables',
      line: 'nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu',
    },
    {
      side: 'router',
      program: 'iptables',
      line: 'iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
    },
    {
      side: 'router',
      program: 'you',
      line: 'let ICMP "fragmentation needed" and ICMPv6 "packet too big" through',
    },
    {
      side: 'server',
      program: 'Linux',
      line: 'sysctl net.ipv4.tcp_mtu_probing=1, or ip link set dev eth0 mtu 1400',
    },
    {
      side: 'client',
      program: 'Windows',
      line: 'netsh interface ipv4 set subinterface "Ethernet" mtu=1400',
    },
  ]
}
