# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked from outside: actions over D-Bus and the command line; tabs, counters, and what is left on disk."""
import re
import stat
import subprocess

import rig
from page import (Page, accept, client, connect, listener, name_of, open_client, open_server, port_of, read_end,
                  read_exactly, tab_titles)
from peers import LOOPBACK, free_port

ACTIONS = {
    'new-client': '', 'new-server': '', 'connect': 's', 'listen': 's', 'disconnect': '', 'stop-listening': '',
    'send-text': 's', 'send-hex': 's', 'export': '(sss)',
}


def run(bench, *arguments, **environment):
    """The program, started from a terminal."""
    return subprocess.run([str(bench.program), *arguments], timeout=30 * rig.SLOW, capture_output=True, text=True,
                          env=dict(bench.environment(), **environment))


def tabs(app):
    return tab_titles(app)


def wait_tabs(app, *titles):
    rig.retry(lambda: tabs(app) == list(titles), 10, 'tabs %s' % (titles,))


def wait_title(app, pattern):
    rig.retry(lambda: any(re.search(pattern, title) for title in tabs(app)), 10, 'a tab %s' % pattern)


# -- actions ---------------------------------------------------------------------------------------------------------

def test_types_of_actions(bench):
    app = bench.start()
    for name, signature in ACTIONS.items():
        assert app.describe('win.' + name)[1] == signature, name


def test_client_actions(bench):
    app = bench.start()
    server = bench.use(listener())
    app.activate('win.new-client')
    page = Page(app)
    app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, port_of(server)))
    page.wait_state('connected')
    wait_tabs(app, '→ 127.0.0.1:%d' % port_of(server))      # the page that was there
    peer = bench.use(accept(server))
    app.activate('win.send-text', 's', 'grüß dich')
    assert read_exactly(peer, 11) == 'grüß dich'.encode()
    app.activate('win.send-hex', 's', '00 ff 0a')
    assert read_exactly(peer, 3) == b'\x00\xff\x0a'
    app.activate('win.disconnect')
    assert read_end(peer) == b''
    peer.close()
    page.wait_state('closed')


def test_connect_leaves_a_busy_page_alone(bench):
    app = bench.start()
    first, second = bench.use(listener()), bench.use(listener())
    connect(app, port_of(first))
    peer = bench.use(accept(first))
    connect(app, port_of(second))
    bench.use(accept(second))
    wait_tabs(app, '→ 127.0.0.1:%d' % port_of(first), '→ 127.0.0.1:%d' % port_of(second))
    Page(app, 0).wait_state('connected')
    peer.sendall(b'for the first')
    Page(app, 0).received.wait_text('13')


def test_server_actions(bench):
    app = bench.start()
    app.activate('win.new-server')
    page = open_server(app, '%s:%d' % (LOOPBACK, 0))
    wait_tabs(app, '⇠ :%d' % page.port)
    a, b = bench.use(client(page.port)), bench.use(client(page.port))
    wait_tabs(app, '⇠ :%d (2)' % page.port)
    app.activate('win.send-text', 's', 'both')
    assert read_exactly(a, 4) == read_exactly(b, 4) == b'both'
    app.activate('win.stop-listening')
    page.node.button('Listen')
    app.activate('win.send-hex', 's', '2e')
    assert read_exactly(a, 1) == read_exactly(b, 1) == b'.'
    app.activate('win.disconnect')
    assert read_end(a) == read_end(b) == b''


def test_listen_on_all_addresses(bench):
    app = bench.start()
    page = open_server(app, ':0')
    bench.use(client(page.port))
    page.addresses.wait_text('1 client connected')
    assert page.entry('Listen address').text() == ''


