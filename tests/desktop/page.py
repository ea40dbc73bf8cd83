# SPDX-License-Identifier: GPL-3.0-or-later
"""One page of the window, found by the names that the design gives its parts, and the plain sockets it talks to."""
import contextlib
import re
import socket
import struct
import time

import rig
from peers import LOOPBACK, SLOW


def open_client(app):
    """A client page that is not connected yet."""
    app.activate('win.new-client')
    return Page(app, -1)


def connect(app, port, index=-1):
    """A client page connected to the port."""
    app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, port))
    page = Page(app, index)
    page.wait_state('connected')
    return page


def open_server(app, endpoint='0', index=-1):
    """A server page that listens; page.port is the port it got."""
    app.activate('win.listen', 's', endpoint)
    page = Page(app, index)
    page.wait_state(re.compile('^listening on '))
    page.port = int(page.state.text().rpartition(':')[2])
    return page


def listening(bench, env=None):
    """A server page and a client's socket."""
    app = bench.start(env=env)
    page = open_server(app)
    s = bench.use(client(page.port))
    page.wait_row('connected')
    return page, s


def is_page(node):
    """GTK 4.8 calls what has no name by its type. Later versions give it none, and tell a main landmark, which only pages are, as
    filler."""
    return node.name == 'SocketeerPage' or node.role == 'filler' and not node.name


def find_tabs(app, tree=None):
    """The tabs of pages, in their order; their description is the title. (Others are no button's parent.)"""
    tree = app.tree() if tree is None else tree
    return [n for n in app.walk(tree) if n.name == 'AdwTab'
            or n.role == 'page tab' and any(child.role == 'push button' for child in n.children(tree))]


def title_around(page):
    """The name of what the page is in, in later versions: that of its tab."""
    node = page.parent()
    while not node.name:
        node = node.parent()
    return node.name


def tab_titles(app):
    """Later versions of libadwaita do not tell a tab that is alone, and not shown; but the page is in something that is called like it."""
    return [n.description for n in find_tabs(app)] or [title_around(n) for n in find_pages(app)]


def find_pages(app):
    """The window's pages as they are now, in their order."""
    return [n for n in app.walk() if is_page(n)]


def row_node(page, text):
    page.wait_row(text)
    return page.transcript.find('list item', re.compile(re.escape(text)))


