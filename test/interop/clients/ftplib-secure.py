# All that is done over FTPS with Python's ftplib: PORT explicit|implicit 1.2|1.3 FOLDER
import ftplib
import os
import ssl
import sys

port, mode, version, folder = sys.argv[1:]


class Implicit(ftplib.FTP_TLS):
    """ftplib has no implicit FTPS of its own: its control connection is wrapped when it is made."""

    _sock = None

    @property
    def sock(self):
        return self._sock

    @sock.setter
    def sock(self, value):
        if value is not None and not isinstance(value, ssl.SSLSocket):
            value = self.context.wrap_socket(value)
        self._sock = value


context = ssl._create_unverified_context()
context.maximum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
ftp = (Implicit if mode == "implicit" else ftplib.FTP_TLS)(context=context, timeout=30)
ftp.connect("127.0.0.1", int(port))
ftp.login("u", "p")
ftp.prot_p()
assert "there" in ftp.nlst(), ftp.nlst()


def get(name, rest):
    with open(os.path.join(folder, name), "ab") as file:
        ftp.retrbinary("RETR there", file.write, rest=rest)


def put(name, rest):
    with open(os.path.join(folder, "whole"), "rb") as file:
        file.seek(rest or 0)
        ftp.storbinary("STOR " + name, file, rest=rest)


get("got", None)
get("half", os.path.getsize(os.path.join(folder, "half")))
put("sent", None)
put("sent-half", ftp.size("sent-half"))
assert ftp.quit().startswith("221")