def test_bad_values_of_actions(bench):
    app = bench.start()
    app.activate('win.connect', 's', '127.0.0.1:70000')
    page = Page(app)
    page.problem.wait_text(re.compile('70000'))
    app.activate('win.send-hex', 's', 'xy')
    page.message_problem.wait_text(re.compile('position 1 '))
    app.activate('win.export', '(sss)', ('raw', 'received', str(bench.tmp / 'none' / 'file')))
    app.find('label', re.compile('its folder does not exist'))
    app.activate('win.export', '(sss)', ('pdf', 'received', str(bench.tmp / 'file')))
    app.find('label', re.compile('the format is raw, hexdump, text'), timeout=15)
    assert len(list(app.children())) == 1


def test_export_formats_and_directions(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    peer = bench.use(accept(server))
    peer.sendall(b'question\n')
    page.wait_row('question')
    page.send('answer')
    assert read_exactly(peer, 6) == b'answer'
    page.sent.wait_text('6')
    file = bench.tmp / 'file'
    assert page.export(file, 'raw', 'received').read_bytes() == b'question\n'
    assert page.export(file, 'raw', 'sent').read_bytes() == b'answer'
    assert page.export(file, 'raw', 'both').read_bytes() == b'question\nanswer'
    assert page.export(file, 'hexdump', 'sent').read_text() == (
        '00000000  61 6e 73 77 65 72                                 |answer|\n00000006\n')
    text = page.export(file, 'text', 'both').read_text()
    assert re.search(r'← %s  question\n' % re.escape(name_of(peer)), text), text
    assert re.search(r'→ %s  answer\n' % re.escape(name_of(peer)), text), text
    assert re.search(r'· %s  connected' % re.escape(name_of(peer)), text), text
    app.find('label', re.compile('^Saved “file”'))


# -- command line ----------------------------------------------------------------------------------------------------

def test_connect_option(bench):
    server = bench.use(listener())
    app = bench.start('--connect', '%s:%d' % (LOOPBACK, port_of(server)))
    bench.use(accept(server))
    Page(app).wait_state('connected')


def test_url(bench):
    """Another program may have given it: it is filled in, and the user connects."""
    server = bench.use(listener())
    url = 'tcp://%s:%d' % (LOOPBACK, port_of(server))
    app = bench.start(url, url)
    wait_tabs(app, url.replace('tcp://', '→ '), url.replace('tcp://', '→ '))
    page = Page(app)
    page.wait_state('not connected')
    page.press('Connect')
    bench.use(accept(server))
    page.wait_state('connected')


def test_listen_and_echo_options(bench):
    port = free_port()
    app = bench.start('--listen', str(port), '--echo')
    page = Page(app)
    page.wait_state('listening on 127.0.0.1:%d' % port)
    s = bench.use(client(port))
    s.sendall(b'echo?')
    assert read_exactly(s, 5) == b'echo?'
    page.button('Echo').wait_has('pressed')


def test_view_and_encoding_options(bench):
    app = bench.start('--listen', '0', '--view', 'both', '--encoding', 'gbk')
    page = Page(app)
    page.wait_state(re.compile('^listening on '))
    page.button('Both').wait_has('pressed')
    page.wait_chosen('Encoding', 'GBK')
    page.wait_chosen('Send encoding', 'GBK')
    s = bench.use(client(int(page.state.text().rpartition(':')[2])))
    s.sendall('你好'.encode('gbk'))
    page.wait_row('c4 e3 ba c3  你好')


def test_demo_option(bench):
    app = bench.start('--demo')
    rig.retry(lambda: len(tabs(app)) == 2, 10, 'two tabs')
    page = Page(app, 1)
    page.wait_state('connected')
    page.send('try it')
    page.wait_row(re.compile(r'received from 127\.0\.0\.1:\d+, 6 bytes: try it'))


def test_second_start_hands_over(bench):
    app = bench.start('--listen', '0')
    server = bench.use(listener())
    done = run(bench, '--connect', '%s:%d' % (LOOPBACK, port_of(server)))
    assert done.returncode == 0, done.stderr
    bench.use(accept(server))
    Page(app, 1).wait_state('connected')
    assert len([c for c in app.children() if c.role == 'frame']) == 1


def assert_refused(bench, pattern, *arguments):
    done = run(bench, *arguments, DISPLAY='')   # a window could not be opened, and the program would end with 1
    assert done.returncode == 2, '%s: status %s' % (arguments, done.returncode)
    assert re.search(pattern, done.stderr), '%s: %r' % (arguments, done.stderr)
    assert not re.search(r'\*\*|Gtk-', done.stderr), done.stderr


def test_bad_options(bench):
    assert_refused(bench, 'there is no port', '--connect', LOOPBACK)
    assert_refused(bench, '70000.*from 1 to 65535', '--connect', '127.0.0.1:70000')
    assert_refused(bench, 'tcp', 'http://127.0.0.1:80')
    assert_refused(bench, 'there is no port', 'tcp://127.0.0.1')
    assert_refused(bench, '“x”', '--listen', 'x')
    assert_refused(bench, '65536', '--listen', '127.0.0.1:65536')
    assert_refused(bench, 'text, hex and both', '--view', 'bits')
    assert_refused(bench, 'GB18030', '--encoding', 'klingon')


def test_bad_listen_address(bench):
    assert_refused(bench, 'nonsense', '--listen', 'nonsense:0')


def test_bad_options_do_not_reach_a_running_window(bench):
    app = bench.start()
    assert_refused(bench, 'there is no port', '--connect', LOOPBACK)
    assert tabs(app) == []


def test_version(bench):
    done = run(bench, '--version')
    assert done.returncode == 0
    assert re.fullmatch(r'Socketeer \d+\.\d+(\.\d+)?\n', done.stdout), done.stdout


# -- tabs, counters, disk --------------------------------------------------------------------------------------------

def test_titles(bench):
    app = bench.start()
    assert tabs(app) == []
    open_client(app)
    wait_tabs(app, 'New Client')
    app.activate('win.new-server')
    wait_tabs(app, 'New Client', 'New Server')
    app.activate('win.close-tab')
    app.activate('win.close-tab')
    wait_tabs(app)
    app.find('label', 'Talk TCP')


def test_counters(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    peer = bench.use(accept(server))
    peer.sendall(b'x' * 1234567)
    page.received.wait_text('1234567')
    page.send('12345')
    page.sent.wait_text('5')
    page.press('Reset counters')
    page.received.wait_text('0')
    page.sent.wait_text('0')
    peer.sendall(b'abc')
    page.received.wait_text('3')
    # Only the counters begin anew.
    assert page.export(bench.tmp / 'all').stat().st_size == 1234570


def sessions(bench):
    folder = bench.tmp / 'state' / 'socketeer' / 'sessions'
    return sorted(folder.iterdir()) if folder.exists() else []


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_session_folder(bench):
    app = bench.start()
    page = open_server(app)
    with client(page.port) as s:
        s.sendall(b'private')
        page.wait_row('private')
    session, = sessions(bench)
    assert mode(session.parent) == 0o700
    assert mode(session) == 0o700
    files = list(session.iterdir())
    assert len(files) >= 2, files
    for file in files:
        assert mode(file) == 0o600, file
    app.activate('win.new-client')
    rig.retry(lambda: len(sessions(bench)) == 2, 5, 'a folder for each page')
    app.activate('win.close-tab')
    app.activate('win.close-tab')
    app.find('label', 'Talk TCP')
    # A closed tab can be brought back for a while; with the program its folder goes.
    assert len(sessions(bench)) == 2
    assert app.quit() == 0
    assert not sessions(bench)


def test_quit_leaves_no_session(bench):
    app = bench.start('--demo')
    page = Page(app, 1)
    page.wait_state('connected')
    page.send('gone soon')
    page.wait_row('received from')
    assert len(sessions(bench)) == 2
    assert app.quit() == 0
    assert sessions(bench) == []
