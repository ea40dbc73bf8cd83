# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending files, and what waits to be sent to a peer that does not read."""
import hashlib
import os
import re
import subprocess
import threading

import peers
import rig
from page import accept, client, connect, listener, open_server

MIB = 1 << 20


class Sink:
    """Receives so many bytes on a socket, when it is told to."""

    def __init__(self, s, size):
        self.s, self.size, self.count, self.hash = s, size, 0, hashlib.sha256()
        self.s.settimeout(60 * rig.SLOW)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while self.count < self.size:
            data = self.s.recv(min(1 << 16, self.size - self.count))
            if not data:
                break
            self.hash.update(data)
            self.count += len(data)

    def start(self):
        self.thread.start()
        return self

    def sha256(self):
        self.thread.join(60 * rig.SLOW)
        assert not self.thread.is_alive() and self.count == self.size, '%d of %d bytes' % (self.count, self.size)
        return self.hash.hexdigest()


def send_file(app, path):
    app.activate('win.send-file', 's', str(path))


def wait_report(page, pattern, timeout=60):
    def once():
        found = [n for n in page.node.walk()
                 if n.role == 'label' and re.search(pattern, n.name)]
        return found[0] if found else None
    return rig.retry(once, timeout, 'a report like %s' % pattern)


def queued_label(page, timeout=20):
    return page.node.find('label', re.compile(r' queued · '), timeout=timeout)


def test_to_socat(bench):
    """Whole, byte for byte, with the SHA-256 to compare; closing the report takes it away."""
    rig.need_programs('socat')
    wanted = peers.random_file(bench.tmp / 'big.bin', 48 * MIB)
    port = peers.free_port()
    sink = subprocess.Popen(['socat', '-u', 'TCP-LISTEN:%d,bind=127.0.0.1' % port, 'CREATE:%s' % (bench.tmp / 'got')])
    try:
        peers.wait_listening(port)
        app = bench.start()
        page = connect(app, port)
        send_file(app, bench.tmp / 'big.bin')
        report = wait_report(page, r'^Sent “big\.bin”, 48 MiB .* to 1 connection in ')
        assert wanted in report.name, report.name
        app.activate('win.disconnect')
        assert sink.wait(60) == 0
    finally:
        sink.kill()
        sink.wait()
    assert peers.sha256_of_file(bench.tmp / 'got') == wanted
    page.sent.wait_text(str(48 * MIB))
    page.press('Hide this report')
    page.node.wait_gone('push button', 'Hide this report')


def test_several_clients_and_one_that_is_slow(bench):
    wanted = peers.random_file(bench.tmp / 'f', 24 * MIB)
    app = bench.start()
    page = open_server(app)
    sockets = [bench.use(client(page.port)) for _ in range(3)]
    page.wait_clients(lambda names: len(names) == 4)
    sinks = [Sink(s, 24 * MIB) for s in sockets]
    send_file(app, bench.tmp / 'f')
    for sink in sinks[1:]:
        sink.start()
    for sink in sinks[1:]:
        assert sink.sha256() == wanted
    wait_report(page, '^Sending “f” to 3 connections')
    page.press('Receivers')
    wait_report(page, r'of 25165824 bytes')
    sinks[0].start()
    assert sinks[0].sha256() == wanted
    wait_report(page, r'^Sent “f”, .* to 3 connections in .*' + wanted)


def test_pause_limit_and_cancel(bench):
    peers.random_file(bench.tmp / 'f', 24 * MIB)
    app = bench.start()
    with listener() as server:
        page = connect(app, server.getsockname()[1])
        s = bench.use(accept(server))
        send_file(app, bench.tmp / 'f')
        # more than is taken: it waits to be cancelled
        with open(bench.tmp / 'g', 'wb') as g:
            g.truncate(256 * MIB)
        send_file(app, bench.tmp / 'g')
        wait_report(page, 'waiting for the file before it')
        page.node.button('Pause sending the file').click()
        wait_report(page, '^paused at ')
        limit = page.node.find('text', 'Bytes a second')
        limit.set_text('nonsense')
        limit.set_text('100 KiB')
        page.node.button('Pause sending the file').click()
        Sink(s, 24 * MIB).start()
        wait_report(page, r' left$')
        page.node.button('Cancel sending the file').click()
        wait_report(page, '^Sending “f”, .* was cancelled')
        # the next one begins by itself
        rig.retry(lambda: not any('waiting for the file before it' in n.name for n in page.node.walk()), 10, 'the second begins')
        page.node.button('Cancel sending the file').click()
        page.node.wait_gone('push button', 'Cancel sending the file')


