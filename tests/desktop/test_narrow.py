# SPDX-License-Identifier: GPL-3.0-or-later
"""A window of 360 by 640 pixels: as on a phone, or beside two others."""
import re
import subprocess

import rig
from page import accept, client, listener, name_of, open_client, open_server, port_of, read_exactly

WIDTH, HEIGHT = 360, 640
# What takes the keyboard or the pointer, and what says something.
SHOWN = ('push button', 'toggle button', 'entry', 'text', 'combo box', 'label', 'switch', 'check box')


def x_window(app):
    return subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(app.proc.pid), '--name', '^Socketeer$'], check=True,
                          capture_output=True, text=True).stdout.split()[0]


def size(app):
    return tuple(app.window.extents()[2:])


def make_narrow(app):
    """The frame is a few pixels around, and the size is that of all."""
    window = x_window(app)
    geometry = dict(line.split('=') for line in rig.xdo('getwindowgeometry', '--shell', window).split())
    w, h = size(app)
    rig.xdo('windowsize', window, WIDTH + int(geometry['WIDTH']) - w, HEIGHT + int(geometry['HEIGHT']) - h)
    rig.retry(lambda: size(app)[0] == WIDTH, 10, 'the window is narrow')
    wait_still(app)
    assert size(app) == (WIDTH, HEIGHT), 'the window is %d x %d' % size(app)


def wait_still(app):
    """Sizes have been given out: some only in the frame after the one before."""
    last = []

    def once():
        last.append([n.extents() for n in shown(app)])
        return len(last) > 2 and last[-1] == last[-2] == last[-3]
    rig.retry(once, 10, 'nothing moves')


def shown(app, below=None):
    return [n for n in (below or app.window).walk() if n.role in SHOWN]


def assert_inside(app, below, *names):
    """All that has a size; and these have one."""
    found = {}
    for node in shown(app, below):
        x, y, w, h = node.extents()
        if w > 0 and h > 0:
            assert x >= 0 and y >= 0 and x + w <= WIDTH and y + h <= HEIGHT, '%r is at %d, %d and %d x %d' % (node, x, y, w, h)
            found[node.name] = (w, h)
    for name in names:
        assert any(name.search(n) if isinstance(name, re.Pattern) else name == n for n in found), '%r is not in %r' % (name, found)


def say(page, peer, text):
    """With the pointer, where Send is."""
    page.type_message(text)
    page.node.find('push button', 'Send').pointer_click()
    assert read_exactly(peer, len(text)) == text.encode()


def test_start(bench):
    app = bench.start(language='C')
    make_narrow(app)
    assert_inside(app, None, 'Connect to a Server', 'Listen for Clients', 'Try It Here', 'New client', 'New server', 'Main menu')


def test_client(bench):
    app = bench.start(language='C')
    server = bench.use(listener())
    page = open_client(app)
    app.activate('win.connect', 's', '127.0.0.1:%d' % port_of(server))
    peer = bench.use(accept(server))
    peer.sendall(b''.join(b'line %d of what a device says\r\n' % i for i in range(500)))
    page.wait_row('line 499')
    make_narrow(app)
    assert_inside(app, page.node, 'connected', 'Disconnect', 'Message', 'Send', 'Received', 'Encoding UTF-8')
    say(page, peer, 'hello')
    page.wait_row('hello')
    assert size(app) == (WIDTH, HEIGHT)


def test_server(bench):
    app = bench.start(language='C')
    page = open_server(app)
    peers = [bench.use(client(page.port)) for _ in range(5)]
    for peer in peers:
        peer.sendall(b'data')
    page.received.wait_text('20')
    make_narrow(app)
    assert_inside(app, page.node, re.compile('^listening on '), '5 clients connected', 'Stop listening', 'Message', 'Send', 'Received')
    # Nor when the list of clients takes some of it.
    page.press_toggle('Clients')
    page.choose_client(name_of(peers[0]))
    wait_still(app)
    assert size(app) == (WIDTH, HEIGHT), 'the window is %d x %d' % size(app)
    assert_inside(app, page.node, re.compile('^listening on '), 'Stop listening', re.compile(re.escape(name_of(peers[0]))))
    page.press_toggle('Clients')
    wait_still(app)
    assert_inside(app, page.node, 'Send')
    say(page, peers[0], 'hello')
