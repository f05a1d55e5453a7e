"""Drives paramiko or asyncssh for the tests: LIBRARY PORT DEED ARGUMENTS."""
import asyncio
import sys


def with_paramiko(port, deed, words):
    import paramiko

    transport = paramiko.Transport(("127.0.0.1", port))
    transport.connect(username="u", password="p")
    sftp = paramiko.SFTPClient.from_transport(transport)
    if deed == "put":
        sftp.put(*words)
    elif deed == "get":
        sftp.get(*words)
    elif deed == "list":
        print("\n".join(str(entry) for entry in sftp.listdir_attr(*words)))
    elif deed == "rename":
        sftp.posix_rename(*words)
    elif deed == "remove":
        sftp.remove(*words)
    elif deed == "mkdir":
        sftp.mkdir(*words)
    elif deed == "symlink":
        sftp.symlink(*words)
        print(sftp.readlink(words[1]))
    elif deed == "hash":
        with sftp.open(words[0]) as file:
            print(file.check("sha256").hex())
    transport.close()


async def with_asyncssh(port, deed, words):
    import asyncssh

    options = {"port": port, "username": "u", "password": "p", "known_hosts": None}
    async with asyncssh.connect("127.0.0.1", **options) as conn:
        async with conn.start_sftp_client() as sftp:
            if deed == "put":
                await sftp.put(*words)
            elif deed == "get":
                await sftp.get(*words)
            elif deed == "list":
                print("\n".join(entry.longname for entry in await sftp.readdir(*words)))
            elif deed == "rename":
                await sftp.posix_rename(*words)
            elif deed == "remove":
                await sftp.remove(*words)
            elif deed == "mkdir":
                await sftp.mkdir(*words)
            elif deed == "symlink":
                await sftp.symlink(*words)
                print(await sftp.readlink(words[1]))


library, port, deed, *words = sys.argv[1:]
if library == "version":
    module = __import__(port)
    print(module.__version__)
elif library == "paramiko":
    with_paramiko(int(port), deed, words)
else:
    asyncio.run(with_asyncssh(int(port), deed, words))
