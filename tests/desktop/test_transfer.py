# SPDX-License-Identifier: GPL-3.0-or-later
"""Much data: nothing is lost, nothing altered, and the window answers all the while."""
import re
import subprocess

import peers
import rig
from page import Page, accept, client, connect, listener, open_server, port_of, roundtrip, slowest_roundtrip

MIB = 1 << 20
# What counts as an answer, on a machine that does other things too.
PROMPT = 1.0


def assert_prompt(slowest):
    assert slowest < PROMPT * rig.SLOW, 'the window took %.2f s to answer' % slowest


def receive_file(bench, page, path, size):
    """socat sends a file to the server page; returns the longest time that the window took to answer meanwhile."""
    before = int(page.received.text())
    with peers.socat_send_file(bench.tmp, page.port, path) as socat:
        slowest = slowest_roundtrip(page.app, lambda: socat.proc.poll() is not None)
        assert socat.wait() == 0, socat.errors()
    page.received.wait_text(str(before + size), 30)
    return slowest


def test_64_mib_into_a_server(bench):
    rig.need_programs('socat')
    wanted = peers.random_file(bench.tmp / 'file', 64 * MIB)
    app = bench.start()
    page = open_server(app)
    slowest = receive_file(bench, page, bench.tmp / 'file', 64 * MIB)
    saved = page.export(bench.tmp / 'saved')
    assert peers.sha256_of_file(saved) == wanted
    page.node.find('label', re.compile(r'^nothing dropped · .*journal 64(\.\d)? MiB · .* free$'))
    assert_prompt(slowest)


def test_64_mib_into_a_client(bench):
    rig.need_programs('socat')
    wanted = peers.random_file(bench.tmp / 'file', 64 * MIB)
    app = bench.start()
    with peers.socat_source(bench.tmp, bench.tmp / 'file') as socat:
        app.activate('win.connect', 's', '127.0.0.1:%d' % socat.port)
        page = Page(app)
        slowest = slowest_roundtrip(app, lambda: socat.proc.poll() is not None)
        assert socat.wait() == 0, socat.errors()
    page.received.wait_text(str(64 * MIB), 30)
    page.wait_state('closed')
    assert peers.sha256_of_file(page.export(bench.tmp / 'saved')) == wanted
    assert_prompt(slowest)


def test_hexdump_of_1_mib(bench):
    rig.need_programs('socat', 'hexdump')
    path = bench.tmp / 'file'
    peers.random_file(path, MIB - 5)
    # A run of equal lines, which hexdump leaves out, and a line that is not full.
    with open(path, 'r+b') as f:
        f.seek(4096)
        f.write(bytes(4096))
    app = bench.start()
    page = open_server(app)
    receive_file(bench, page, path, MIB - 5)
    wanted = subprocess.run(['hexdump', '-C', str(path)], check=True, capture_output=True).stdout
    assert page.export(bench.tmp / 'saved', 'hexdump').read_bytes() == wanted


def test_sending_1_mib_to_a_slow_reader(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    peer = bench.use(accept(server))
    text = '0123456789abcdef' * (MIB // 16)
    page.send(text)
    page.send('end')
    got = b''
    while len(got) < len(text) + 3:
        piece = peer.recv(8192)
        assert piece
        got += piece
    assert got == text.encode() + b'end'
    page.sent.wait_text(str(MIB + 3))
    assert page.export(bench.tmp / 'saved', direction='sent').read_bytes() == got


def test_200_clients(bench):
    n, size = 200, 100 * 1024
    app = bench.start()
    page = open_server(app)
    with peers.Crowd(page.port, n=n, size=size) as crowd:
        crowd.connect()
        # While they are all connected, and while they all send.
        running = peers.background(crowd.run)
        slowest = slowest_roundtrip(app, running.done)
        running.result(1)
    page.received.wait_text(str(n * size), 30)
    page.addresses.wait_text('', 20)
    page.node.find('label', '0 open of 200')
    page.node.find('label', re.compile('^nothing dropped '))
    assert page.export(bench.tmp / 'all').stat().st_size == n * size
    assert_prompt(slowest)

    wanted = {c.address: c.sent for c in crowd.clients}
    names = page.clients()
    for name in (names[1], names[3]):
        page.choose_client(name)
        assert peers.sha256_of_file(page.export(bench.tmp / 'one')) == wanted[name], name
    rig.press('End')
    last = rig.retry(lambda: chosen(page) != names[3] and chosen(page), 5, 'the last row is chosen')
    assert peers.sha256_of_file(page.export(bench.tmp / 'one')) == wanted[last], last


def chosen(page):
    row = page.node.find('list', 'Connections').find_now('list item', where=lambda n: n.has('selected'))
    return row and row.name


def switch_views(page, patterns):
    """Shows what is there in each way, and finds rows of it; the window must answer."""
    for name, pattern in patterns:
        page.view(name)
        page.wait_row(pattern)
        assert_prompt(roundtrip(page.app))


def test_100_mb_line(bench):
    rig.need_programs('socat')
    path = bench.tmp / 'line'
    with open(path, 'wb') as f:
        for _ in range(100):
            f.write(b'x' * 1000000)
    app = bench.start()
    page = open_server(app)
    slowest = receive_file(bench, page, path, 100000000)
    page.wait_row('x' * 80)
    switch_views(page, (('hex', re.compile('78 78 78 78')), ('both', re.compile('78 78.*  xx')), ('text', 'x' * 80)))
    assert_prompt(slowest)
    # The line goes on where it was.
    with client(page.port) as s:
        s.sendall(b'the end')
        page.wait_row('the end')


def test_1_mib_of_combining_marks(bench):
    app = bench.start()
    page = open_server(app)
    data = '\u0301'.encode() * (MIB // 2)
    with client(page.port) as s:
        sending = peers.background(s.sendall, data)
        slowest = slowest_roundtrip(app, lambda: page.received.text() == str(MIB))
        sending.result(1)
        page.wait_row(re.compile('\u0301|U\\+0301'))
        switch_views(page, (('hex', 'cc 81 cc 81'), ('both', re.compile('cc 81.*  .*0301|cc 81.*  .*\u0301')),
                            ('text', re.compile('\u0301|U\\+0301'))))
        s.sendall(b'plain')
        page.wait_row('plain')
    assert page.export(bench.tmp / 'saved').read_bytes() == data + b'plain'
    assert_prompt(slowest)
