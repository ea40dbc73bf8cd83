# SPDX-License-Identifier: GPL-3.0-or-later
"""A server page with very many clients: finding, ordering and ending them, and what happens when there can be no more."""
import re
import socket
import stat

import rig
from page import client, name_of, open_server, read_end, read_exactly
from peers import LOOPBACK

N = 40


def crowd(bench, page, n=N):
    clients = [bench.use(client(page.port)) for _ in range(n)]
    title(page).wait_text('%d open of %d' % (n, n), 20)
    return clients


def title(page):
    return page.node.find('label', re.compile('^(No clients yet|[0-9]+ open of [0-9]+)$'))


def shown(page):
    return [name for name in page.clients() if name != 'All']


def activate_menu(page, item):
    menu = page.node.find('push button', 'Order and filter of the clients')
    next(n for n in menu.children() if n.role in ('push button', 'toggle button')).click()
    page.app.find(('menu item', 'radio menu item', 'check menu item'), item).click()


def search(page, text):
    page.press('Search the clients')
    page.node.find('text', 'Address, port or state of clients').set_text(text)


def test_search_chooses_and_disconnects(bench):
    app = bench.start()
    page = open_server(app)
    clients = crowd(bench, page)
    last = name_of(clients[-1])
    search(page, ':' + last.rpartition(':')[2])
    page.wait_clients(lambda rows: rows == ['All', last])
    page.node.find('label', '1 of %d shown' % N)
    page.choose_client(last)
    page.type_message('only you')
    page.press('Send')
    assert read_exactly(clients[-1], 8) == b'only you'

    # What is chosen stays so while it is not shown, and comes back.
    page.node.find('text', 'Address, port or state of clients').set_text(name_of(clients[0]))
    page.wait_clients(lambda rows: rows == ['All', name_of(clients[0])])
    page.node.find('label', '1 of %d shown · 1 chosen one is not shown' % N)
    page.type_message('you again')
    page.press('Send')
    assert read_exactly(clients[-1], 9) == b'you again'
    page.node.find('text', 'Address, port or state of clients').set_text(last)
    page.wait_clients(lambda rows: rows == ['All', last])
    page.client_row(last).wait_has('selected')

    page.client_row(last).pointer_click()
    rig.press('Delete')
    assert read_end(clients[-1]) == b''
    clients[-1].close()
    page.wait_client_text(last, 'you closed after')
    title(page).wait_text('%d open of %d' % (N - 1, N))


def test_order_and_filter(bench):
    app = bench.start()
    page = open_server(app)
    clients = crowd(bench, page, 6)
    names = [name_of(s) for s in clients]
    clients[4].sendall(b'x' * 5000)
    clients[2].sendall(b'x' * 300)
    page.received.wait_text('5300')
    app.activate('win.view', 's', 'hex')
    activate_menu(page, 'Newest first')
    page.wait_clients(lambda rows: rows[1:] == names[::-1])
    activate_menu(page, 'Bytes received')
    page.wait_clients(lambda rows: rows[1:4] == [names[4], names[2], names[0]])
    activate_menu(page, 'Arrival')
    page.wait_clients(lambda rows: rows[1:] == names)
    clients[1].close()
    page.wait_client_text(names[1], 'peer closed')
    activate_menu(page, 'Open only')
    page.wait_clients(lambda rows: rows[1:] == names[:1] + names[2:])
    rig.xdo('mousemove', '2', '2')          # under the pointer nothing moves
    clients[3].close()                      # renewed by itself
    page.wait_clients(lambda rows: rows[1:] == [names[0], names[2], names[4], names[5]])
    activate_menu(page, 'Ended only')
    page.wait_clients(lambda rows: rows[1:] == [names[1], names[3]])
    activate_menu(page, 'Open and ended')
    page.wait_clients(lambda rows: rows[1:] == names)
    activate_menu(page, 'Remove Ended from List')
    page.wait_clients(lambda rows: rows[1:] == [names[0], names[2], names[4], names[5]])
    title(page).wait_text('4 open of 6')


def test_context_menu(bench):
    app = bench.start()
    page = open_server(app)
    clients = crowd(bench, page, 3)
    name = name_of(clients[1])
    page.client_row(name).pointer_click(button=3)
    app.find('menu item', 'Disconnect').click()
    assert read_end(clients[1]) == b''
    clients[1].close()
    page.wait_client_text(name, 'you closed after')
    page.client_row(name).wait_has('selected')


