"""Drives scp, which is Python's over paramiko: three files and a tree up and back, and one that is not there."""

import sys

import paramiko
import scp

port, key, here = sys.argv[1:]
client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
client.connect('127.0.0.1', int(port), 'u', key_filename=key, allow_agent=False, look_for_keys=False)
copy = scp.SCPClient(client.get_transport())
for at in range(3):
    copy.put('%s/file %d' % (here, at), '/ü %d' % at, preserve_times=True)
    copy.get('/ü %d' % at, '%s/back %d' % (here, at))
copy.put(here + '/tree', '/copied', recursive=True)
copy.get('/copied', here + '/tree back', recursive=True)
try:
    copy.get('/missing', here + '/missing')
except scp.SCPException as error:
    print(error)
client.close()
