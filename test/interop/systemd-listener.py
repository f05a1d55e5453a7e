# Is systemd for the one who is told of it: prints each message as a line of JSON. Taking the descriptors that come along
# is what systemd-notify waits for.
import array
import json
import os
import socket
import sys

place = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
place.bind(sys.argv[1])
print(json.dumps(['listening']), flush=True)
while True:
    data, more, _flags, _from = place.recvmsg(65536, socket.CMSG_SPACE(64))
    for _level, _kind, held in more:
        numbers = array.array('i')
        numbers.frombytes(held[: len(held) - len(held) % numbers.itemsize])
        for number in numbers:
            os.close(number)
    print(json.dumps(data.decode().split('\n')), flush=True)
