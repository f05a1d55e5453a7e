/** What `ferry help` prints. */
export const helpText = `ferry: moves files over FTP, FTPS, SFTP and TFTP, and says what happened.

  ferry serve [DIR]        share a folder (the one you stand in, if none is named)
  ferry user add|list|show|set|password|key|code|group|import|recount|remove    keep accounts
  ferry ban list|add|remove      who is not let in
  ferry status | top | kick ID | session ID    what a running server does
  ferry explain USER PATH ACTION    which rule decides, and why
  ferry config check|show|schema|reload    look at a configuration
  ferry --version

Options of serve:
  --config FILE            what docs/configuration.md says, and any of these options as keys
  --data DIR               where accounts, keys and bans outlive the run
  --run-as USER            whom to become once the ports are open, where root has started it
  --user NAME:PASSWORD     let this user in; may be said several times
  --authorized-keys FILE   public keys that let these users in by SFTP; %u is the user's name; --user NAME needs no password then
  --anonymous              let everybody in, to read only
  --read-only              nobody may change anything
  --write                  users may change files (the default, said aloud)
  --ftp PORT|off           the port of FTP, 2121 if not said; 0 takes a free one
  --ftps PORT|off          the port of FTPS where TLS comes first, off if not said (990 is usual)
  --tls required|offered|off   FTP without TLS is refused, taken (the default), or all there is
  --tls-data …, --tls-guests …, --tls-guests-data …   the same for data connections, for guests, and for guests' data
  --cert FILE, --key FILE  the certificate to show, read anew when it changes; otherwise one is made and kept
  --client-cert off|taken|required   whether users may show certificates of their own (they may), or must
  --client-ca FILE         whose certificates users may show; --client-crl FILE: those it has revoked
  --tls-reuse require|prefer|address   what proves whose a data connection is, prefer if not said
  --tls-end strict|lenient   whether an upload needs close_notify at its end, lenient if not said
  --tls-ccc                take CCC, for routers that must read the control connection
  --sftp PORT|off          the port of SFTP, 2222 if not said; 0 takes a free one
  --host-key FILE          a host key of SFTP, as sshd has it; may be said several times; otherwise they are made and kept
  --sftp-setstat told|ignored   whether SFTP clients hear that permissions or times cannot be set, told if not said
  --ssh-ca FILE            authorities whose certificates let users in by SFTP; --ssh-revoked FILE: keys that do not any more
  --ssh-legacy [USER@]NETWORK=NAMES   old algorithms for one device alone: ssh-rsa, diffie-hellman-group14-sha1, aes128-cbc, …
  --tftp PORT|off          the port of TFTP, off if not said; everybody may read there, it knows no passwords
  --tftp-write             take uploads by TFTP too, under names that are free
  --tftp-overwrite         the same, and in place of files that are there
  --tftp-blksize BYTES     the largest block that is agreed to, for devices that ask for more than they can take
  --tftp-windowsize N      the largest window that is agreed to, in blocks; 1 for none
  --tftp-root NETWORK=DIR  what the clients of a network see by TFTP, instead of DIR; may be said several times
  --tftp-remap FILE        which names mean which, by the rules of tftpd-hpa's --map-file; SIGHUP reads it anew
  --tftp-ports PORTS       ports for TFTP's transfers, like 50000-50100; otherwise any free one
  --tftp-single-port       all of TFTP over its one port, for containers and routers
  --host ADDRESS           listen on this address only, otherwise on all
  --passive PORTS|off      ports for passive mode, like 50000-50100, or one for everybody, 50000; otherwise any free one
  --public-address HOST    what to tell clients outside in PASV, when a router stands between
  --publish ssh://USER@HOST[:PORT]   be reached at an SSH host that forwards its ports, where no router lets anybody in here
  --publish-ftp, --publish-ftps, --publish-sftp PORT|off   the ports there, the same as here if not said
  --publish-http PORT|off  the port there of /metrics and /health, off if not said
  --in-place               uploads appear as they come, for devices that cannot live with renaming
  --grace SECONDS          how long transfers may go on when the server is stopped, 10 if not said
  --workers N|auto         so many threads serve at the same ports, with auto one for each core; 1 if not said
  --json                   one JSON line when ready, then one an event
  --quiet, --verbose       say less; say each line that is spoken

Without --user and --anonymous there is one user, ferry, with a new password that is printed once.
Example: ferry serve ./files --user anna:secret --passive 50000-50100
`
