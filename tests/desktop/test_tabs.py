# SPDX-License-Identifier: GPL-3.0-or-later
"""Tabs outlive the program, come back after they were closed, and go from window to window."""
import hashlib
import json
import os
import re
import stat
import subprocess

import peers
import rig
from page import (Page, accept, client, connect, is_page, listener, open_client, open_server, port_of, tab_titles, undo)

LOOPBACK = '127.0.0.1'


def tabs_file(bench):
    return bench.tmp / 'state' / 'socketeer' / 'tabs.json'


def kept(bench):
    """The tabs of each window in the file, or [] as long as there is none."""
    try:
        return [w['tabs'] for w in json.loads(tabs_file(bench).read_text())['windows']]
    except FileNotFoundError:
        return []


def sessions(bench):
    folder = bench.tmp / 'state' / 'socketeer' / 'sessions'
    return sorted(folder.iterdir()) if folder.exists() else []


def tab_names(app):
    return tab_titles(app)


def wait_tabs(app, *names):
    rig.retry(lambda: tab_names(app) == list(names), 10, 'the tabs %s' % (names,))


def assert_nobody_comes(server):
    server.settimeout(0)
    try:
        server.accept()
    except BlockingIOError:
        return
    raise AssertionError('somebody has connected')


def fill(bench, app, port):
    """A client with settings of its own, and an unsent message, beside a server."""
    open_server(app, '127.0.0.1:0').wait_row('listening')
    app.activate('win.stop-listening')
    page = open_client(app)
    page.entry('Host').set_text(LOOPBACK)
    page.entry('Port').set_text(str(port))
    page.view('hex')
    page.type_message('never sent')
    rig.retry(lambda: any(t.get('source') == 'never sent' and t['port'] == str(port) and t['view'] == 'hex'
                          for w in kept(bench) for t in w), 10, 'the file has the tab')


def check_filled(app, port):
    page = Page(app)
    page.wait_state('not connected')
    page.entry('Host').wait_text(LOOPBACK)
    page.entry('Port').wait_text(str(port))
    page.button('Hex').wait_has('pressed')
    page.message.wait_text('never sent')
    rig.retry(lambda: '→ %s:%d' % (LOOPBACK, port) in tab_names(app), 10, 'the title of the tab')
    return page


def test_restart(bench):
    """Filled in, and not connected: until somebody presses Connect."""
    server = bench.use(listener())
    port = port_of(server)
    app = bench.start()
    fill(bench, app, port)
    assert stat.S_IMODE(os.stat(tabs_file(bench)).st_mode) == 0o600
    assert app.quit() == 0
    app = bench.start()
    page = check_filled(app, port)
    assert len(tab_names(app)) == 2
    assert_nobody_comes(server)
    server.settimeout(10)
    page.press('Connect')
    bench.use(accept(server))
    page.wait_state('connected')


def test_kill(bench):
    server = bench.use(listener())
    app = bench.start()
    fill(bench, app, port_of(server))
    app.kill()
    app = bench.start()
    app.find('label', re.compile('did not end properly'), timeout=15)
    check_filled(app, port_of(server))
    assert_nobody_comes(server)
    # What is on the command line is all that is open then, and what was open before is not forgotten for it.
    assert app.quit() == 0
    app = bench.start('--listen', '0')
    Page(app).wait_state(re.compile('^listening'))
    assert len([n for n in app.walk() if is_page(n)]) == 1
    assert app.quit() == 0
    app = bench.start()
    check_filled(app, port_of(server))


def test_damaged_file(bench):
    tabs_file(bench).parent.mkdir(parents=True)
    tabs_file(bench).write_text('{"format": "socketeer-tabs", "version": 99, "windows": []}')
    app = bench.start()
    app.find('label', re.compile('newer version'), timeout=10)
    assert (tabs_file(bench).parent / 'tabs.json.bad-1').exists()


