# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a connection, the log of all that happened, and what is said about ports and addresses."""
import re
import socket

import rig
from page import accept, client, listener, name_of, open_client, open_server, port_of, read_exactly, reset


def show(page, tab):
    rig.press('F8')
    page.node.find('page tab', tab).pointer_click()


def wait_step(page, pattern, timeout=10):
    """Until the timeline has a step that is read like that."""
    steps = page.node.find('list', 'Life of the connection')
    return rig.retry(lambda: steps.find_now('list item', re.compile(pattern)), timeout, pattern)


def log_text(page):
    return page.node.find('text', 'Connection log').text()


def wait_log(page, pattern):
    rig.retry(lambda: re.search(pattern, log_text(page)), 10, 'a line of the log with %s' % pattern)


def test_life_of_a_client(bench):
    app = bench.start()
    page = open_client(app)
    server = bench.use(listener())
    show(page, 'Life')
    app.activate('win.connect', 's', '127.0.0.1:%d' % port_of(server))
    peer = bench.use(accept(server))
    wait_step(page, r'^SYN-SENT, \+0\.000000: SYN was sent to 127\.0\.0\.1:%d; SYN and ACK came back after ' % port_of(server))
    wait_step(page, r'^ESTABLISHED, \+0\.\d+: The connection was established: 127\.0\.0\.1:\d+ → 127\.0\.0\.1:%d\. Both' % port_of(server))
    page.send('123')
    wait_step(page, r'^First bytes sent, \+.*The first 3 bytes were sent')
    assert read_exactly(peer, 3) == b'123'
    peer.sendall(b'answer')
    wait_step(page, r'^First bytes received, \+.*The first 6 bytes were received')
    # The peer does not finish: what remains is the system's alone.
    app.activate('win.disconnect')
    page.wait_state('closed')
    wait_step(page, r'^FIN-WAIT-1, \+.*: This side has finished sending \(FIN\)\. FIN-WAIT-2 from when')
    wait_step(page, r'^End, \+.*: For the program the connection is over: you closed the connection')
    wait_step(page, r'^FIN-WAIT-2: The system still keeps the connection')
    peer.close()
    wait_step(page, r'^TIME-WAIT: The system still keeps the connection, for \d+ seconds more\.')
    page.press('Copy Report')
    report = rig.retry(rig.get_clipboard, 5, 'the report').decode()
    for words in (r'^Socketeer \d', r'\nConnection 1: 127\.0\.0\.1:\d+ → 127\.0\.0\.1:%d\n' % port_of(server), r'Received: 6 bytes; sent: 3 bytes',
                  r'TCP_NODELAY: on', r'\+0\.000000  SYN-SENT ', r'TIME-WAIT: The system'):
        assert re.search(words, report), '%s is not in\n%s' % (words, report)


def test_life_of_an_accepted_connection(bench):
    app = bench.start()
    page = open_server(app)
    peer = bench.use(client(page.port))
    page.wait_row('connected')
    show(page, 'Life')
    page.node.find('list item', name_of(peer)).pointer_click()
    wait_step(page, r'^LISTEN, -\S+: This side listened on 127\.0\.0\.1:%d\. 0 connections of at most 128 wait in its queue' % page.port)
    wait_step(page, r'^ESTABLISHED, \+0\.000000: ')
    peer.sendall(b'x')
    wait_step(page, r'^First bytes received')
    reset(peer)
    wait_step(page, r'^CLOSED, \+.*the peer reset the connection \(RST\)')


def test_log(bench):
    app = bench.start()
    page = open_client(app)
    show(page, 'Log')
    with socket.socket() as unused:
        unused.bind(('127.0.0.1', 0))
        app.activate('win.connect', 's', '127.0.0.1:%d' % unused.getsockname()[1])
        wait_log(page, r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} connecting to 127\.0\.0\.1:\d+ \(SYN-SENT\)\n')
        wait_log(page, r'failed: 127\.0\.0\.1:\d+: refused')
    server = bench.use(listener())
    app.activate('win.connect', 's', '127.0.0.1:%d' % port_of(server))
    peer = bench.use(accept(server))
    wait_log(page, r'connected: 127\.0\.0\.1:\d+ → 127\.0\.0\.1:%d \(ESTABLISHED\)' % port_of(server))
    peer.close()
    wait_log(page, r'the peer has finished sending \(FIN\)\n.*this side has finished sending \(FIN\)\n.*closed: the peer closed the connection \(FIN\) after \S+ s\n$')


def test_log_of_a_server(bench):
    app = bench.start()
    page = open_server(app)
    show(page, 'Log')
    wait_log(page, r'^\S+ \S+ listening on 127\.0\.0\.1:%d \(LISTEN\)\n$' % page.port)
    peers = [bench.use(client(page.port)) for _ in range(2)]
    names = [name_of(peer) for peer in peers]
    wait_log(page, r'→ %s ' % re.escape(names[1]))
    reset(peers[0])
    wait_log(page, r' %s: closed: the peer reset the connection \(RST\)' % re.escape(names[0]))
    app.activate('win.stop-listening')
    wait_log(page, r'stopped listening\n$')


def test_who_can_connect(bench):
    app = bench.start()
    page = open_server(app)
    page.node.find('label', re.compile('^Only programs on this machine can connect'))
    app.activate('win.stop-listening')
    page.wait_state('not listening')
    page.node.wait_gone('label', re.compile('^Only programs'))
    app.activate('win.listen', 's', '*:0')
    page.wait_state(re.compile(r'^listening on \[?[:0.]+\]?:\d+$'))
    port = page.state.text().rpartition(':')[2]
    page.node.find('label', re.compile('^On a device in the network, type|^This machine has no address'))
    copy = page.node.find_now('push button', re.compile(r'^Copy \S+:%s$' % port))
    if copy:
        copy.click()
        rig.retry(lambda: (rig.get_clipboard() or b'').decode() == copy.name.partition(' ')[2], 5, 'the address is copied')
