# SPDX-License-Identifier: GPL-3.0-or-later
"""A server page: listening, its clients as rows, choosing among them, and ending them."""
import os
import re
import socket

import rig
from page import Page, client, listener, name_of, open_server, port_of, read_end, read_exactly, reset
from peers import LOOPBACK, listens, ncat_connect


def two_clients(bench, page):
    """Two clients that have each said who they are, and are shown so."""
    clients = []
    for name in (b'alpha\n', b'beta\n'):
        s = bench.use(client(page.port))
        s.sendall(name)
        page.wait_row(re.compile(r'received from %s, \d bytes: %s' % (name_of(s), name.decode().strip())))
        clients.append(s)
    assert page.wait_clients(lambda rows: len(rows) == 3) == ['All', name_of(clients[0]), name_of(clients[1])]
    return clients


def test_listen_on_port_0(bench):
    app = bench.start()
    app.activate('win.new-server')
    page = Page(app)
    page.entry('Listen address').set_text(LOOPBACK)
    page.entry('Port').set_text('0').wait_text('0')
    page.press('Listen')
    page.wait_state(re.compile(r'^listening on 127\.0\.0\.1:[1-9]\d*$'))
    port = int(page.state.text().rpartition(':')[2])
    assert listens(port)
    bench.use(client(port))
    page.addresses.wait_text('1 client connected')


def test_listen_by_enter(bench):
    app = bench.start()
    app.activate('win.new-server')
    page = Page(app)
    port = page.entry('Port')
    rig.retry(lambda: port.has('focused'), 10, 'Port has the focus')
    rig.press('ctrl+a', '0', 'Return')
    page.wait_state(re.compile('^listening on '))
    page.node.button('Stop listening')


def test_port_in_use(bench):
    app = bench.start()
    other = bench.use(listener())
    app.activate('win.listen', 's', str(port_of(other)))
    page = Page(app)
    page.wait_state('failed')
    page.problem.wait_text(re.compile(r'^Cannot listen on 127\.0\.0\.1:%d: .* in use\. The program “[^”]+” \(process %d\) has ' % (port_of(other), os.getpid())))
    page.problem.wait_text(re.compile('Choose another port'))
    page.node.button('Listen')


def test_ncat_and_a_socket(bench):
    rig.need_programs('ncat')
    app = bench.start()
    page = open_server(app)
    s = bench.use(client(page.port))
    s.sendall(b'from a socket\n')
    page.wait_row('from a socket')
    ncat = bench.use(ncat_connect(bench.tmp, page.port))
    ncat.write(b'from ncat\n')
    page.wait_row('from ncat')
    rows = page.wait_clients(lambda rows: len(rows) == 3)
    assert rows[:2] == ['All', name_of(s)]
    page.wait_row(re.compile(r'received from %s, 10 bytes: from ncat' % re.escape(rows[2])))
    page.send('to all')
    assert read_exactly(s, 6) == b'to all'
    ncat.wait_output(b'to all')


def test_choice_filters_and_addresses(bench):
    app = bench.start()
    page = open_server(app)
    alpha, beta = two_clients(bench, page)

    page.choose_client(name_of(alpha))
    page.wait_rows(lambda rows: any('alpha' in r for r in rows) and not any('beta' in r for r in rows), 'only alpha')
    page.type_message('to alpha')
    page.press('Send')
    assert read_exactly(alpha, 8) == b'to alpha'
    page.wait_row('sent to %s, 8 bytes: to alpha' % name_of(alpha))

    page.choose_client(name_of(beta))
    page.wait_rows(lambda rows: any('beta' in r for r in rows) and not any('alpha' in r for r in rows), 'only beta')

    page.choose_client('All')
    page.wait_rows(lambda rows: any('alpha' in r for r in rows) and any('beta' in r for r in rows), 'all')
    page.type_message('to both')
    page.press('Send')
    assert read_exactly(alpha, 7) == b'to both'
    # Had beta got what was for alpha, it would come first.
    assert read_exactly(beta, 7) == b'to both'


