#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""talk.py [PROGRAM]

Starts the installed program, by its name and by D-Bus activation, as a menu does, and talks to it over sockets: what is sent arrives, what
arrives is saved byte for byte.
"""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

NAME = 'io.github.socketeer.Socketeer'
PATH = '/io/github/socketeer/Socketeer'
DEADLINE = 60
BYTES = bytes(range(256)) * 64 + '回声\r\n'.encode()


def gdbus(*arguments):
    return subprocess.run(['gdbus', 'call', '--session', '--timeout', str(DEADLINE), '--dest', *arguments],
                          check=True, text=True, capture_output=True).stdout


def activate(action, parameter='[]', window=True):
    path = PATH + '/window/1' if window else PATH
    gdbus(NAME, '--object-path', path, '--method', 'org.gtk.Actions.Activate', action, parameter, '{}')


def wait_for(what, condition):
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError('%s: not within %d s' % (what, DEADLINE))
        time.sleep(0.05)


def is_running():
    return gdbus('org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus',
                 '--method', 'org.freedesktop.DBus.NameHasOwner', NAME).strip() == '(true,)'


def receive(peer, n):
    received = b''
    while len(received) < n:
        piece = peer.recv(65536)
        assert piece, 'the program closed after %d of %d bytes' % (len(received), n)
        received += piece
    return received


def listen():
    listener = socket.create_server(('127.0.0.1', 0))
    listener.settimeout(DEADLINE)
    return listener, '127.0.0.1:%d' % listener.getsockname()[1]


def accept(listener):
    peer = listener.accept()[0]
    peer.settimeout(DEADLINE)
    return peer


def check_saved(path):
    """What was received is shown a moment later; then all of it is saved, as it came."""
    def is_saved():
        activate('export', "[<('raw', 'received', '%s')>]" % path)
        return path.exists() and path.read_bytes() == BYTES
    wait_for('what was received is saved', is_saved)


def test_client(program):
    """Started by name, with an argument."""
    listener, endpoint = listen()
    process = subprocess.Popen([program, '--connect', endpoint])
    try:
        peer = accept(listener)
        wait_for('the name on the bus', is_running)
        activate('send-text', "[<'hello'>]")
        assert receive(peer, 5) == b'hello'
        activate('send-hex', "[<'00 ff 7f'>]")
        assert receive(peer, 3) == b'\x00\xff\x7f'
        peer.sendall(BYTES)
        check_saved(pathlib.Path(os.environ['HOME'], 'received'))
        peer.close()
        activate('quit', window=False)
        assert process.wait(DEADLINE) == 0, 'it ended with status %s' % process.returncode
    finally:
        if process.poll() is None:
            process.kill()
    wait_for('the name is off the bus', lambda: not is_running())


def test_activated():
    """Started by the bus, as a menu entry with DBusActivatable does: the service file must be there and right."""
    gdbus(NAME, '--object-path', PATH, '--method', 'org.freedesktop.Application.Activate', '{}')
    wait_for('it runs', is_running)
    listener, endpoint = listen()
    activate('connect', "[<'%s'>]" % endpoint)
    peer = accept(listener)
    peer.sendall(b'x')
    activate('send-text', "[<'activated'>]")
    assert receive(peer, 9) == b'activated'
    activate('quit', window=False)
    wait_for('the name is off the bus', lambda: not is_running())


def find_program():
    program = shutil.which('socketeer')
    assert program is not None, 'socketeer is not in PATH'
    return program


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else find_program()
    version = subprocess.run([program, '--version'], check=True, text=True, capture_output=True).stdout
    assert re.fullmatch(r'Socketeer \d+\.\d+\.\d+\n', version), version
    test_client(program)
    print('client: ok')
    if len(sys.argv) == 1:
        test_activated()
        print('activated: ok')
    left = list(pathlib.Path(os.environ['HOME'], '.local/state/socketeer/sessions').glob('*/payload'))
    assert not left, 'a journal was left behind: %s' % left


if __name__ == '__main__':
    main()
