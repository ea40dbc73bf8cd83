# SPDX-License-Identifier: GPL-3.0-or-later
"""Every control has a name: a walk over all that there is, with each pane, menu and dialog open, in two languages."""
import re

import names
import rig
from page import client, is_page, listener, port_of

BUTTONS = ('push button', 'toggle button')


class Walk:
    """Finds its way without knowing a word of the window's language."""

    def __init__(self, bench, language=None):
        self.bench, self.problems, self.n_controls, self.opened = bench, {}, 0, set()
        self.app = bench.start(language=language)
        self.look()

    def look(self, foreign=()):
        self.n_controls = max(self.n_controls, names.look(self.app, self.problems, foreign))

    def count(self, tree=None):
        return sum(1 for n in self.app.walk(tree) if n.has('visible'))

    def until(self, condition, what):
        return rig.retry(lambda: condition(self.app.tree()), 8, what)

    def wait_row(self, text):
        self.until(lambda tree: any(text in n.name for n in self.app.walk(tree) if n.role == 'list item'), 'a row with ' + text)

    def page(self):
        pages = [n for n in self.app.walk() if is_page(n)]
        return pages[-1].live() if pages else self.app

    def key(self, *keys):
        """Opens something by keys, and waits until it is there."""
        before = self.count()
        rig.press(*keys)
        self.until(lambda tree: self.count(tree) > before, 'what %s opens' % (keys,))
        self.look()

    def popovers(self, node):
        """Each of the menu buttons, which are two buttons, one in the other, in every version of GTK."""
        tree = self.app.tree()
        found = [n for outer in node.walk(tree) if outer.role in BUTTONS and outer.has('visible')
                 for n in outer.children(tree) if n.role in BUTTONS and n.has('visible') and n.has('sensitive')]
        for button in [n.live() for n in found if n.path not in self.opened]:
            # What is folded away takes no click.
            if min(button.extents()[2:]) <= 0 or not button.call('Action', 'DoAction', '(i)', 0)[0]:
                continue
            self.opened.add(button.path)
            rig.retry(lambda: button.has('pressed'), 5, 'the popover of %r' % button)
            self.look()
            button.click()
            rig.retry(lambda: not button.has('pressed'), 5, 'the popover of %r is closed' % button)
        return len(self.opened)

    def tabs(self, node):
        found = [n.live() for n in node.walk() if n.role == 'page tab' and n.has('visible')]
        for tab in found:
            tab.click()
            tab.wait_has('selected')
            self.look()
        return len(found)

    def window(self, action, parameter=()):
        """A window or dialog of its own."""
        def windows():
            return [n.path for n in self.app.children() if n.has('visible')]
        before = windows()
        self.app.activate(action, *parameter)
        rig.retry(lambda: len(windows()) > len(before), 8, 'the window of ' + action)
        self.look(set(windows()) - set(before) if action != 'win.save' else ())
        rig.press('Escape')
        rig.retry(lambda: len(windows()) == len(before), 8, 'the window of %s is closed' % action)

    def end(self, at_least):
        assert not self.problems, 'names that are missing or no use:\n' + '\n'.join(self.problems)
        assert self.n_controls >= at_least, 'only %d controls were looked at' % self.n_controls


def walk_client(bench, language):
    walk = Walk(bench, language)
    s = bench.use(listener())
    walk.app.activate('win.connect', 's', '127.0.0.1:%d' % port_of(s))
    peer = bench.use(s.accept()[0])
    peer.sendall(b'hello\r\nworld')
    walk.wait_row('hello')
    walk.look()
    # What is in popovers is made of the same templates in each language.
    assert language or walk.popovers(walk.app) >= 6
    walk.app.activate('win.mode', 's', 'frames')
    walk.key('ctrl+f')
    rig.press('Escape')
    walk.key('F8')
    walk.key('F7')
    walk.key('F9')
    assert walk.tabs(walk.page()) >= 9
    assert language or walk.popovers(walk.app) >= 8
    walk.end(300)


def walk_server(bench, language):
    walk = Walk(bench, language)
    walk.app.activate('win.listen', 's', '0')
    ports = walk.until(lambda tree: [m for n in walk.app.walk(tree) if n.role == 'label' for m in re.findall(r':(\d{4,5})$', n.name)],
                       'the port')
    for text in (b'one', b'two'):
        s = bench.use(client(int(ports[0])))
        s.sendall(text)
        walk.wait_row(text.decode())
    walk.look()
    assert language or walk.popovers(walk.page()) >= 6
    for action in ('app.preferences', 'app.about', 'win.show-help-overlay', 'win.save'):
        walk.window(action)
    walk.app.activate('win.tour')
    walk.until(lambda tree: any(n.role == 'label' and '1' in n.name and '7' in n.name for n in walk.app.walk(tree)), 'the tour')
    walk.look()
    walk.end(100)


def test_client(bench):
    walk_client(bench, None)


def test_client_in_chinese(bench):
    walk_client(bench, 'zh_CN')


def test_server(bench):
    walk_server(bench, None)


def test_server_in_chinese(bench):
    walk_server(bench, 'zh_CN')
