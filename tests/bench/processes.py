# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system tells of processes and sockets."""
import os
import socket
import time

TICK = os.sysconf('SC_CLK_TCK')


def wait_until(condition, what, timeout=60.0, step=0.02):
    end = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > end:
            raise TimeoutError('%s: not within %.0f s' % (what, timeout))
        time.sleep(step)
    return result


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def listens(port):
    with open('/proc/net/tcp', encoding='ascii') as f:
        return any(fields[3] == '0A' and int(fields[1].rpartition(':')[2], 16) == port
                   for fields in map(str.split, f.readlines()[1:]))


def read_cpu(pid):
    """Seconds that a process has computed."""
    with open('/proc/%d/stat' % pid, encoding='ascii') as f:
        fields = f.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def read_rss(pid, field='VmRSS'):
    """Bytes; VmHWM: the most it ever was."""
    with open('/proc/%d/status' % pid, encoding='ascii') as f:
        return next(int(line.split()[1]) * 1024 for line in f if line.startswith(field + ':'))
