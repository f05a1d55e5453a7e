# One operation with Python's ftplib: HOST PORT USER PASSWORD WAY OPERATION PATH...
import ftplib
import os
import sys


class Half:
    """The first half of a file, and then nothing for as long as nobody types anything."""

    def __init__(self, path):
        self.left = os.path.getsize(path) // 2
        self.file = open(path, "rb")

    def read(self, size):
        if self.left == 0:
            sys.stdin.read()
        piece = self.file.read(min(size, self.left))
        self.left -= len(piece)
        return piece


def list_(ftp, path):
    for name, facts in ftp.mlsd(path):
        print(facts.get("size", "-"), name)


def get(ftp, remote, local):
    with open(local, "wb") as file:
        ftp.retrbinary("RETR " + remote, file.write)


def resume_get(ftp, remote, local):
    with open(local, "ab") as file:
        ftp.retrbinary("RETR " + remote, file.write, rest=file.tell())


def get_text(ftp, remote, local):
    with open(local, "w", newline="") as file:
        ftp.retrlines("RETR " + remote, lambda line: file.write(line + "\n"))


def put(ftp, local, remote):
    with open(local, "rb") as file:
        ftp.storbinary("STOR " + remote, file)


def put_half(ftp, local, remote):
    ftp.storbinary("STOR " + remote, Half(local))


def resume_put(ftp, local, remote):
    ftp.voidcmd("TYPE I")
    there = ftp.size(remote)
    with open(local, "rb") as file:
        file.seek(there)
        ftp.storbinary("STOR " + remote, file, rest=there)


def put_text(ftp, local, remote):
    with open(local, "rb") as file:
        ftp.storlines("STOR " + remote, file)


operations = {
    "list": list_,
    "get": get,
    "resume-get": resume_get,
    "get-text": get_text,
    "put": put,
    "put-half": put_half,
    "resume-put": resume_put,
    "put-text": put_text,
    "mkdir": lambda ftp, path: ftp.mkd(path),
    "rmdir": lambda ftp, path: ftp.rmd(path),
    "rename": lambda ftp, old, new: ftp.rename(old, new),
    "remove": lambda ftp, path: ftp.delete(path),
}

host, port, user, password, way, operation, *paths = sys.argv[1:]
with ftplib.FTP(timeout=30) as ftp:
    ftp.connect(host, int(port))
    ftp.login(user, password)
    ftp.set_pasv(way in ("PASV", "EPSV"))
    operations[operation](ftp, *paths)
