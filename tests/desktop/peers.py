#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers for the program under test: real sockets, and programs that nobody here wrote.

The client and the server of a first lesson on sockets, typed as the lesson has them, with what a test wants to know around
them; socat and ncat; a crowd of clients. Nothing sleeps: what is waited for is a condition with a deadline.

    peers.py client HOST PORT TEXT [ENCODING]
    peers.py server PORT [ENCODING]
"""
import codecs
import concurrent.futures
import contextlib
import hashlib
import os
import pathlib
import random
import select
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

SLOW = float(os.environ.get('RIG_SLOW', '1'))
LOOPBACK = '127.0.0.1'


# -- data -----------------------------------------------------------------------------------------------------------------

def random_bytes(size, seed=1):
    """The same bytes for the same seed."""
    return random.Random(seed).randbytes(size)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path):
    digest = hashlib.sha256()
    with open(path, 'rb') as f:
        while piece := f.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def random_file(path, size, seed=1):
    """Writes `size` bytes (a MiB at a time, each with a seed of its own) and returns their SHA-256."""
    digest = hashlib.sha256()
    with open(path, 'wb') as f:
        for i in range(0, size, 1 << 20):
            piece = random_bytes(min(1 << 20, size - i), seed + i)
            digest.update(piece)
            f.write(piece)
    return digest.hexdigest()


# -- waiting ----------------------------------------------------------------------------------------------------------------

def wait_for(condition, what, timeout=10.0, step=0.02):
    """Until condition() is true; for what no file descriptor tells."""
    end = time.monotonic() + timeout * SLOW
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError('timed out after %.1f s: %s' % (timeout * SLOW, what))
        time.sleep(step)
    return result


def free_port(address=LOOPBACK):
    """A port that was free a moment ago."""
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    with socket.socket(family) as s:
        s.bind((address, 0))
        return s.getsockname()[1]


def listens(port):
    """Whether a socket listens on the port, without connecting to it."""
    for name in ('/proc/net/tcp', '/proc/net/tcp6'):
        with contextlib.suppress(OSError), open(name, encoding='ascii') as f:
            for line in f.readlines()[1:]:
                fields = line.split()
                if fields[3] == '0A' and int(fields[1].rpartition(':')[2], 16) == port:
                    return True
    return False


def wait_listening(port, timeout=10.0):
    wait_for(lambda: listens(port), 'something listens on port %d' % port, timeout)


def background(function, *args, **kwargs):
    """Runs a peer beside the test. Returns a Future: result(timeout) gives what it returned, or raises what it raised."""
    future = concurrent.futures.Future()

    def run():
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as e:
            future.set_exception(e)
    threading.Thread(target=run, daemon=True).start()
    return future


# -- the lesson's client and server -----------------------------------------------------------------------------------------

def lesson_client(host, port, text, encoding='gbk'):
    """Connects, sends, receives once, decodes, closes; returns the answer ('' if the server closed without one)."""
    tcp_client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    tcp_client_socket.settimeout(30 * SLOW)
    tcp_client_socket.connect((host, port))
    tcp_client_socket.send(text.encode(encoding))
    recv_data = tcp_client_socket.recv(1024)
    tcp_client_socket.close()
    return recv_data.decode(encoding)


class LessonServer:
    """Binds, listens with a backlog of 128, accepts one client after another, decodes what comes, answers each read, and
    notes that the peer closed when a read returns nothing.

    with LessonServer() as server: connect the program to 127.0.0.1:server.port, then server.wait_text('你好')."""

    PEER_CLOSED = 'peer closed'

    def __init__(self, encoding='gbk', answer='收到', host=LOOPBACK, port=0):
        self.encoding, self.answer = encoding, answer
        self.texts = []                             # what came, a string for each client
        self.events = []                            # 'connected' and PEER_CLOSED, in order
        self.changed = threading.Condition()        # guards texts, events
        self.tcp_server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.tcp_server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
        self.tcp_server_socket.bind((host, port))
        self.tcp_server_socket.listen(128)
        self.port = self.tcp_server_socket.getsockname()[1]
        self.wish, self.wish_reader = socket.socketpair()   # wakes the thread: only it may close what it reads from
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _note(self, event):
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def _serve(self, service_client_socket):
        # A read may end in the middle of a character.
        decoder = codecs.getincrementaldecoder(self.encoding)(errors='strict')
        while True:
            readable, _, _ = select.select([service_client_socket, self.wish_reader], [], [])
            if self.wish_reader in readable:
                if self.wish_reader.recv(1) == b'r':
                    service_client_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                return
            recv_data = service_client_socket.recv(1024)
            if not recv_data:
                self._note(self.PEER_CLOSED)
                return
            with self.changed:
                self.texts[-1] += decoder.decode(recv_data)
                self.changed.notify_all()
            if self.answer:
                service_client_socket.send(self.answer.encode(self.encoding))

    def _run(self):
        while True:
            try:
                service_client_socket, ip_port = self.tcp_server_socket.accept()
            except OSError:
                return                              # closed by stop()
            with self.changed:
                self.texts.append('')
            self._note('connected')
            try:
                self._serve(service_client_socket)
            except OSError as e:
                self._note(str(e))
            service_client_socket.close()

    def _wait(self, condition, what, timeout):
        with self.changed:
            if not self.changed.wait_for(condition, timeout * SLOW):
                raise AssertionError('%s did not happen; texts %r, events %r' % (what, self.texts, self.events))

    def wait_text(self, text, timeout=10.0):
        self._wait(lambda: self.texts and self.texts[-1] == text, 'text %r' % text, timeout)

    def wait_event(self, event, timeout=10.0):
        self._wait(lambda: event in self.events, event, timeout)

    def close_client(self):
        """Closes the connection from the server's side (FIN)."""
        self.wish.send(b'c')

    def reset_client(self):
        """Resets the connection (RST)."""
        self.wish.send(b'r')

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        # shutdown() wakes accept(); close() alone does not.
        with contextlib.suppress(OSError):
            self.tcp_server_socket.shutdown(socket.SHUT_RDWR)
        self.close_client()
        self.thread.join(10 * SLOW)
        for s in (self.tcp_server_socket, self.wish, self.wish_reader):
            s.close()


