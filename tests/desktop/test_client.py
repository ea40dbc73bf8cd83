# SPDX-License-Identifier: GPL-3.0-or-later
"""A client page: connecting, what goes wrong, and the ways in which a connection ends."""
import re
import time

import rig
from page import Page, accept, connect, full_listener, listener, name_of, open_client, port_of, read_end, reset
from peers import LOOPBACK, free_port


def type_into(entry, text):
    """By keyboard alone; the entry has the focus."""
    rig.retry(lambda: entry.has('focused'), 10, '%r has the focus' % entry)
    rig.press('ctrl+a')
    rig.type_text(text)
    entry.wait_text(text)


def assert_no_dialog(app):
    windows = list(app.children())
    assert len(windows) == 1, windows


def wait_problem(page, *words):
    page.problem.wait_text(re.compile('.'), 15)
    text = page.problem.text()
    for word in words:
        assert word in text, '%r is not in %r' % (word, text)
    assert_no_dialog(page.app)
    return text


def test_connect_by_keyboard(bench):
    app = bench.start()
    server = bench.use(listener())
    page = open_client(app)
    type_into(page.entry('Host'), LOOPBACK)
    rig.press('Tab')
    type_into(page.entry('Port'), str(port_of(server)))
    rig.press('Return')
    page.wait_state('connected')
    peer = bench.use(accept(server))
    page.addresses.wait_text('%s:%d → %s' % (*peer.getpeername(), name_of(peer)))
    page.node.button('Disconnect')
    page.wait_row('connected: ')


def test_paste_host_and_port(bench):
    app = bench.start()
    page = open_client(app)
    host, port = page.entry('Host'), page.entry('Port')
    rig.retry(lambda: host.has('focused'), 10, 'Host has the focus')
    owner = rig.set_clipboard('127.0.0.9:12345')
    try:
        rig.press('ctrl+a', 'ctrl+v')
        host.wait_text('127.0.0.9')
        port.wait_text('12345')
    finally:
        owner.terminate()
        owner.wait()


def test_refused(bench):
    app = bench.start()
    port = free_port()
    app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, port))
    page = Page(app)
    page.wait_state('failed')
    wait_problem(page, '%s:%d' % (LOOPBACK, port), 'refused', 'Start the server there or check the port')
    page.node.button('Connect')


def test_unknown_host(bench):
    app = bench.start()
    app.activate('win.connect', 's', 'host.invalid:7788')
    page = Page(app)
    page.wait_state('failed', timeout=30)
    wait_problem(page, 'no host named “host.invalid”', 'Check the spelling')


def test_port_out_of_range(bench):
    app = bench.start()
    page = open_client(app)
    type_into(page.entry('Host'), LOOPBACK)
    rig.press('Tab')
    type_into(page.entry('Port'), '70000')
    rig.press('Return')
    wait_problem(page, '70000', 'from 1 to 65535')
    assert page.state.text() == 'not connected'
    page.entry('Port').wait_has('focused')


def test_cancel(bench):
    app = bench.start()
    port = bench.use(full_listener())
    app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, port))
    page = Page(app)
    page.wait_state('connecting to %s:%d' % (LOOPBACK, port))
    started = time.monotonic()
    page.press('Cancel')
    page.wait_state('not connected')
    took = time.monotonic() - started
    assert took < 2 * rig.SLOW, 'it took %.1f s' % took
    page.node.button('Connect')
    page.wait_row('you cancelled')


def test_timeout(bench):
    app = bench.start()
    port = bench.use(full_listener())
    page = open_client(app)
    page.set_number('Connect timeout (s)', 1)
    app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, port))
    page.wait_state('connecting to %s:%d' % (LOOPBACK, port))
    page.wait_state('failed')
    wait_problem(page, '%s:%d' % (LOOPBACK, port), 'did not answer within 1', 'firewall')


def test_disconnect(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    peer = bench.use(accept(server))
    page.press('Disconnect')
    assert read_end(peer) == b''
    peer.close()
    page.wait_state('closed')
    page.addresses.wait_text(re.compile('^you closed after '))
    page.wait_row('you closed the connection')
    page.node.button('Connect')


def test_connects_again(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    peer = accept(server)
    peer.sendall(b'first')
    page.wait_row('first')
    peer.close()
    page.wait_state('closed')
    page.press('Connect')
    page.wait_state('connected')
    peer = bench.use(accept(server))
    peer.sendall(b'second')
    page.wait_row('second')
    page.wait_row('first')


def test_local_address_and_port(bench):
    app = bench.start()
    server = bench.use(listener())
    local = free_port('127.0.0.2')
    page = open_client(app)
    page.set_option('Local address', '127.0.0.2')
    page.set_option('Local port', str(local))
    connect(app, port_of(server))
    peer = bench.use(accept(server))
    assert peer.getpeername() == ('127.0.0.2', local)
    page.addresses.wait_text('127.0.0.2:%d → %s' % (local, name_of(peer)))


def test_foreign_local_address(bench):
    app = bench.start()
    page = open_client(app)
    page.set_option('Local address', '192.0.2.1')
    app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, free_port()))
    page.wait_state('failed')
    wait_problem(page, 'this machine does not have the local address', 'Choose an address of this machine')


def test_peer_closes(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    accept(server).close()
    page.wait_state('closed')
    page.addresses.wait_text(re.compile('^peer closed '))
    page.wait_row('peer closed')


def test_peer_resets(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    reset(accept(server))
    page.wait_state(re.compile('^(closed|failed)$'))
    page.addresses.wait_text(re.compile('^peer reset '))
    page.wait_row('reset')