def test_undo_close(bench):
    """64 MiB come back with the tab; the connection does not."""
    data = peers.random_bytes(64 << 20)
    app = bench.start()
    page = open_server(app)
    page.type_message('half a sentence')
    with client(page.port) as s:
        s.sendall(data)
        page.received.wait_text(str(len(data)), timeout=30)
        app.activate('win.close-tab')
        # The connection ends with the tab.
        s.settimeout(10)
        assert s.recv(1) == b''
    app.find('label', 'Talk TCP')
    app.find(None, re.compile('^Closed “⇠ :%d' % page.port))
    assert len(sessions(bench)) == 1
    undo(app)
    page = Page(app)
    page.wait_state('not listening')
    page.message.wait_text('half a sentence')
    page.wait_row('you closed the connection')
    saved = page.export(bench.tmp / 'saved')
    assert hashlib.sha256(saved.read_bytes()).digest() == hashlib.sha256(data).digest()
    # Again, by the keyboard; and what is not brought back goes with the program.
    app.activate('win.close-tab')
    app.find('label', 'Talk TCP')
    rig.press('ctrl+shift+t')
    Page(app).wait_state('not listening')
    app.activate('win.close-tab')
    assert app.quit() == 0
    assert sessions(bench) == []


def run_again(bench, *arguments):
    """A second process, which needs no display to tell the first one."""
    environment = dict(os.environ, **bench.environment())
    environment.pop('DISPLAY')
    return subprocess.run([str(bench.program), *arguments], env=environment, capture_output=True, text=True, timeout=20)


def test_second_process(bench):
    """A link never connects by itself; --connect does, because somebody has said so."""
    server = bench.use(listener())
    endpoint = '%s:%d' % (LOOPBACK, port_of(server))
    app = bench.start()
    done = run_again(bench, 'tcp://' + endpoint)
    assert (done.returncode, done.stderr) == (0, ''), done
    page = Page(app)
    page.entry('Host').wait_text(LOOPBACK)
    page.wait_state('not connected')
    assert_nobody_comes(server)
    server.settimeout(10)
    assert run_again(bench, '--connect', endpoint).returncode == 0
    bench.use(accept(server))
    wait_tabs(app, '→ ' + endpoint, '→ ' + endpoint)
    done = run_again(bench, 'tcp://127.0.0.1')
    assert done.returncode == 2 and 'there is no port' in done.stderr, done
    # As a desktop hands over a link.
    subprocess.run(['gdbus', 'call', '--session', '--dest', 'io.github.socketeer.Socketeer',
                    '--object-path', '/io/github/socketeer/Socketeer', '--method', 'org.freedesktop.Application.Open',
                    "['tcp://%s']" % endpoint, '{}'], check=True, stdout=subprocess.DEVNULL)
    wait_tabs(app, *['→ ' + endpoint] * 3)
    Page(app).wait_state('not connected')


def wait_windows(app, *wanted):
    """How many tabs each window has, in any order."""
    rig.retry(lambda: sorted(len([n for n in window.walk() if is_page(n)]) for window in app.children()) == sorted(wanted),
              15, 'windows with %s tabs' % (wanted,))


def test_move_to_new_window(bench):
    """A connection goes with its tab, and goes on."""
    server = bench.use(listener())
    app = bench.start()
    app.activate('win.new-server')
    page = connect(app, port_of(server))
    peer = bench.use(accept(server))
    peer.sendall(b'before\n')
    page.wait_row('before')
    app.activate('win.tab-to-new-window')
    wait_windows(app, 1, 1)
    peer.sendall(b'after\n')
    # Each window's actions are about its own tabs.
    app.activate('win.send-text', 's', 'answer', window=2)
    assert peer.recv(6) == b'answer'
    target = bench.tmp / 'moved'
    rig.retry(lambda: moved_bytes(app, target) == b'before\nafter\n', 10, 'what came after the move')
    app.activate('win.duplicate-tab', window=2)
    wait_windows(app, 1, 2)
    rig.retry(lambda: [len(w) for w in kept(bench)] == [1, 2], 10, 'both windows are in the file')
    app.activate('app.quit')
    assert app.proc.wait(20) == 0
    app = bench.start()
    wait_windows(app, 1, 2)
    assert_nobody_comes(server)


def moved_bytes(app, target):
    app.activate('win.export', '(sss)', ('raw', 'received', str(target)), window=2)
    return target.read_bytes() if target.exists() else None