def test_two_chosen_with_ctrl(bench):
    app = bench.start()
    page = open_server(app)
    alpha, beta = two_clients(bench, page)
    gamma = bench.use(client(page.port))
    page.wait_clients(lambda rows: len(rows) == 4)
    page.choose_client(name_of(alpha))
    rig.xdo('keydown', 'ctrl')
    try:
        page.choose_client(name_of(beta))
    finally:
        rig.xdo('keyup', 'ctrl')
    page.client_row(name_of(alpha)).wait_has('selected')
    page.send('two')
    assert read_exactly(alpha, 3) == b'two'
    assert read_exactly(beta, 3) == b'two'
    page.choose_client('All')
    rig.retry(lambda: not page.client_row(name_of(alpha)).has('selected'), 5, 'only All is chosen')
    page.send('all')
    assert read_exactly(gamma, 3) == b'all'


def test_stop_listening_keeps_clients(bench):
    app = bench.start()
    page = open_server(app)
    s = bench.use(client(page.port))
    page.addresses.wait_text('1 client connected')
    page.press('Stop listening')
    page.node.button('Listen')
    assert not listens(page.port)
    with socket.socket() as late:
        assert late.connect_ex((LOOPBACK, page.port)) != 0
    s.sendall(b'still here')
    page.wait_row('still here')
    page.send('so am I')
    assert read_exactly(s, 7) == b'so am I'
    page.addresses.wait_text('1 client connected')


def test_disconnect_one(bench):
    app = bench.start()
    page = open_server(app)
    alpha, beta = two_clients(bench, page)
    name = name_of(alpha)
    page.client_row(name).button('Disconnect %s' % name).click()
    assert read_end(alpha) == b''
    alpha.close()
    # The ended one stays in the list, with how it ended.
    page.wait_client_text(name, 'you closed after')
    page.addresses.wait_text('1 client connected')
    page.send('beta?')
    assert read_exactly(beta, 5) == b'beta?'
    assert len(page.clients()) == 3


def test_disconnect_all(bench):
    app = bench.start()
    page = open_server(app)
    clients = two_clients(bench, page)
    names = [name_of(s) for s in clients]
    page.press('Disconnect all')
    for s in clients:
        assert read_end(s) == b''
        s.close()
    for name in names:
        page.wait_client_text(name, 'you closed after')
    page.addresses.wait_text('')
    page.state.wait_text(re.compile('^listening on '))
    assert len(page.clients()) == 3
    with client(page.port):                 # it goes on listening
        page.addresses.wait_text('1 client connected')


def test_how_they_ended(bench):
    app = bench.start()
    page = open_server(app)
    alpha, beta = two_clients(bench, page)
    names = [name_of(alpha), name_of(beta)]
    alpha.close()
    page.wait_client_text(names[0], 'peer closed (FIN) after')
    reset(beta)
    page.wait_client_text(names[1], 'peer reset the connection (RST) after')
    page.addresses.wait_text('')
    # What they sent is still there.
    page.choose_client(names[0])
    page.wait_rows(lambda rows: any('alpha' in r for r in rows) and not any('beta' in r for r in rows), 'only alpha')
    page.wait_row('peer closed')


def test_echo(bench):
    app = bench.start()
    page = open_server(app)
    s = bench.use(client(page.port))
    s.sendall(b'silent')
    page.wait_row('silent')
    page.press('Echo')
    rig.retry(lambda: page.button('Echo').has('pressed'), 5, 'Echo is on')
    data = bytes(range(256)) * 64
    s.sendall(data)
    assert read_exactly(s, len(data)) == data
    page.sent.wait_text(str(len(data)))
    page.press('Echo')
    rig.retry(lambda: not page.button('Echo').has('pressed'), 5, 'Echo is off')
    s.sendall(b'off')
    page.received.wait_text(str(6 + len(data) + 3))
    page.send('x')
    assert read_exactly(s, 1) == b'x'
