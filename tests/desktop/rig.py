# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a GTK 4 program from outside: through the accessibility bus (AT-SPI), D-Bus actions, and xdotool for keyboard and pointer.

Runs under with-x.sh. The calls of AT-SPI are made here and not through libatspi: GTK tells all its objects in one call
(org.a11y.atspi.Cache.GetItems), where libatspi asks for each child, name, role and state on its own.

What GTK 4.8 offers on the accessibility bus, and what this module therefore does:
  * Action "click": GtkButton and subclasses (toggle buttons, menu buttons).
  * Action "toggle": GtkSwitch. "activate": GtkEntry, GtkExpander.
  * no Action: GtkCheckButton, list rows; click() uses the pointer there.
  * EditableText: entry, password entry, search entry, spin button, entry row, text view.
  * Value: spin button, range, paned, progress bar, level bar.
  * SHOWING is only ever set on windows; never wait for it on a widget.
  * GetText(0, -1) is '' on labels and entries; give the real end.
  * Screen positions are not supported; window coordinates are, and App.surface_origin() turns them into screen ones.
"""
import ast
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from gi.repository import Gio, GLib

APP_ID = 'io.github.socketeer.Socketeer'
APP_PATH = '/io/github/socketeer/Socketeer'

# RIG_SLOW=10 multiplies every time limit (a busy machine, AddressSanitizer).
SLOW = float(os.environ.get('RIG_SLOW', '1'))
# Under weston (with-x.sh), which has neither a keyboard nor a pointer.
ON_WAYLAND = bool(os.environ.get('RIG_WAYLAND'))
# Milliseconds for one call.
CALL_TIMEOUT = int(15000 * SLOW)


class NotFound(AssertionError):
    """What was waited for did not happen in time."""


class Skip(Exception):
    """Raised by a test that can't be made here."""


def retry(condition, timeout=5.0, what='condition', step=0.02):
    """Calls condition() until it returns something true, and returns that. step: seconds between two calls, at first; then less often,
    since a program that is asked all the time gets nothing done."""
    end = time.monotonic() + timeout * SLOW
    error = None
    while True:
        try:
            result = condition()
            if result:
                return result
        except GLib.GError as e:
            error = e                   # an object went away between two calls
        if time.monotonic() > end:
            raise NotFound('timed out after %.1f s: %s%s' % (timeout * SLOW, what, ' (%s)' % error if error else ''))
        time.sleep(step)
        step = min(step * 1.25, 0.1)


# -- keyboard, pointer, screenshots ---------------------------------------------------------------------------------------

def xdo(*args):
    if ON_WAYLAND:
        raise Skip('this needs a keyboard or a pointer, which there is only on X')
    return subprocess.run(['xdotool', *map(str, args)], check=True, text=True, capture_output=True, timeout=20).stdout


def press(*keys):
    """Keys by their X names: press('ctrl+a', 'Delete')."""
    xdo('key', '--clearmodifiers', *keys)


def type_text(text):
    """xdotool types what the keymap lacks by changing the keymap under the program, and keys get lost: GTK's own
    Ctrl+Shift+U is used for those (it needs gtk-im-context-simple, which with-x.sh sets)."""
    for part in re.findall(r'[\x20-\x7e]+|[^\x20-\x7e]', text):
        if ' ' <= part[0] <= '~':
            xdo('type', '--delay', '5', '--clearmodifiers', '--', part)
        else:
            xdo('key', '--delay', '2', 'ctrl+shift+u', *('%x' % ord(part)), 'space')


def press_pointer(x, y, button=1):
    # Without --sync, which waits 15 s when the pointer is already there. One xdotool process keeps the order.
    xdo('mousemove', x, y, 'click', button)