# -- programs -----------------------------------------------------------------------------------------------------------------

class Process:
    """A helper program in a process group of its own, ended when the with block is left.

    stdin: bytes for its standard input, which is closed then; None keeps it open and empty. port: wait until it listens
    there. What it writes is in `out` (a file) and read by output()."""

    def __init__(self, *argv, tmp, port=None, stdin=None):
        self.argv, self.port, self.stdin = list(map(str, argv)), port, stdin
        self.out = pathlib.Path(tmp) / ('%s-%d-%d.out' % (os.path.basename(self.argv[0]), os.getpid(), id(self)))

    def __enter__(self):
        with open(self.out, 'wb') as out, open(str(self.out) + '.err', 'wb') as err:
            self.proc = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=out, stderr=err, start_new_session=True)
        if self.stdin is not None:
            background(self._feed)
        if self.port is not None:
            wait_for(lambda: listens(self.port) or self.proc.poll() is not None, '%s listens' % self.argv[0])
            assert self.proc.poll() is None, '%s ended: %s' % (self.argv, self.errors())
        return self

    def _feed(self):
        with contextlib.suppress(BrokenPipeError):
            self.proc.stdin.write(self.stdin)
        with contextlib.suppress(BrokenPipeError):
            self.proc.stdin.close()

    def write(self, data):
        """More for its standard input."""
        self.proc.stdin.write(data)
        self.proc.stdin.flush()

    def output(self):
        return self.out.read_bytes()

    def errors(self):
        return pathlib.Path(str(self.out) + '.err').read_text(errors='replace')

    def wait_output(self, data, timeout=10.0):
        """Until it has written these bytes and nothing else."""
        try:
            wait_for(lambda: len(self.output()) >= len(data), 'output', timeout)
        finally:
            assert self.output() == data, '%s wrote %r, not %r' % (self.argv[0], self.output()[:200], data[:200])

    def wait(self, timeout=30.0):
        return self.proc.wait(timeout * SLOW)

    def __exit__(self, *exc):
        # The whole group: socat forks a process for each connection.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.proc.pid, signal.SIGTERM)
        try:
            self.proc.wait(10 * SLOW)
        except subprocess.TimeoutExpired:
            os.killpg(self.proc.pid, signal.SIGKILL)
            self.proc.wait()


def socat_echo(tmp):
    """Sends back what comes, to any number of clients. with socat_echo(tmp) as peer: … peer.port"""
    port = free_port()
    return Process('socat', 'TCP-LISTEN:%d,bind=%s,reuseaddr,fork,backlog=1024' % (port, LOOPBACK), 'PIPE', tmp=tmp, port=port)


def socat_source(tmp, path):
    """Sends a file to the first client and closes."""
    port = free_port()
    return Process('socat', '-u', '-b', '262144', 'OPEN:%s,rdonly' % path, 'TCP-LISTEN:%d,bind=%s,reuseaddr' % (port, LOOPBACK),
                   tmp=tmp, port=port)


