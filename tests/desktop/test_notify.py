# SPDX-License-Identifier: GPL-3.0-or-later
"""Notifications, as a desktop gets them that is another program's at the moment."""
import re
import subprocess

from gi.repository import Gio, GLib

import rig
from page import accept, client, listener, name_of, open_client, open_server, port_of, read_exactly
from test_answers import rule, switch_on, write_rules
from test_find import Find
from test_sequences import keep, send, wait

NAME, PATH = 'org.freedesktop.Notifications', '/org/freedesktop/Notifications'
INTERFACE = Gio.DBusNodeInfo.new_for_xml('''
<node><interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
    <arg type="u" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
</interface></node>''').interfaces[0]


class Desktop:
    """The service that shows notifications; a context manager."""

    def __init__(self, *capabilities):
        self.capabilities = capabilities
        self.shown, self.history, self.last = {}, [], 0     # by number: (title, body)

    def __enter__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        self.registration = self.bus.register_object(PATH, INTERFACE, self.called, None, None)
        self.own = Gio.bus_own_name_on_connection(self.bus, NAME, Gio.BusNameOwnerFlags.NONE, None, None)
        self.wait(lambda: self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner',
                                             GLib.Variant('(s)', (NAME,)), None, Gio.DBusCallFlags.NONE, -1, None).unpack()[0], 'the service')
        return self

    def __exit__(self, *error):
        Gio.bus_unown_name(self.own)
        self.bus.unregister_object(self.registration)

    def called(self, bus, sender, path, interface, method, parameters, call):
        if method == 'GetCapabilities':
            call.return_value(GLib.Variant('(as)', (self.capabilities,)))
        elif method == 'Notify':
            _, number, _, title, body, actions, _, _ = parameters.unpack()
            assert 'default' in actions[::2], actions
            if number == 0:
                self.last = number = self.last + 1
            self.shown[number] = (title, body)
            self.history.append((title, body))
            call.return_value(GLib.Variant('(u)', (number,)))
        else:
            self.shown.pop(parameters.unpack()[0], None)
            call.return_value(None)

    def serve(self):
        while GLib.MainContext.default().iteration(False):
            pass

    def wait(self, condition, what, timeout=10):
        def once():
            self.serve()
            return condition()
        return rig.retry(once, timeout, what)

    def wait_shown(self, title, body=''):
        """Returns the number of the notification."""
        return self.wait(lambda: next((number for number, (t, b) in self.shown.items() if re.search(title, t) and re.search(body, b)), None),
                         '%r %r is shown, and not only %r' % (title, body, self.shown))

    def click(self, number):
        """As all desktops do, it goes when it is clicked."""
        del self.shown[number]
        self.bus.emit_signal(None, PATH, NAME, 'ActionInvoked', GLib.Variant('(us)', (number, 'default')))


class Elsewhere:
    """Another program's window, which has the keyboard; a context manager."""

    def __init__(self, bench, app):
        self.bench, self.app = bench, app

    def __enter__(self):
        self.program = subprocess.Popen([str(self.bench.build / 'tests' / 'desktop' / 'drag-source')], stdin=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL, text=True)
        self.window = rig.retry(lambda: subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '^drag-source$'], check=False,
                                                       capture_output=True, text=True).stdout.split(), 20, 'the other window')[0]
        self.go()
        return self

    def go(self):
        rig.xdo('windowactivate', self.window)
        rig.retry(lambda: not any(window.has('active') for window in self.app.children()), 10, 'no window of ours is active')

    def __exit__(self, *error):
        self.program.stdin.close()
        self.program.wait(10)


def connected(bench, app):
    """A client page, and its peer."""
    server = bench.use(listener())
    page = open_client(app)
    app.activate('win.connect', 's', '127.0.0.1:%d' % port_of(server))
    peer = bench.use(accept(server))
    page.wait_state('connected')
    return page, peer


def store(bench, **keys):
    """The settings, before the program starts or as another program changes them."""
    folder = bench.tmp / 'config' / 'glib-2.0' / 'settings'
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'keyfile').write_text('[io/github/socketeer/Socketeer]\n' + ''.join(
        'notify-%s=%s\n' % (key.replace('_', '-'), str(on).lower()) for key, on in keys.items()))
    return {'GSETTINGS_BACKEND': 'keyfile'}


def look(bench, app):
    """Our window has the keyboard again."""
    window = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(app.proc.pid), '--name', 'Socketeer'], check=True,
                            capture_output=True, text=True).stdout.split()[0]
    rig.xdo('windowactivate', window)
    app.window.wait_has('active')


def test_clients(bench):
    """Of a crowd one that counts; it leads to the tab, and goes when that is looked at."""
    desktop = bench.use(Desktop())
    app = bench.start(env=store(bench, client_connected=True))
    server = open_server(app)
    open_client(app)
    elsewhere = bench.use(Elsewhere(bench, app))
    first = bench.use(client(server.port))
    number = desktop.wait_shown('^1 new client connected$', ':%d.*\nfrom %s$' % (server.port, re.escape(name_of(first))))
    crowd = [bench.use(client(server.port)) for _ in range(200)]
    assert desktop.wait_shown('^201 new clients connected$', 'from %s$' % re.escape(name_of(crowd[-1]))) == number
    assert len(desktop.shown) == 1 and len(desktop.history) <= 5, desktop.history
    desktop.click(number)
    app.window.wait_has('active')
    # It is news again, and goes when one comes by oneself.
    elsewhere.go()
    bench.use(client(server.port))
    desktop.wait_shown('^1 new client connected$')
    look(bench, app)
    desktop.wait(lambda: not desktop.shown, 'it is withdrawn')
    # Who looks is told nothing.
    n = len(desktop.history)
    bench.use(client(server.port)).sendall(b'x')
    server.received.wait_text('1')
    desktop.serve()
    assert len(desktop.history) == n
    # The click has led to the server's tab.
    app.activate('win.stop-listening')
    server.wait_state('not listening')