def set_clipboard(text):
    """Returns the process that serves the clipboard: end it when the text was pasted."""
    if ON_WAYLAND:
        raise Skip('this needs the clipboard of X')
    owner = subprocess.Popen(['xclip', '-selection', 'clipboard', '-quiet'], stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    owner.stdin.write(text.encode())
    owner.stdin.close()
    retry(lambda: get_clipboard() == text.encode(), 5, 'clipboard')
    return owner


def get_clipboard():
    return subprocess.run(['xclip', '-selection', 'clipboard', '-o'], capture_output=True, timeout=10).stdout


def shot(path, window=None):
    """A PNG of the whole screen, or of one X window."""
    if ON_WAYLAND:
        return shot_of_wayland(path)
    subprocess.run(['import', '-silent', '-window', window or 'root', path], check=True, timeout=60)


def shot_of_wayland(path):
    """weston-screenshooter has its own idea of the name of the file."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(['weston-screenshooter'], cwd=folder, check=True, timeout=60, capture_output=True)
        shutil.move(os.path.join(folder, os.listdir(folder)[0]), path)


# -- objects on the accessibility bus -------------------------------------------------------------------------------------

ATSPI = 'org.a11y.atspi.'
ROOT = '/org/a11y/atspi/accessible/root'
NOTHING = '/org/a11y/atspi/null'
# AtspiRole and AtspiStateType, what is used of them. (GTK's own names for roles change from version to version.)
ROLES = {7: 'check box', 11: 'combo box', 16: 'dialog', 20: 'filler', 23: 'frame', 27: 'image', 29: 'label', 31: 'list', 32: 'list item',
         35: 'menu item', 37: 'page tab', 38: 'page tab list', 39: 'panel', 43: 'push button', 44: 'radio button', 48: 'scroll bar',
         52: 'spin button', 61: 'text', 62: 'toggle button', 64: 'tool tip', 69: 'window', 75: 'application', 79: 'entry', 98: 'list box'}
STATES = {'active': 1, 'busy': 3, 'checked': 4, 'editable': 7, 'enabled': 8, 'expandable': 9, 'expanded': 10, 'focusable': 11, 'focused': 12,
          'pressed': 20, 'resizable': 21, 'selectable': 22, 'selected': 23, 'sensitive': 24, 'showing': 25, 'visible': 30,
          'indeterminate': 32, 'invalid_entry': 36, 'checkable': 41, 'has_popup': 42, 'read_only': 43}
# AtspiCoordType and AtspiComponentLayer.
COORD_WINDOW = 1
LAYER_POPUP, LAYER_WINDOW = 5, 7

the_bus = None


def a11y_bus():
    """The accessibility bus, which the session bus knows."""
    global the_bus
    if the_bus is None:
        session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None, GLib.VariantType('(s)'),
                                    Gio.DBusCallFlags.NONE, CALL_TIMEOUT, None).unpack()[0]
        the_bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
    return the_bus


def a11y_reply(owner, path, interface, method, signature=None, *arguments):
    parameters = GLib.Variant(signature, arguments) if signature else None
    return a11y_bus().call_sync(owner, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE, CALL_TIMEOUT, None)


def a11y_call(*arguments):
    return a11y_reply(*arguments).unpack()


# One object of GetItems, as g_variant_print() writes it: that is read ten times faster than GLib.Variant.unpack() makes objects of it.
STRING = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
ITEM = re.compile(r"\(\('[^']*', '([^']*)'\), \('[^']*', '[^']*'\), \('[^']*', '[^']*'\), -?\d+, (-?\d+), \[([^]]*)\], " +
                  STRING + r", (\d+), " + STRING + r", \[(\d+), (\d+)\]\)", re.DOTALL)


def has_state(states, name):
    number = STATES[name]
    return bool(states[number // 32] & 1 << number % 32)


def unquote(text):
    return ast.literal_eval(text) if '\\' in text else text[1:-1]


class Item:
    """What GetItems tells of an object."""
    __slots__ = ('path', 'n_children', 'interfaces', 'name', 'role', 'description', 'states')

    def __init__(self, path, n_children, interfaces, name, role, description, *states):
        self.path, self.interfaces, self.name, self.description = path, interfaces, unquote(name), unquote(description)
        self.n_children, self.role, self.states = int(n_children), int(role), tuple(map(int, states))


class Node:
    """One accessible object. Its role, name, description and states are asked for each time, except while a tree is searched, where they
    are as they came with it."""

    def __init__(self, path, app, item=None):
        self.path, self.app, self.item = path, app, item

    def call(self, interface, method, signature=None, *arguments):
        return a11y_call(self.app.owner, self.path, ATSPI + interface, method, signature, *arguments)

    def get(self, interface, name):
        return a11y_call(self.app.owner, self.path, 'org.freedesktop.DBus.Properties', 'Get', '(ss)', ATSPI + interface, name)[0]

    def offers(self, interface):
        if self.item:
            return "'%s%s'" % (ATSPI, interface) in self.item.interfaces
        return ATSPI + interface in self.call('Accessible', 'GetInterfaces')[0]

    @property
    def role(self):
        role = self.item.role if self.item else self.call('Accessible', 'GetRole')[0]
        return ROLES.get(role, 'role %d' % role)

    @property
    def name(self):
        return self.item.name if self.item else self.get('Accessible', 'Name')

    @property
    def description(self):
        return self.item.description if self.item else self.get('Accessible', 'Description')

    def __repr__(self):
        return '<%s %r>' % (self.role, self.name)

    def live(self):
        """The same object, whose properties are asked for again."""
        self.item = None
        return self

    def children(self, tree=None):
        tree = self.app.tree() if tree is None else tree
        for item in tree.get(self.path, ()):
            yield Node(item.path, self.app, item)

    def walk(self, tree=None):
        """All below, the nearest first in each branch, as they are now."""
        tree = self.app.tree() if tree is None else tree
        for child in self.children(tree):
            yield child
            yield from child.walk(tree)

    def has(self, state):
        return has_state(self.item.states if self.item else self.call('Accessible', 'GetState')[0], state)

    def wait_has(self, state, wanted=True, timeout=5.0):
        retry(lambda: self.has(state) == wanted, timeout, '%r is %s%s' % (self, '' if wanted else 'not ', state))
        return self

    def dump(self, depth=0, tree=None):
        """The tree below, for a test that is being written."""
        tree = self.app.tree() if tree is None else tree
        lines = []
        for child in self.children(tree):
            lines.append('%s%r %s' % ('  ' * depth, child, child.description))
            lines.append(child.dump(depth + 1, tree))
        return '\n'.join(filter(None, lines))

    # Text

    def text(self):
        if not self.offers('Text'):
            return self.name
        return self.call('Text', 'GetText', '(ii)', 0, self.get('Text', 'CharacterCount'))[0]

    def set_text(self, text):
        assert self.offers('EditableText'), '%r has no EditableText' % self
        assert self.call('EditableText', 'SetTextContents', '(s)', text)[0], 'set_text refused'
        return self

    def wait_text(self, wanted, timeout=5.0):
        """wanted: the whole text, or a compiled pattern to search for."""
        last = None

        def once():
            nonlocal last
            last = self.text()
            return wanted.search(last) if isinstance(wanted, re.Pattern) else last == wanted
        try:
            retry(once, timeout)
        except NotFound:
            raise NotFound('text of %r is %r, not %r' % (self, last, wanted)) from None
        return self

    # Actions

    def actions(self):
        if not self.offers('Action'):
            return []
        return [self.call('Action', 'GetName', '(i)', i)[0] for i in range(self.get('Action', 'NActions'))]

    def do_action(self, name):
        names = self.actions()
        assert name in names, '%r has no action %s, it has %s' % (self, name, names)
        # What has just come takes no action until it has its place.
        retry(lambda: min(self.extents()[2:]) > 0 and self.call('Action', 'DoAction', '(i)', names.index(name))[0], 5,
              '%r takes the action %s' % (self, name))
        return self

    def click(self):
        for name in ('click', 'toggle'):
            if name in self.actions():
                return self.do_action(name)
        return self.pointer_click()

    def select_child(self, i):
        assert self.offers('Selection'), '%r has no Selection' % self
        return self.call('Selection', 'SelectChild', '(i)', i)[0]

    def value(self, new=None):
        if new is not None:
            a11y_call(self.app.owner, self.path, 'org.freedesktop.DBus.Properties', 'Set', '(ssv)',
                      ATSPI + 'Value', 'CurrentValue', GLib.Variant('d', new))
        return self.get('Value', 'CurrentValue')

    # Pointer

    def extents(self):
        return self.call('Component', 'GetExtents', '(u)', COORD_WINDOW)[0]

    def layer(self):
        return self.call('Component', 'GetLayer')[0]

    def parent(self):
        path = self.get('Accessible', 'Parent')[1]
        return None if path == NOTHING else Node(path, self.app)

    def surface(self):
        """The window or popover (an X window of its own) that this object is drawn on."""
        node = self
        while not (node.offers('Component') and node.layer() in (LAYER_WINDOW, LAYER_POPUP)):
            node = node.parent()
        return node

    def center(self):
        x, y, w, h = self.extents()
        surface = self.surface()
        sx, sy, sw, sh = surface.extents()
        ox, oy = self.app.surface_origin(surface, sw, sh)
        return ox + x - sx + w // 2, oy + y - sy + h // 2

    def pointer_click(self, button=1, dx=0, dy=0):
        """Clicks on the centre (plus dx, dy), when it has stopped moving: a popover or a new window is placed in steps."""
        last = None

        def is_still():
            nonlocal last
            before, last = last, self.center()
            return before == last
        retry(is_still, 5, '%r stops moving' % self, step=0.06)
        press_pointer(last[0] + dx, last[1] + dy, button)
        return self

    # Search

    def find_now(self, role=None, name=None, description=None, where=None):
        """The first object that fits, or None. role: a name, or a tuple of names (GTK 4.18 says 'toggle button' where 4.8
        says 'push button'). name: a string, or a compiled pattern."""
        found = next((node for node in self.walk() if node.fits(role, name, description, where)), None)
        return found.live() if found is not None else None

    def fits(self, role=None, name=None, description=None, where=None):
        return ((role is None or self.role in ((role,) if isinstance(role, str) else role)) and
                (name is None or (name.search(self.name) if isinstance(name, re.Pattern) else self.name == name)) and
                (description is None or self.description == description) and
                (where is None or where(self)))

    def find(self, role=None, name=None, timeout=5.0, description=None, where=None):
        return retry(lambda: self.find_now(role, name, description, where), timeout,
                     'find role=%s name=%s description=%s' % (role, name, description))

    def wait_gone(self, role=None, name=None, timeout=5.0, description=None):
        retry(lambda: self.find_now(role, name, description) is None, timeout,
              'no more role=%s name=%s description=%s' % (role, name, description))

    def button(self, name, **args):
        return self.find(('push button', 'toggle button'), name, **args)

    def entry(self, name, **args):
        return self.find('text', name, **args)

    def label(self, description, **args):
        """A label that is found by what it is described as: 'Connection state', 'Received bytes'."""
        return self.find('label', description=description, **args)


# -- the program ------------------------------------------------------------------------------------------------------------

class App(Node):
    """A running program with at least one window."""

    def __init__(self, argv, log, timeout=20.0, env=None):
        self.log = log
        with open(log, 'w', encoding='utf-8') as output:
            self.proc = subprocess.Popen(argv, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                         env=dict(os.environ, **(env or {})))
        super().__init__(ROOT, self)
        self.owner = None
        try:
            self.owner = retry(self._find_owner, timeout, 'application on the accessibility bus')
            self.window = retry(lambda: next((c.live() for c in self.children() if c.role == 'frame'), None), timeout, 'first window')
        except BaseException:
            self.stop()
            raise

    def _find_owner(self):
        if self.proc.poll() is not None:
            raise NotFound('program ended with %s:\n%s' % (self.proc.returncode, self.output()))
        programs = a11y_call(ATSPI + 'Registry', ROOT, ATSPI + 'Accessible', 'GetChildren')[0]
        for owner, _ in programs:
            try:
                if a11y_call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID',
                             '(s)', owner)[0] == self.proc.pid:
                    return owner
            except GLib.GError:
                pass                    # one that has just gone
        return None

    def tree(self):
        """All objects of the program by their parent's path, in their order. What they are is told by one call, of those that were asked for
        before, hidden ones too; which of them are there, only by their parents."""
        items = self.items()
        order, asked = {}, [ROOT]
        while asked:
            order.update(zip(asked, self.children_of(asked)))
            asked = [child for path in asked for child in order[path] if child not in items or items[child].n_children]
        if not all(child in items for children in order.values() for child in children):
            items = self.items()
        return {path: [items[child] for child in children if child in items] for path, children in order.items()}

    def children_of(self, paths):
        """Asks all at once: the program then does not wait for this one between its answers."""
        answers = []

        def done(bus, result, number):
            try:
                answers.append((number, [child for _, child in bus.call_finish(result).unpack()[0]]))
            except GLib.GError:
                answers.append((number, []))        # it went away
        for number, path in enumerate(paths):
            a11y_bus().call(self.owner, path, ATSPI + 'Accessible', 'GetChildren', None, None, Gio.DBusCallFlags.NONE, CALL_TIMEOUT,
                            None, done, number)
        while len(answers) < len(paths):
            GLib.MainContext.default().iteration(True)
        return [children for _, children in sorted(answers)]

    def items(self):
        reply = a11y_reply(self.owner, '/org/a11y/atspi/cache', ATSPI + 'Cache', 'GetItems')
        found = [Item(*values) for values in ITEM.findall(reply.print_(False))]
        assert len(found) == reply.get_child_value(0).n_children(), 'not all objects of the reply were read'
        return {item.path: item for item in found}

    # GTK 4.8 does not tell screen positions. Window coordinates are those of the GtkWindow's content box; the X window is
    # larger by the border (5 px a side without a compositor), the same on the left and the right. A popover has an X window
    # of its own, without a name: it is the unnamed one nearest in size.
    def surface_origin(self, surface, w, h):
        is_popup = surface.layer() == LAYER_POPUP
        title = surface.name.rpartition(' — ')[2]   # a screen reader is told more

        def once():
            ids = subprocess.run(['xdotool', 'search', '--all', '--onlyvisible', '--pid', str(self.proc.pid),
                                  '--name', '' if is_popup else '^%s$' % re.escape(title)],
                                 text=True, capture_output=True).stdout.split()
            found = []
            for xid in ids:
                lines = xdo('getwindowgeometry', '--shell', xid).split()
                geometry = dict(line.split('=', 1) for line in lines if '=' in line)
                gx, gy, gw, gh = (int(geometry[k]) for k in ('X', 'Y', 'WIDTH', 'HEIGHT'))
                if gw >= w and gh >= h:
                    found.append((gw - w + gh - h, gx + (gw - w) // 2, gy + (gh - h) // 2))
            return min(found)[1:] if found else None
        return retry(once, 5, 'place on the screen of %r (%dx%d)' % (surface, w, h))

    def focus(self, node):
        """Gives a widget the keyboard focus by the pointer."""
        node.pointer_click()
        retry(lambda: node.has('focused'), 5, '%r has the focus' % node)
        return node

    def paste(self, text, into):
        """Pastes by Ctrl+V into a node that shows the text afterwards: only then may xclip end."""
        owner = set_clipboard(text)
        try:
            press('ctrl+v')
            retry(lambda: text in into.text(), 10, 'pasted text')
        finally:
            owner.terminate()
            owner.wait()

    def output(self):
        with open(self.log, encoding='utf-8', errors='replace') as f:
            return f.read()

    # -- actions over D-Bus (org.gtk.Actions) --

    def _call_actions(self, name, method, parameters=None, result=None, window=1):
        scope, _, _ = name.partition('.')
        path = {'app': APP_PATH, 'win': '%s/window/%d' % (APP_PATH, window)}[scope]
        bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        return bus.call_sync(APP_ID, path, 'org.gtk.Actions', method, parameters, result and GLib.VariantType(result),
                             Gio.DBusCallFlags.NO_AUTO_START, int(15000 * SLOW), None)

    def describe(self, name, window=1):
        """(is enabled, parameter type, [state]) of an action such as 'win.connect'."""
        return self._call_actions(name, 'Describe', GLib.Variant('(s)', (name.partition('.')[2],)), '((bgav))', window).unpack()[0]

    def activate(self, name, signature=None, value=None, window=1, timeout=5.0):
        """Activates an action, when it is there and enabled: activate('win.connect', 's', '127.0.0.1:7788')."""
        retry(lambda: self.describe(name, window)[0], timeout, 'action %s is enabled' % name)
        expected = self.describe(name, window)[1]
        assert expected == (signature or ''), 'parameter of %s is of type %r' % (name, expected)
        parameters = [GLib.Variant(signature, value)] if signature else []
        self._call_actions(name, 'Activate', GLib.Variant('(sava{sv})', (name.partition('.')[2], parameters, {})), window=window)

    def state(self, name, window=1):
        return self.describe(name, window)[2][0]

    # -- the end --

    def quit(self, timeout=60):
        """Closes every window by its own action and returns the exit status."""
        for window in list(self.children()):
            try:
                names = window.actions() if window.role in ('frame', 'dialog', 'window') else []
                if 'window.close' in names:
                    # Whether it says yes is of no use: it may be gone before it answers.
                    window.call('Action', 'DoAction', '(i)', names.index('window.close'))
            except GLib.GError:
                pass
        status = self.proc.wait(timeout * SLOW)
        wait_name_free()
        return status

    def stop(self):
        if self.proc.poll() is None:
            self.proc.terminate()
            try:
                self.proc.wait(10 * SLOW)
            except subprocess.TimeoutExpired:
                self.proc.kill()
        return self.proc.wait()

    def kill(self):
        """Ends the program as a crash or a power cut would."""
        self.proc.send_signal(signal.SIGKILL)
        self.proc.wait()
        wait_name_free()


def wait_name_free():
    """Waits until the bus has seen that the program is gone: the next one would hand over to it."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    retry(lambda: not bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner',
                                    GLib.Variant('(s)', (APP_ID,)), GLib.VariantType('(b)'), Gio.DBusCallFlags.NONE,
                                    -1, None).unpack()[0], 10, 'bus name is free')


def need_programs(*names):
    """Skips the test if a helper program is not installed."""
    for name in names:
        if not any(os.access(os.path.join(folder, name), os.X_OK) for folder in os.get_exec_path()):
            raise Skip('no ' + name)