def socat_sink(tmp):
    """Keeps what the first client sends (output()), sends nothing, ends when the client does."""
    port = free_port()
    return Process('socat', '-u', 'TCP-LISTEN:%d,bind=%s,reuseaddr' % (port, LOOPBACK), '-', tmp=tmp, port=port)


def socat_send_file(tmp, port, path, host=LOOPBACK):
    """A client that sends a file and closes."""
    return Process('socat', '-u', '-b', '262144', 'OPEN:%s,rdonly' % path, 'TCP:%s:%d' % (host, port), tmp=tmp)


def ncat_listen(tmp, *options, stdin=None):
    """One client, both directions: sends stdin, keeps what comes."""
    port = free_port()
    return Process('ncat', '-l', *options, LOOPBACK, port, tmp=tmp, port=port, stdin=stdin)


def ncat_connect(tmp, port, *options, stdin=None, host=LOOPBACK):
    return Process('ncat', *options, host, port, tmp=tmp, stdin=stdin)


def http_server(tmp, folder):
    """Python's own server for the files of a folder."""
    port = free_port()
    return Process('/usr/bin/python3', '-m', 'http.server', '--bind', LOOPBACK, '--directory', folder, port, tmp=tmp, port=port)


def redis_server(tmp):
    """An empty one that keeps nothing."""
    port = free_port()
    return Process('redis-server', '--bind', LOOPBACK, '--port', port, '--save', '', '--appendonly', 'no', '--dir', tmp, tmp=tmp,
                   port=port)


def modbus_server(tmp):
    port = free_port()
    return Process('/usr/bin/python3', pathlib.Path(__file__).with_name('modbus_server.py'), port, tmp=tmp, port=port)


# -- a crowd ------------------------------------------------------------------------------------------------------------------

class Crowd:
    """Many clients at once, each sending its own random bytes in small pieces that mix with the others', and reading.

    crowd.connect(); crowd.run() sends all, finishes sending (FIN) unless told not to, and reads until each peer finishes;
    afterwards each client has .address (as the server sees it), .sent and .received (SHA-256), .n_received."""

    class Client:
        def __init__(self, index, size):
            self.data = random_bytes(size, seed=1000 + index)
            self.sent = sha256(self.data)
            self.offset = 0
            self.digest = hashlib.sha256()
            self.n_received = 0
            self.socket = None
            self.address = None

        @property
        def received(self):
            return self.digest.hexdigest()

    PIECE = 4096

    def __init__(self, port, host=LOOPBACK, n=200, size=100 * 1024):
        self.host, self.port = host, port
        self.clients = [Crowd.Client(i, size) for i in range(n)]

    def connect(self):
        for client in self.clients:
            client.socket = socket.create_connection((self.host, self.port), timeout=10 * SLOW)
            client.address = '%s:%d' % client.socket.getsockname()[:2]
            client.socket.setblocking(False)
        return self

    def _read(self, client):
        data = client.socket.recv(65536)
        client.digest.update(data)
        client.n_received += len(data)
        return bool(data)

    def _write(self, client):
        client.offset += client.socket.send(client.data[client.offset:client.offset + self.PIECE])
        return client.offset < len(client.data)

    def run(self, finish=True, until=None, timeout=120.0):
        """until: a function of a client that tells when it is done, instead of the peer's FIN; with finish=False needed."""
        end = time.monotonic() + timeout * SLOW
        with selectors.DefaultSelector() as selector:
            for client in self.clients:
                selector.register(client.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, client)
            while selector.get_map():
                assert time.monotonic() < end, '%d clients are not done' % len(selector.get_map())
                for key, events in selector.select(1.0):
                    client = key.data
                    is_open = True
                    if events & selectors.EVENT_WRITE and not self._write(client):
                        if finish:
                            client.socket.shutdown(socket.SHUT_WR)
                        selector.modify(client.socket, selectors.EVENT_READ, client)
                    if events & selectors.EVENT_READ:
                        is_open = self._read(client)
                    if not is_open or (until is not None and client.offset == len(client.data) and until(client)):
                        selector.unregister(client.socket)
        return self

    def close(self):
        for client in self.clients:
            if client.socket is not None:
                client.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def main(what, *args):
    if what == 'client':
        host, port, text, *encoding = args
        print(lesson_client(host, int(port), text, *encoding))
    else:
        port, *encoding = args
        with LessonServer(*encoding, port=int(port)) as server:
            print('listening on port %d' % server.port, flush=True)
            server.wait_event(LessonServer.PEER_CLOSED, timeout=3600)
            print(server.texts[-1])
            print(LessonServer.PEER_CLOSED)


if __name__ == '__main__':
    if len(sys.argv) < 3 or sys.argv[1] not in ('client', 'server'):
        sys.exit(__doc__)
    main(*sys.argv[1:])