class Page:
    """index: which of the window's pages, -1: the last."""

    def __init__(self, app, index=-1):
        self.app = app
        self.node = rig.retry(lambda: self._find(index), 10, 'page %d' % index)
        self._parts = {}

    def _find(self, index):
        tree = self.app.tree()
        found = [n for n in self.app.walk(tree) if is_page(n)]
        tabs = find_tabs(self.app, tree)
        # GTK 4.18 tells only the page that is shown, in something that is called like its tab.
        if len(tabs) > len(found) == 1:
            fits = -len(tabs) <= index < len(tabs) and tabs[index].name == title_around(found[0])
            return found[0] if fits else None
        return found[index] if found and -len(found) <= index < len(found) else None

    def _part(self, role, name=None, description=None):
        key = (role, name, description)
        if key not in self._parts:
            self._parts[key] = self.node.find(role, name, description=description)
        return self._parts[key]

    state = property(lambda s: s._part('label', description='Connection state'))
    addresses = property(lambda s: s._part('label', description='Connection addresses'))
    problem = property(lambda s: s._part('label', description='Problem'))
    transcript = property(lambda s: s._part('list', 'Transcript'))
    message = property(lambda s: s._part('text', 'Message'))
    byte_count = property(lambda s: s._part('label', description='Bytes to send'))
    received = property(lambda s: s._part('label', description='Received bytes'))
    sent = property(lambda s: s._part('label', description='Sent bytes'))

    # Not kept: it is only described so while there is a problem.
    message_problem = property(lambda s: s.node.label('Message problem'))

    def entry(self, name):
        return self._part('text', name)

    def button(self, name):
        return self._part(('push button', 'toggle button'), name)

    def press(self, name):
        """Clicks a button whose name may change at any moment."""
        self.node.button(name).click()

    def press_toggle(self, name):
        button = self.button(name)
        before = button.has('pressed')
        button.click()
        rig.retry(lambda: button.has('pressed') != before, 5, '%s is toggled' % name)

    def wait_state(self, text, timeout=10.0):
        self.state.wait_text(text, timeout)
        return self

    # -- options --

    def options(self):
        """Opens the popover with the options."""
        menu = self.node.find('push button', 'Options')
        next(n for n in menu.children() if n.role in ('push button', 'toggle button')).click()
        return menu

    def set_option(self, name, text):
        menu = self.options()
        menu.find('text', name).set_text(text).wait_text(text)
        rig.press('Escape')

    def set_number(self, name, number):
        menu = self.options()
        spin = menu.find('spin button', name)
        spin.value(number)
        rig.retry(lambda: spin.value() == number, 5, '%s is %s' % (name, number))
        rig.press('Escape')

    def choose(self, drop_down, item):
        """Chooses an item of a drop-down by keyboard: those far down are out of sight."""
        box = self._part('combo box', drop_down)
        index = index_in_list(box, item)
        rig.press('Home', *['Down'] * index, 'Return')
        self.wait_chosen(drop_down, item)

    def wait_chosen(self, drop_down, item):
        box = self._part('combo box', drop_down)

        def shown():
            button = box.find_now(('push button', 'toggle button'))
            return [n.name for n in button.walk() if n.role == 'label'][-1:] == [item]
        rig.retry(shown, 10, '%s shows %s' % (drop_down, item))

    # -- transcript --

    def rows(self):
        """What assistive technology reads of the rows in sight."""
        return [name for name in (row.name for row in self.transcript.children()) if name]

    def wait_rows(self, condition, what, timeout=10.0):
        """condition: a function of the list of rows."""
        last = []

        def once():
            nonlocal last
            last = self.rows()
            return condition(last)
        try:
            rig.retry(once, timeout, what, step=0.05)
        except rig.NotFound:
            raise rig.NotFound('%s: the rows are\n%s' % (what, '\n'.join(last))) from None
        return last

    def wait_still(self):
        """Until what is in sight has not moved for three looks: what the pointer and the keyboard did is over. Returns the rows."""
        last = [[], [], []]

        def once():
            last.append(self.rows())
            return last[-1] and last[-1] == last[-2] == last[-3] and last[-1]
        return rig.retry(once, 10, 'the rows stand still', step=0.1)

    def wait_row(self, text, timeout=10.0):
        """Until a row contains the text (or a pattern finds something in it); returns the row."""
        def fits(row):
            return text.search(row) if isinstance(text, re.Pattern) else text in row
        rows = self.wait_rows(lambda rows: any(map(fits, rows)), 'a row with %r' % (text,), timeout)
        return next(filter(fits, rows))

    def view(self, name):
        self.app.activate('win.view', 's', name)

    # -- sending --

    def send(self, text):
        self.app.activate('win.send-text', 's', text)

    def type_message(self, text):
        self.message.set_text(text).wait_text(text)

    # -- connections of a server --

    def clients(self):
        """Names of the rows, 'All' first."""
        return [n.name for n in self._part('list', 'Connections').children() if n.role == 'list item' and n.name]

    def wait_clients(self, condition, what='clients', timeout=10.0):
        rig.retry(lambda: condition(self.clients()), timeout, what)
        return self.clients()

    def client_row(self, name):
        return self._part('list', 'Connections').find('list item', name)

    def choose_client(self, name):
        self.client_row(name).pointer_click()
        rig.retry(lambda: self.client_row(name).has('selected'), 5, '%s is chosen' % name)

    def wait_client_text(self, name, text, timeout=10.0):
        """Until a label in the client's row matches."""
        pattern = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))
        rig.retry(lambda: self.client_row(name).find_now('label', pattern), timeout, 'row of %s has %r' % (name, text))

    # -- exporting --

    def export(self, path, kind='raw', direction='received', timeout=30.0):
        """Exports and returns the path; the file appears whole, by its name."""
        path.unlink(missing_ok=True)
        self.app.activate('win.export', '(sss)', (kind, direction, str(path)))
        rig.retry(path.exists, timeout, '%s is written' % path)
        return path


