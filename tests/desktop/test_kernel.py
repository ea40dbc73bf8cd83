# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel knows of a connection, in the connection pane."""
import os
import signal
import socket
import subprocess
import sys
import time

import rig
from page import accept, listener, open_client, open_server, port_of, reset
from test_inspector import wait_value


def wait_verdict(page, condition, what, timeout=15):
    def fits():
        label = page.node.find_now('label', where=lambda n: n.description == 'Verdict')
        return label is not None and condition(label.name) and label
    return rig.retry(fits, timeout, what)


def open_kernel(bench, **style):
    """A client page with its peer, and the tab open."""
    app = bench.start(**style)
    page = open_client(app)
    server = bench.use(listener())
    app.activate('win.connect', 's', '127.0.0.1:%d' % port_of(server))
    page.wait_state('connected')
    peer = bench.use(accept(server))
    rig.press('F8')
    page.node.find('page tab', 'Kernel').pointer_click()
    return page, peer


def test_figures(bench):
    page, peer = open_kernel(bench)
    wait_value(page, 'TCP state', 'ESTABLISHED')
    page.send('12345')
    wait_value(page, 'Acknowledged', '5 bytes')
    peer.sendall(b'123')
    wait_value(page, 'Received', '3 bytes')
    wait_verdict(page, lambda text: text.startswith(('no traffic', 'idle for', 'data flows')), 'all is well')
    peer.shutdown(socket.SHUT_WR)
    wait_verdict(page, lambda text: text == 'the connection is over', 'the end')


def test_graph_by_keyboard(bench):
    page, peer = open_kernel(bench)
    page.send('12345')
    wait_value(page, 'Acknowledged', '5 bytes')
    graph = page.node.find('image', 'Graph: Throughput')
    assert page.node.find('image', 'Graph: Congestion window')
    assert page.node.find('image', 'Graph: Round trip time')
    assert page.node.find('image', 'Graph: Bytes that wait')
    rig.retry(lambda: 'Received: 0 B/s, from' in graph.description, 10, 'the last value')
    page.app.focus(graph)
    rig.press('Left', 'Left')
    rig.retry(lambda: 's ago: ' in graph.description, 10, 'an earlier value')
    rig.press('Escape')
    rig.retry(lambda: 's ago: ' not in graph.description, 10, 'the last value again')


def test_stopped_peer(bench):
    """A peer that is stopped (SIGSTOP): its window closes, and opens when it goes on."""
    app = bench.start()
    page = open_server(app)
    code = ('import socket, sys\ns = socket.create_connection(("127.0.0.1", %d))\nprint("connected", flush=True)\n'
            'n = 0\nwhile n < 12 << 20:\n    n += len(s.recv(65536))\nprint("all", flush=True)\nsys.stdin.read()' % page.port)
    reader = subprocess.Popen([sys.executable, '-c', code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert reader.stdout.readline() == b'connected\n'
        page.wait_row('connected')
        rig.press('F8')
        page.choose_client(next(name for name in page.clients() if name.startswith('127.')))
        page.node.find('page tab', 'Kernel').pointer_click()
        wait_value(page, 'TCP state', 'ESTABLISHED')
        os.kill(reader.pid, signal.SIGSTOP)
        for _ in range(12):
            app.activate('win.send-hex', 's', '00' * (1 << 20))
        begun = time.monotonic()
        wait_verdict(page, lambda text: 'its window' in text, 'the window is closed')
        print('# the closed window is seen after %.1f s' % (time.monotonic() - begun), flush=True)
        wait_value(page, 'Send window', '0 bytes')
        os.kill(reader.pid, signal.SIGCONT)
        assert reader.stdout.readline() == b'all\n'
        wait_value(page, 'Acknowledged', '12582912 bytes')
    finally:
        reader.kill()
        reader.wait()


def wait_mark(page, text, mark):
    """Until the row with the text says so of what was sent."""
    rig.retry(lambda: any(text in n.name and n.description.startswith(mark) for n in page.node.walk() if n.role == 'list item'),
              15, '%r is marked %r' % (text, mark))


def test_marks_of_what_was_sent(bench):
    app = bench.start()
    page = open_client(app)
    server = bench.use(listener())
    app.activate('win.connect', 's', '127.0.0.1:%d' % port_of(server))
    page.wait_state('connected')
    peer = bench.use(accept(server))
    page.send('hello')
    wait_mark(page, 'hello', '✓✓ acknowledged')
    # the peer does not read: what is sent last is not acknowledged, and what does not fit is queued
    for _ in range(12):
        app.activate('win.send-hex', 's', '30' * (1 << 20))
    page.node.find('label', where=lambda n: n.name.endswith(' not acknowledged') and ' queued' in n.name, timeout=15)
    wait_mark(page, '000', '✓ handed')
    page.node.find('label', where=lambda n: n.name.startswith('queued → 127.0.0.1:') and n.name.endswith('0000…'), timeout=15)
    reset(peer)
    wait_mark(page, '000', '! not acknowledged')
    rig.retry(lambda: not page.node.find_now('label', where=lambda n: n.name.endswith(' not acknowledged') and ' queued' in n.name), 10,
              'the status bar says nothing of it any more')
    rig.retry(lambda: not page.node.find_now('label', where=lambda n: n.name.startswith('queued → ')), 10, 'nothing waits any more')
