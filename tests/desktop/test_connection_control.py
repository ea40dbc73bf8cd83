# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be done to one connection: the tab Control, the context menu, socket options, urgent data."""
import socket

import rig
from peers import free_port
from page import accept, client, connect, listener, name_of, open_client, open_server, port_of, read_end, read_exactly


def control(page):
    """Shows the tab Control; returns the page's node."""
    rig.press('F8')
    page.node.find(('radio button', 'toggle button', 'page tab', 'tab'), 'Control').click()
    page.node.find('push button', 'Finish Sending')
    return page.node


def connected(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    return page, bench.use(accept(server))


def wait_enabled(page, name, enabled):
    rig.retry(lambda: page.node.find_now('push button', name).has('sensitive') == enabled, 5, '%s: %s' % (name, enabled))


def test_half_close(bench):
    page, peer = connected(bench)
    node = control(page)
    wait_enabled(page, 'Resume Reading', False)
    node.find('push button', 'Finish Sending').click()
    assert read_end(peer) == b''
    page.wait_state('you have finished')
    wait_enabled(page, 'Finish Sending', False)
    page.type_message('too late')
    wait_enabled(page, 'Send', False)
    page.send('too late')
    page.message_problem.wait_text('This side has finished sending (FIN): nothing more can be sent.')
    peer.sendall(b'still')
    page.wait_row('still')
    peer.close()
    page.wait_row('your FIN came first')
    wait_enabled(page, 'Reset', False)


def test_reset_and_reading(bench):
    page, peer = connected(bench)
    node = control(page)
    node.find('push button', 'Stop Reading').click()
    page.wait_row('reading is stopped')
    peer.sendall(b'waits')
    wait_enabled(page, 'Stop Reading', False)
    node.find('push button', 'Resume Reading').click()
    page.wait_row('waits')
    node.find('push button', 'Reset').click()
    try:
        peer.recv(1)
        raise AssertionError('no reset')
    except ConnectionResetError:
        pass
    page.wait_row('you reset the connection (RST)')


def test_urgent(bench):
    page, peer = connected(bench)
    node = control(page)
    peer.send(b'ab!', socket.MSG_OOB)
    page.wait_row('! (urgent)')
    node.find('text', 'Urgent byte').set_text('7e')
    node.find('push button', 'Send Urgent Byte').click()
    page.wait_row('~ (urgent)')
    rig.retry(lambda: oob(peer) == b'~', 5, 'urgent byte')


def oob(peer):
    peer.setblocking(False)
    try:
        return peer.recv(1, socket.MSG_OOB)
    except OSError:
        return None


def test_socket_options(bench):
    page, peer = connected(bench)
    node = control(page)
    ttl = node.find('spin button', 'TTL / hop limit')
    rig.retry(lambda: ttl.value() == 64, 5, 'what is in effect')
    ttl.value(5)
    idle = node.find('spin button', 'Keep-alive after (s)')
    rig.retry(lambda: ttl.value() == 5, 5, 'the change')
    buffer = node.find('spin button', 'Send buffer (bytes)')
    buffer.value(30000)
    rig.retry(lambda: buffer.value() == 60000, 5, 'what the kernel gave')
    idle.value(32767)
    rig.retry(lambda: idle.value() == 32767, 5, 'the longest time')
    peer.close()
    page.wait_state('closed')


def test_context_menu(bench):
    app = bench.start()
    page = open_server(app)
    first = bench.use(client(page.port))
    page.wait_clients(lambda names: name_of(first) in names)
    page.choose_client(name_of(first))
    page.client_row(name_of(first)).pointer_click(button=3)
    page.node.find('menu item', 'Finish Sending')
    rig.press('Escape')
    page.node.wait_gone('menu item', 'Finish Sending')
    rig.press('shift+F10')
    page.node.find('menu item', 'Reset').click()
    try:
        read_exactly(first, 1)
        raise AssertionError('no reset')
    except ConnectionResetError:
        pass
    page.wait_client_text(name_of(first), 'you reset the connection (RST)')


def test_reconnect(bench):
    app = bench.start()
    port = free_port()
    page = open_client(app)
    menu = page.options()
    menu.find(None, 'More options').pointer_click()
    check = menu.find('check box', 'Connect again by itself')
    check.click()
    rig.retry(lambda: check.has('checked'), 5, 'checked')
    rig.press('Escape')
    app.activate('win.connect', 's', '127.0.0.1:%d' % port)
    page.wait_state('waiting to try again')
    rig.retry(lambda: page.node.find_now('label', description='When it connects again').text().startswith('again in '), 5, 'countdown')
    with socket.create_server(('127.0.0.1', port)) as server:
        server.settimeout(30)
        peer, _ = server.accept()
        page.wait_state('connected')
        peer.close()
    page.wait_state('waiting to try again')
    page.press('Cancel')
    page.wait_state('not connected')
    page.button('Connect')
