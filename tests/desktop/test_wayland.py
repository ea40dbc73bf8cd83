# SPDX-License-Identifier: GPL-3.0-or-later
"""The program on Wayland. RIG_WAYLAND=1 (tests/desktop/meson.build sets it) gives it weston, without a device for output and without
a keyboard or a pointer; so this is what needs none of them. Other desktop tests can be started in the same way."""
import re
import subprocess

import rig
from page import accept, connect, find_pages, listener, listening, port_of

# More than one read, and a place of its own for each line.
LINES = b''.join(b'line %d of what the peer sends\n' % i for i in range(1000))


def need_wayland():
    if not rig.ON_WAYLAND:
        raise rig.Skip('RIG_WAYLAND is not set')
    rig.need_programs('weston', 'weston-screenshooter')


def finish_silently(app):
    """Not a word on standard error, of GTK and libadwaita neither."""
    assert app.quit() == 0
    assert app.output() == '', app.output()


def wait_drawn(bench, colour):
    """Waits until most of the screen is of the transcript's background: neither the black of the beginning nor weston's pattern."""
    def largest():
        picture = str(bench.tmp / 'window.png')
        rig.shot(picture)
        lines = subprocess.run(['convert', picture, '-depth', '8', '-format', '%c', 'histogram:info:-'], check=True,
                               capture_output=True, text=True).stdout.splitlines()
        counts = [re.match(r' *(\d+):.*(#[0-9A-F]{6})', line).groups() for line in lines if line.strip()]
        return max((int(count), name) for count, name in counts)[1]
    rig.retry(lambda: largest() == colour, 10, 'a window that is mostly %s' % colour, step=0.2)


def test_client(bench):
    need_wayland()
    app = bench.start()
    with open('/proc/%d/environ' % app.proc.pid, 'rb') as f:
        assert b'\0DISPLAY=' not in b'\0' + f.read(), 'it could be on X'
    server = bench.use(listener())
    page = connect(app, port_of(server))
    peer = bench.use(accept(server))
    peer.sendall(LINES)
    page.received.wait_text(str(len(LINES)))
    page.wait_row('line 999 of what the peer sends')
    wait_drawn(bench, '#FFFFFF')
    app.activate('win.send-text', 's', 'hello')
    page.wait_row('hello')
    assert peer.recv(100).startswith(b'hello')
    app.activate('win.disconnect')
    assert peer.recv(100) == b''
    peer.close()
    page.node.button('Connect')
    finish_silently(app)


def test_server_with_its_menus(bench):
    need_wayland()
    page, s = listening(bench)
    app = page.app
    s.sendall(b'hello\n')
    page.wait_row('hello')
    # Popovers are surfaces of another kind on Wayland.
    menu = page.options()
    menu.find('text')
    page.press_toggle('Hex')
    page.wait_row('68 65 6c 6c 6f')
    app.activate('win.stop-listening')
    page.node.button('Listen')
    finish_silently(app)


def test_dark_and_chinese(bench):
    need_wayland()
    app = bench.start('--demo', language='zh_CN', dark=True)
    rig.retry(lambda: len(find_pages(app)) == 2, 10, 'the two pages')
    wait_drawn(bench, '#1E1E1E')
    finish_silently(app)