def limited(bench, n):
    """The program, with so many descriptors at most."""
    script = bench.tmp / 'limited'
    script.write_text('#!/bin/sh\nulimit -S -n %d\nulimit -H -n %d\nexec "%s" "$@"\n' % (n, n, bench.program))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    bench.program = script


def cpu_ticks(app):
    with open('/proc/%d/stat' % app.proc.pid, encoding='ascii') as f:
        fields = f.read().rpartition(')')[2].split()
    return int(fields[11]) + int(fields[12])


def test_out_of_descriptors(bench):
    """One banner, those that are there are served, nothing spins, and the others come when there is room."""
    limited(bench, 300)
    app = bench.start()
    page = open_server(app)
    clients = [bench.use(client(page.port)) for _ in range(200)]
    page.problem.wait_text(re.compile(r'^\d+ connections are open and this program may open no more'), 20)
    n_open = int(page.problem.text().split()[0])
    assert 100 < n_open < 200
    title(page).wait_text('%d open of %d' % (n_open, n_open))
    # They came in order.
    clients[0].sendall(b'still served')
    page.wait_row('still served')
    page.send('answer')
    assert read_exactly(clients[n_open - 1], 6) == b'answer'
    assert len([n for n in app.walk() if n.role == 'label' and 'may open no more' in (n.name or '')]) == 1
    # The last one waits for a second, and the program does no more than that: a tick is 10 ms.
    before = cpu_ticks(app)
    clients[-1].settimeout(1)
    try:
        clients[-1].recv(1)
        raise AssertionError('something came')
    except TimeoutError:
        pass
    assert cpu_ticks(app) - before < 20, cpu_ticks(app) - before

    for s in clients[:n_open]:
        s.close()
    title(page).wait_text('%d open of 200' % (200 - n_open), 20)
    rig.retry(lambda: page.problem.text() == '', 10, 'the banner is gone')
    clients[-1].sendall(b'I waited')
    page.wait_row('I waited')


def test_window_lives_in_a_storm(bench):
    """Clients that connect and reset at once, and one that sends a byte at a time."""
    app = bench.start()
    page = open_server(app)
    for _ in range(300):
        s = socket.create_connection((LOOPBACK, page.port))
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
        s.close()
    title(page).wait_text(re.compile('^0 open of [0-9]+$'), 20)
    s = bench.use(client(page.port))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(100000):
        s.send(b'.')
    page.received.wait_text('100000', 30)
    page.send('alive')
    assert read_exactly(s, 5) == b'alive'


def test_access(bench):
    """Who may connect is entered in the options; what can't be used says so there, and what is refused is told."""
    app = bench.start()
    page = open_server(app)
    first = bench.use(client(page.port))
    page.wait_clients(lambda rows: len(rows) == 2)
    menu = page.options()
    menu.find('text', 'Denied networks').set_text('127.0.0.0/33')
    app.focus(menu.find('text', 'Denied networks'))
    rig.press('Return')
    menu.find('label', re.compile('^“127.0.0.0/33”: after the slash comes .* This is not in force.$'))
    bench.use(client(page.port))
    page.wait_clients(lambda rows: len(rows) == 3)
    menu.find('text', 'Denied networks').set_text('127.0.0.0/8')
    rig.press('Return')
    rig.retry(lambda: menu.find_now('label', re.compile('not in force')) is None, 5, 'the message is gone')
    rig.press('Escape')
    refused = bench.use(socket.socket())
    refused.bind((LOOPBACK, 0))
    name = name_of(refused)
    try:
        refused.connect((LOOPBACK, page.port))
        assert refused.recv(1) == b'', 'something came'
        raise AssertionError('FIN came instead of RST')
    except ConnectionResetError:
        pass
    page.wait_row('refused %s: its address is on the deny list' % name)
    page.node.find('label', '1 refused')
    assert len(page.clients()) == 3
    first.sendall(b'still here')
    page.wait_row('still here')


def test_limit_of_connections(bench):
    app = bench.start()
    page = open_server(app)
    bench.use(client(page.port))
    page.wait_clients(lambda rows: len(rows) == 2)
    spin = page.options().find('spin button', 'Connections at most')
    app.focus(spin)
    rig.press('ctrl+a', '1', 'Return')
    rig.press('Escape')
    refused = bench.use(socket.socket())
    try:
        refused.connect((LOOPBACK, page.port))
        refused.recv(1)
        raise AssertionError('it was not refused')
    except ConnectionResetError:
        pass
    page.wait_row(re.compile(r'refused 127\.0\.0\.1:[0-9]+: the limit is 1 connection$'))
    assert len(page.clients()) == 2
