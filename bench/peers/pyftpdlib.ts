import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, Site } from '../contender.ts'

const python = '/usr/bin/python3'

/** Debian's pyftpdlib: one process, one event loop, sendfile. */
export const pyftpdlib: Contender = {
  name: 'pyftpdlib',
  protocol: 'ftp',
  user: 'bench',
  password: 'bench',
  missing: () =>
    spawnSync(python, ['-c', 'import pyftpdlib']).status === 0
      ? undefined
      : 'get it with: apt-get install python3-pyftpdlib',
  prepare: (site) => {
    const file = join(site.folder, 'server.py')
    writeFileSync(file, script(site))
    return { command: python, words: [file] }
  },
}

function script({ files, port }: Site): string {
  return `
import logging
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

# No log: by default every command is one line on stderr.
logging.basicConfig(level=logging.ERROR)
# One user with all rights.
authorizer = DummyAuthorizer()
authorizer.add_user('bench', 'bench', ${JSON.stringify(files)}, perm='elradfmwMT')
FTPHandler.authorizer = authorizer
# No end to idle sessions, as theirs is longer than a measurement in the others.
FTPHandler.timeout = 0
# Ports of its own for data, not those that the system hands out: of these it takes none that was used a minute ago,
# and after 28,000 small files there is no other.
FTPHandler.passive_ports = range(61000, 62000)
# Loopback alone; the event loop that its documentation begins with, and as much backlog as the others have.
server = FTPServer(('127.0.0.1', ${port}), FTPHandler, backlog=512)
# No limit on clients.
server.max_cons = 0
server.max_cons_per_ip = 0
server.serve_forever(handle_exit=False)
`
}
