# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program reads of a connection's TCP, beside ss(8) at the same moment."""
import re
import shutil
import socket
import subprocess
import time

LOOPBACK = '127.0.0.1'

# Times since something happened go on between two looks, and what is under way adds up.
MOVING = ('lastsnd', 'lastrcv', 'lastack', 'busy', 'rwnd_limited')
# What ss prints with six digits.
ROUNDED = ('rto', 'rtt', 'minrtt')


class Connection:
    """One that sends to a peer which does not read all of it."""

    def __init__(self, tool):
        self.listener = socket.create_server((LOOPBACK, 0))
        self.process = subprocess.Popen([tool, str(self.listener.getsockname()[1])], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.peer, (_, self.port) = self.listener.accept()

    def __enter__(self):
        self.peer.recv(100000, socket.MSG_WAITALL)
        self.peer.sendall(b'1234567')
        return self

    def __exit__(self, *exception):
        self.process.stdin.close()
        self.process.wait(60)
        self.peer.close()
        self.listener.close()

    def ours(self):
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        lines = iter(self.process.stdout.readline, '\n')
        return {name: float(value) for name, value in map(str.split, lines)}

    def theirs(self):
        text = subprocess.run(['ss', '-tinoemH', 'sport', '=', ':%d' % self.port], capture_output=True, text=True, check=True).stdout
        values = dict(re.findall(r'([a-z_]+):([0-9.]+)', text))
        values.update(re.findall(r'([a-z_]+_rate) ([0-9.]+)bps', text))
        return {name: float(value) for name, value in values.items()}


def is_still(before, after):
    return all(after[name] == value for name, value in before.items() if name != 'time' and name not in MOVING)


def look(connection, tries=100):
    """Ours, theirs, and ours again, while nothing but time went on."""
    for _ in range(tries):
        before, theirs, after = connection.ours(), connection.theirs(), connection.ours()
        if is_still(before, after):
            return before, theirs, after
        time.sleep(0.05)
    raise TimeoutError('the connection does not come to rest')


def is_equal(name, ours, theirs):
    """ss leaves out what is 0."""
    return abs(ours - theirs) <= (0.001 + abs(ours) * 1e-5 if name in ROUNDED else abs(ours) * 1e-9)


def bench_kernel(context):
    """TCP_INFO as the program reads it, against ss at the same moment: equal for counters, named difference for what moves"""
    if shutil.which('ss') is None:
        raise OSError('there is no ss (package iproute2)')
    with Connection(context.tool('kernel')) as connection:
        before, theirs, after = look(connection)
    fixed = [name for name in before if name != 'time' and name not in MOVING]
    other = ['%s: %.17g, ss %.17g' % (name, before[name], theirs.get(name, 0)) for name in fixed
             if not is_equal(name, before[name], theirs.get(name, 0))]
    context.report.add('tcp-info-counters', '%d equal' % (len(fixed) - len(other)), '%d' % len(fixed), target='all',
                       reached=not other, note='; '.join(other) or ', '.join(fixed), raw=[before, theirs, after])
    moved = ['%s %+g ms' % (name, theirs[name] - before[name]) for name in MOVING if name in theirs and name in before]
    context.report.add('tcp-info-moving', '%d' % len(moved), note='ss looked up to %.0f ms later: %s'
                       % (after['time'] - before['time'], ', '.join(moved)))
