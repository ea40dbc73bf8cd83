# SPDX-License-Identifier: GPL-3.0-or-later
"""What build-aux/check-valgrind looks at: connect, 10 MiB, close, quit. No test of `meson test`: it is run under valgrind, and in the
build with AddressSanitizer, with everything ten times slower."""
import rig
from page import accept, connect, listener, port_of, read_end
from peers import random_bytes

SIZE = 10 << 20


def test_connect_10_mib_close_quit(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    peer = bench.use(accept(server))
    peer.settimeout(60 * rig.SLOW)
    app.activate('win.send-text', 's', 'hello\n')
    assert peer.recv(6) == b'hello\n'
    peer.sendall(random_bytes(SIZE))
    page.received.wait_text(str(SIZE), 60)
    # All of it is drawn, in each of the ways.
    for view in ('Hex', 'Both', 'Text'):
        page.press_toggle(view)
    app.activate('win.disconnect')
    read_end(peer)
    peer.close()
    page.node.button('Connect')
    app.activate('win.close-tab')
    rig.retry(lambda: app.find_now('text', 'Message') is None, 10, 'the page is closed')
    assert app.quit() == 0