def roundtrip(app):
    """Seconds that the window takes to answer a call to its actions."""
    started = time.monotonic()
    app.describe('win.connect')
    return time.monotonic() - started


def slowest_roundtrip(app, is_done, timeout=60.0):
    """Asks the window again and again until is_done(); returns the longest time it took to answer."""
    end = time.monotonic() + timeout * SLOW
    slowest = roundtrip(app)
    while not is_done():
        if time.monotonic() > end:
            raise AssertionError('not done within %.0f s' % (timeout * SLOW))
        slowest = max(slowest, roundtrip(app))
    return slowest


# -- plain sockets ---------------------------------------------------------------------------------------------------

def listener():
    """A listening socket on loopback; its accept() has a time limit."""
    s = socket.create_server((LOOPBACK, 0), backlog=16)
    s.settimeout(15 * SLOW)
    return s


def port_of(s):
    return s.getsockname()[1]


def accept(s):
    peer, _ = s.accept()
    peer.settimeout(15 * SLOW)
    return peer


def client(port):
    """A socket connected to a server page."""
    s = socket.create_connection((LOOPBACK, port), timeout=15 * SLOW)
    return s


def name_of(s):
    """Address as the other end shows it."""
    return '%s:%d' % s.getsockname()[:2]


def read_exactly(s, n):
    data = b''
    while len(data) < n:
        piece = s.recv(n - len(data))
        assert piece, 'the stream ended after %r' % data
        data += piece
    return data


def read_end(s):
    """Reads to the end of the stream."""
    data = b''
    while piece := s.recv(65536):
        data += piece
    return data


def reset(s):
    """Ends a connection with RST."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    s.close()


@contextlib.contextmanager
def full_listener():
    """A port whose queue is full: the kernel leaves further SYNs unanswered."""
    with contextlib.ExitStack() as stack:
        s = stack.enter_context(socket.socket())
        s.bind((LOOPBACK, 0))
        s.listen(0)
        for _ in range(8):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(s.getsockname())
        yield port_of(s)


def index_in_list(box, item):
    """Opens a drop-down and returns where the item is, when the list has the keyboard. Now and then GTK 4.8 opens one that has just been
    closed without giving it that: a person would close it and open it again."""
    def items():
        found = [n for n in box.walk() if n.role == 'list item']
        return [n.find_now('label').name for n in found] if any(n.has('focused') for n in found) else None
    for patience in (5, 5, 15):
        box.find(('push button', 'toggle button')).click()
        try:
            labels = rig.retry(items, patience, 'the list of %r' % box)
            return labels.index(item) if item in labels else index_by_keyboard(box, item)
        except rig.NotFound:
            if patience == 15:
                raise
            rig.press('Escape')


def index_by_keyboard(box, item):
    """GTK 4.18 tells only those items of a list that are in sight."""
    def focused():
        return next((n.find_now('label').name for n in box.walk() if n.role == 'list item' and n.has('focused')), None)
    rig.press('Home')
    first = last = rig.retry(focused, 5, 'an item with the focus')
    for index in range(100):
        if last == item:
            return index
        rig.press('Down')
        last = rig.retry(lambda: focused() not in (last, None) and focused(), 5, '%s in the list after %s' % (item, last))
    raise rig.NotFound('%s in a list that begins with %s' % (item, first))


def show_tool(page, name):
    """Opens the sending tools with that tab."""
    rig.press('F7')
    page.node.find('page tab', name).click()


def undo(app):
    """In a toast. GTK 4.8 tells the name of its button twice."""
    app.button(re.compile('^Undo( Undo)?$')).click()
