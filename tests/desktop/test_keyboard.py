# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole first lesson without a pointer and without actions: only keys."""
import re

import rig
from page import Page
from peers import LOOPBACK, free_port


def wait_focus(node, what):
    rig.retry(lambda: node.has('focused'), 10, '%s has the keyboard' % what)


def type_over(entry, text):
    wait_focus(entry, entry.name)
    rig.press('ctrl+a')
    rig.type_text(text)
    entry.wait_text(text)


def wait_pages(app, n):
    rig.retry(lambda: len([node for node in app.walk() if node.name == 'SocketeerPage']) == n, 10, '%d pages' % n)


def test_lesson_by_keyboard(bench):
    app = bench.start()
    port = str(free_port())

    # A server that listens.
    rig.press('ctrl+shift+n')
    wait_pages(app, 1)
    server = Page(app, 0)
    rig.press('alt+p')
    type_over(server.entry('Port'), port)
    rig.press('alt+l')
    server.wait_state('listening on %s:%s' % (LOOPBACK, port))

    # A client that connects, and sends.
    rig.press('ctrl+t')
    wait_pages(app, 2)
    client = Page(app, 1)
    type_over(client.entry('Host'), LOOPBACK)
    rig.press('alt+p')
    type_over(client.entry('Port'), port)
    rig.press('alt+c')
    client.wait_state('connected')
    wait_focus(client.message, 'the message')
    rig.type_text('hello world')
    client.message.wait_text('hello world')
    rig.press('ctrl+Return')
    client.wait_row('11 bytes: hello world')

    # Tab is a character of the message; Ctrl+Tab leaves it.
    rig.press('Tab')
    client.message.wait_text('hello world\t')
    rig.press('BackSpace', 'ctrl+Tab')
    rig.retry(lambda: not client.message.has('focused'), 5, 'the message is left')

    # What came: seen, selected and copied.
    rig.press('ctrl+Prior')
    server.wait_row('11 bytes: hello world')
    rig.press('alt+p', 'F6', 'F6')
    wait_focus(server.transcript, 'the transcript')
    rig.press('ctrl+End', 'Home', *['shift+Right'] * 5, 'ctrl+c')
    rig.retry(lambda: rig.get_clipboard() == b'hello', 5, 'hello is copied')

    # Found.
    rig.press('ctrl+f')
    find = app.find('text', 'Find')
    type_over(find, 'world')
    rig.press('Return')
    rig.retry(lambda: app.find_now('label', re.compile('^1 of 1$')), 10, 'the hit')
    rig.press('Escape')
    wait_focus(server.transcript, 'the transcript')

    # Half-closed by the menu of the client's row: its first item behind Disconnect and Copy Address.
    server.wait_clients(lambda names: len(names) == 2)
    rig.press('shift+F6', 'End', 'shift+F10')
    item = app.find('menu item', 'Finish Sending')
    for _ in range(12):
        if item.has('focused'):
            break
        rig.press('Down')
    wait_focus(item, 'Finish Sending')
    rig.press('Return')
    server.wait_row('this side has finished sending (FIN)')
    rig.retry(lambda: app.find_now('menu item', 'Finish Sending') is None or not item.has('focused'), 5, 'the menu is closed')

    # The client has closed then. It connects again, and closes.
    rig.press('ctrl+Next')
    client.wait_state('closed')
    rig.press('alt+c')
    client.wait_state('connected')
    rig.press('ctrl+d')
    client.wait_state('closed')
    rig.press('ctrl+Prior')

    # Saved.
    path = bench.tmp / 'received.bin'
    rig.press('ctrl+s')
    app.button('Save…')
    rig.press('alt+s')
    chooser = rig.retry(lambda: next((n for n in app.children() if n.name == 'Save' and n.find_now('text')), None), 10, 'the file chooser')
    name = chooser.find('text', where=lambda n: n.has('editable'))
    rig.press('ctrl+a')
    rig.type_text(str(path))
    name.wait_text(str(path))
    rig.press('Return')
    rig.retry(path.exists, 10, 'the file')
    assert path.read_bytes() == b'hello world', path.read_bytes()
