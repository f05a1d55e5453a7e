import type { Fix } from '../verdict.ts'
import { useTls } from './fixes.ts'

/** A way in which servers say no at a login, and what they mean by it. */
export interface Refusal {
  readonly id: string
  /** What their replies have in common. */
  readonly says: RegExp
  readonly sentence: string
  readonly fixes: readonly Fix[]
}

/** The first whose words are in the reply is meant. */
export const loginRefusals: readonly Refusal[] = [
  {
    id: 'login-needs-tls',
    says: /\b(?:TLS|SSL|encrypt\w*|secure|AUTH|clear.?text)\b/iu,
    sentence: 'The server lets nobody in without TLS.',
    fixes: useTls(),
  },
  {
    id: 'login-chroot-writable',
    says: /writable root/iu,
    sentence:
      'The password is right, and vsftpd locks nobody into a folder that they may write to, as they might break out.',
    fixes: [
      {
        side: 'server',
        program: 'vsftpd',
        line: 'chmod a-w the home and make a folder below it to write to, or allow_writeable_chroot=YES',
      },
    ],
  },
  {
    id: 'login-no-home',
    says: /\bhome\b|change (?:directory|root)|chroot|chdir/iu,
    sentence: 'The password is right, and the folder of the account is missing or may not be entered.',
    fixes: [
      {
        side: 'server',
        program: 'you',
        line: 'make the folder, and let the account enter it and all above it (chmod o+x)',
      },
      { side: 'server', program: 'Ferry', line: 'ferry user set NAME home=FOLDER' },
      { side: 'server', program: 'vsftpd', line: 'local_root=, anon_root= or user_config_dir= name it' },
      { side: 'server', program: 'ProFTPD', line: 'CreateHome on' },
      { side: 'server', program: 'Pure-FTPd', line: 'CreateHomeDir yes' },
      {
        side: 'server',
        program: 'IIS',
        line: 'FTP User Isolation: a folder LocalUser\\NAME, with rights for the user',
      },
      { side: 'server', program: 'SELinux', line: 'setsebool -P ftpd_full_access on' },
    ],
  },
  {
    id: 'login-too-many',
    says: /too many|maximum|\bmax\b|already (?:logged|connected)|^421/iu,
    sentence:
      'The server has as many sessions as it takes, of everybody, of this address or of this account.',
    fixes: [
      {
        side: 'client',
        program: 'you',
        line: 'end other sessions, use fewer connections, wait some minutes',
      },
      { side: 'server', program: 'Ferry', line: 'ferry status shows who is there; ferry kick ID' },
      { side: 'server', program: 'vsftpd', line: 'max_clients and max_per_ip' },
      { side: 'server', program: 'ProFTPD', line: 'MaxClients, MaxClientsPerHost, MaxClientsPerUser' },
      { side: 'server', program: 'Pure-FTPd', line: 'MaxClientsNumber and MaxClientsPerIP' },
    ],
  },
  {
    id: 'login-guests-only',
    says: /anonymous only|only anonymous/iu,
    sentence: 'The server takes guests alone, and no accounts.',
    fixes: [
      { side: 'client', program: 'you', line: 'log in as anonymous' },
      { side: 'server', program: 'vsftpd', line: 'local_enable=YES in vsftpd.conf' },
    ],
  },
  {
    id: 'login-needs-account',
    says: /^332/u,
    sentence: 'The server asks for an account (ACCT) beside name and password, as mainframes do.',
    fixes: [
      { side: 'client', program: 'curl', line: '--ftp-account NAME' },
      { side: 'client', program: 'lftp', line: 'set ftp:acct NAME' },
      { side: 'client', program: 'FileZilla', line: 'Logon Type: Account' },
    ],
  },
  {
    id: 'login-not-allowed',
    says: /can't trust you|permission denied|access denied|not allowed|not authori[sz]ed|not permitted/iu,
    sentence:
      'The server does not even ask for the password: this account is not one that may log in by FTP.',
    fixes: [
      {
        side: 'server',
        program: 'vsftpd',
        line: 'userlist_file and userlist_deny, and /etc/ftpusers, which PAM reads',
      },
      { side: 'server', program: 'ProFTPD', line: 'UseFtpUsers off, and <Limit LOGIN>' },
      { side: 'server', program: 'Pure-FTPd', line: 'MinUID 1000' },
      { side: 'server', program: 'IIS', line: 'FTP Authorization Rules: an Allow rule for the user' },
    ],
  },
  {
    id: 'login-server-fails',
    says: /\bOOPS\b|^(?:451|5[0-9]{2}).*(?:internal|system) (?:error|failure)/iu,
    sentence:
      'The server fails at the login, and not because of you: its configuration or its system is wrong.',
    fixes: [
      {
        side: 'server',
        program: 'you',
        line: 'what it says is the matter; its log says more (journalctl -u vsftpd)',
      },
    ],
  },
]

/** Who names no user comes as a guest. */
export const noGuests: Omit<Refusal, 'says'> = {
  id: 'login-no-guests',
  sentence: 'The server lets no guests in, and the doctor came as one (anonymous).',
  fixes: [
    { side: 'client', program: 'Ferry', line: 'ferry doctor ftp://USER@… with FERRY_PASSWORD' },
    { side: 'server', program: 'Ferry', line: '--anonymous' },
    { side: 'server', program: 'vsftpd', line: 'anonymous_enable=YES in vsftpd.conf' },
    { side: 'server', program: 'ProFTPD', line: '<Anonymous ~ftp> with User and UserAlias' },
    { side: 'server', program: 'Pure-FTPd', line: 'NoAnonymous no, and an account ftp with a home' },
    { side: 'server', program: 'IIS', line: 'FTP Authentication: Anonymous' },
  ],
}

/** What is left: a name or a password that is not right. */
export const unknownUser: Omit<Refusal, 'says'> = {
  id: 'login-refused',
  sentence: 'The server knows you not, or not with this password.',
  fixes: [
    {
      side: 'client',
      program: 'you',
      line: 'check the user name (upper and lower case count) and the password',
    },
    {
      side: 'server',
      program: 'vsftpd',
      line: 'the shell of the account must be in /etc/shells (pam_shells); pam_service_name=vsftpd',
    },
    {
      side: 'server',
      program: 'ProFTPD',
      line: 'RequireValidShell off; the home must be there (CreateHome on); its log says which it is',
    },
    { side: 'server', program: 'Pure-FTPd', line: 'pure-pw mkdb after each change, and MinUID 1000' },
    { side: 'server', program: 'Ferry', line: 'ferry user show NAME' },
  ],
}
