# SPDX-License-Identifier: GPL-3.0-or-later
"""The pane that tells about one connection (F8)."""
import rig
from page import accept, client, listener, open_client, open_server, port_of
from test_inspector import wait_value


def test_summary_of_a_client(bench):
    app = bench.start()
    page = open_client(app)
    rig.press('F8')
    page.node.find('label', 'Connect to see all about the connection here.')
    server = bench.use(listener())
    app.activate('win.connect', 's', '127.0.0.1:%d' % port_of(server))
    page.wait_state('connected')
    peer = bench.use(accept(server))
    wait_value(page, 'State', 'connected')
    wait_value(page, 'Peer', '127.0.0.1:%d' % port_of(server))
    peer.sendall(b'12345')
    wait_value(page, 'Received', '5 bytes')
    page.send('123')
    wait_value(page, 'Sent', '3 bytes')
    page.node.find('push button', 'Close the connection pane').click()
    page.node.wait_gone('list item', 'Received: 5 bytes')


def test_summary_of_a_chosen_client(bench):
    app = bench.start()
    page = open_server(app)
    first, second = (bench.use(client(page.port)) for _ in range(2))
    page.wait_row('connected')
    rig.press('F8')
    page.node.find('label', 'Choose one client in the list to see all about its connection here.')
    name = '127.0.0.1:%d' % second.getsockname()[1]
    page.node.find('list item', name).pointer_click()
    wait_value(page, 'Peer', name)
    second.close()
    rig.retry(lambda: page.node.find_now('list item', where=lambda n: n.name.startswith('State: peer closed (FIN)')), 10, 'how it ended')
    first.close()