def test_what_can_not_be_sent_is_said(bench):
    (bench.tmp / 'empty').write_bytes(b'')
    (bench.tmp / 'folder').mkdir()
    os.mkfifo(bench.tmp / 'pipe')
    app = bench.start()
    page = open_server(app)
    send_file(app, bench.tmp / 'empty')
    page.message_problem.wait_text(re.compile(r'^The file was not sent\. Nothing is connected'))
    bench.use(client(page.port))
    page.wait_row('connected')
    for name, words in (('empty', 'is empty'), ('folder', 'is a folder'), ('pipe', 'is not a regular file'), ('none', 'cannot be read: No such')):
        send_file(app, bench.tmp / name)
        wait_report(page, '^“%s” %s' % (name, words))
    assert page.sent.text() == '0'


def test_closing_the_page_stops_it(bench):
    peers.random_file(bench.tmp / 'f', 24 * MIB)
    app = bench.start()
    page = open_server(app)
    bench.use(client(page.port))
    page.wait_row('connected')
    send_file(app, bench.tmp / 'f')
    queued_label(page)
    app.quit()


def test_discard(bench):
    """A peer that does not read: what waits is seen, more than the limit is refused in words, and Discard drops it."""
    app = bench.start()
    page = open_server(app)
    s = bench.use(client(page.port))
    page.wait_row('connected')
    text = 'x' * MIB
    sent = 0
    while True:
        page.send(text)
        sent += 1
        assert sent < 200
        if sent > 60 and [n for n in page.node.walk() if 'does not read fast enough' in n.name]:
            break
    page.message_problem.wait_text(re.compile('discard what waits'))
    queued_label(page)
    page.press('Discard what is queued')
    page.wait_row(re.compile(r'discarded \d+ bytes that waited to be sent'))
    page.node.wait_gone('push button', 'Discard what is queued')
    page.message_problem.wait_text('')
    # what the kernel had, and nothing else, arrives; and it goes on
    app.activate('win.send-text', 's', 'after')
    s.settimeout(5 * rig.SLOW)
    data = b''
    while not data.endswith(b'after'):
        data += s.recv(1 << 20)
    assert data[:-5].strip(b'x') == b'' and len(data) < sent * MIB
    page.sent.wait_text(str(len(data)))


def drag(start, end):
    """With the pointer, in steps, as a hand does."""
    rig.xdo('mousemove', start[0], start[1], 'mousedown', 1)
    for step in range(1, 11):
        rig.xdo('mousemove', *(a + (b - a) * step // 10 for a, b in zip(start, end)))
    rig.xdo('mousemove', end[0] + 1, end[1])


def test_dragged_files(bench):
    """Two files dragged out of another program into the page are sent one after the other."""
    app = bench.start()
    page = open_server(app)
    s = bench.use(client(page.port))
    page.wait_row('connected')
    paths = [bench.tmp / 'first', bench.tmp / 'sécond 二']
    paths[0].write_bytes(bytes(range(256)) * 1000)
    paths[1].write_bytes(b'second' * 1000)
    sink = Sink(s, 262000).start()
    source = subprocess.Popen([str(bench.build / 'tests' / 'desktop' / 'drag-source'), *map(str, paths)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    try:
        window = rig.retry(lambda: subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '^drag-source$'], check=False,
                                                  capture_output=True, text=True).stdout.split(), 20, 'the other window')[0]
        # in a corner of the screen, above ours
        rig.xdo('windowmove', window, 0, 0)
        rig.xdo('windowraise', window)
        drag((60, 40), page.transcript.center())
        rig.xdo('mouseup', 1)
        assert source.stdout.readline() == 'dropped\n'
        assert sink.sha256() == hashlib.sha256(b''.join(path.read_bytes() for path in paths)).hexdigest()
        wait_report(page, 'sécond 二')
    finally:
        source.stdin.close()
        source.wait(10)