def test_matches(bench):
    """A search, a rule and a sequence; what came from the peer is no markup."""
    write_rules(bench, rule('text', 'pong', text='ping <b>'))
    keep(bench, ('Greet & wait', send('hello'), wait('text', '<i>welcome</i>')))
    desktop = bench.use(Desktop('body', 'body-markup'))
    app = bench.start(env=store(bench))
    page, peer = connected(bench, app)
    elsewhere = bench.use(Elsewhere(bench, app))

    look(bench, app)
    Find(page).open().type('needle').wait_count('No matches')
    elsewhere.go()
    peer.sendall(b'nothing\n')
    page.received.wait_text('8')
    peer.sendall(b'a needle\n')
    desktop.wait_shown('^1 match found$', '\n“needle” was found$')
    look(bench, app)
    desktop.wait(lambda: not desktop.shown, 'it is withdrawn')

    switch_on(page)
    elsewhere.go()
    peer.sendall(b'ping <b>')
    assert read_exactly(peer, 4) == b'pong'
    desktop.wait_shown('^1 match found$', '\n“ping &lt;b&gt;” → “pong”$')
    # Another needle is no news.
    peer.sendall(b'needle' * 3)
    look(bench, app)
    desktop.wait(lambda: not desktop.shown, 'it is withdrawn')

    page.node.find('page tab', 'Sequences').click()
    page.node.button('Run').click()
    assert read_exactly(peer, 5) == b'hello'
    elsewhere.go()
    peer.sendall(b'<i>welcome</i>')
    desktop.wait_shown('^1 match found$', '\n“Greet &amp; wait”: .*&lt;i&gt;welcome&lt;/i&gt;')
    assert len(desktop.history) == 3


def test_transfers(bench):
    """Sent, saved, and neither, in words."""
    desktop = bench.use(Desktop())
    app = bench.start(env=store(bench))
    page, peer = connected(bench, app)
    elsewhere = bench.use(Elsewhere(bench, app))
    (bench.tmp / 'a <b>file').write_bytes(b'12345678')
    app.activate('win.send-file', 's', str(bench.tmp / 'a <b>file'))
    assert read_exactly(peer, 8) == b'12345678'
    number = desktop.wait_shown('^File sent$', '\nSent “a <b>file”, 8 bytes, ')
    app.activate('win.send-file', 's', str(bench.tmp / 'missing'))
    assert desktop.wait_shown('^2 transfers are over$', '\nSent “a <b>file”.*\n“missing” cannot be read: ') == number
    look(bench, app)
    desktop.wait(lambda: not desktop.shown, 'it is withdrawn')
    elsewhere.go()
    app.activate('win.export', '(sss)', ('raw', 'sent', str(bench.tmp / 'saved')))
    desktop.wait_shown('^File saved$', 'Saved “saved”: 8 bytes$')
    look(bench, app)
    desktop.wait(lambda: not desktop.shown, 'it is withdrawn')
    elsewhere.go()
    app.activate('win.export', '(sss)', ('raw', 'sent', str(bench.tmp / 'no folder' / 'saved')))
    desktop.wait_shown('^File not saved$', '\n.*its folder does not exist')
    # With the tab it goes.
    app.activate('win.close-tab')
    desktop.wait(lambda: not desktop.shown, 'it is withdrawn')


def test_switched_off(bench):
    """Each by its own switch, at once."""
    desktop = bench.use(Desktop())
    app = bench.start(env=store(bench, client_connected=False, match_found=False, transfer_done=False))
    server = open_server(app)
    bench.use(Elsewhere(bench, app))
    first = bench.use(client(server.port))
    server.wait_row('connected')
    first.sendall(b'data')
    server.received.wait_text('4')
    server.export(bench.tmp / 'saved')
    store(bench, client_connected=True, match_found=False, transfer_done=True)
    # A change is noticed some time after it was made.
    n = 0
    while not desktop.history:
        n += 1
        server.export(bench.tmp / ('saved %d' % n))
        desktop.serve()
    bench.use(client(server.port))
    desktop.wait_shown('^1 new client connected$')
    assert all('Saved “saved”' not in body for _, body in desktop.history), desktop.history


def test_without_a_service(bench):
    """Nothing is shown and nothing warns; what there is later is told by one that comes later."""
    app = bench.start(env=store(bench, client_connected=True))
    server = open_server(app)
    bench.use(Elsewhere(bench, app))
    bench.use(client(server.port))
    server.wait_row('connected')
    rounds = iter(range(1000))
    # Some seconds of a program that has nobody to tell.
    rig.retry(lambda: next(rounds) >= 12 and app.describe('win.connect'), 10, 'a while', step=0.1)
    desktop = bench.use(Desktop())
    bench.use(client(server.port))
    desktop.wait_shown('^2 new clients connected$')
