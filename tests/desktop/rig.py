# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a GTK 4 program from outside: through AT-SPI, D-Bus actions, and xdotool for keyboard and pointer.

Runs under with-x.sh. What GTK 4.8 offers on the accessibility bus, and what this module therefore does:
  * Action "click": GtkButton and subclasses (toggle buttons, menu buttons).
  * Action "toggle": GtkSwitch. "activate": GtkEntry, GtkExpander.
  * no Action: GtkCheckButton, list rows; click() uses the pointer there.
  * EditableText: entry, password entry, search entry, spin button, entry row, text view.
  * Value: spin button, range, paned, progress bar, level bar.
  * SHOWING is only ever set on windows; never wait for it on a widget.
  * getText(0, -1) is '' on labels and entries; give the real end.
  * Screen positions are not supported; window coordinates are, and App.surface_origin() turns them into screen ones.
"""
import os
import re
import signal
import subprocess
import time

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

APP_ID = 'io.github.socketeer.Socketeer'
APP_PATH = '/io/github/socketeer/Socketeer'

# RIG_SLOW=10 multiplies every time limit (a busy machine, AddressSanitizer).
SLOW = float(os.environ.get('RIG_SLOW', '1'))
Atspi.set_timeout(int(3000 * SLOW), int(15000 * SLOW))


class NotFound(AssertionError):
    """What was waited for did not happen in time."""


class Skip(Exception):
    """Raised by a test that can't be made here."""


def retry(condition, timeout=5.0, what='condition', step=0.02):
    """Calls condition() until it returns something true, and returns that."""
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


# -- keyboard, pointer, screenshots ---------------------------------------------------------------------------------------

def xdo(*args):
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
    subprocess.run(['import', '-silent', '-window', window or 'root', path], check=True, timeout=60)


# -- objects on the accessibility bus -------------------------------------------------------------------------------------

class Node:
    """One accessible object."""

    def __init__(self, acc, app):
        self.acc, self.app = acc, app
        self.known = {}

    role = property(lambda s: s.acc.get_role_name())
    name = property(lambda s: s.acc.get_name() or '')
    description = property(lambda s: s.acc.get_description() or '')

    def __repr__(self):
        return '<%s %r>' % (self.role, self.name)

    def children(self):
        self.acc.clear_cache()
        for i in range(self.acc.get_child_count()):
            child = self.acc.get_child_at_index(i)
            if child is not None:
                yield Node(child, self.app)

    def walk(self):
        for child in self.children():
            yield child
            yield from child.walk()

    def has(self, state):
        self.acc.clear_cache()
        return self.acc.get_state_set().contains(getattr(Atspi.StateType, state.upper()))

    def dump(self, depth=0):
        """The tree below, for a test that is being written."""
        lines = []
        for child in self.children():
            lines.append('%s%r %s' % ('  ' * depth, child, child.description))
            lines.append(child.dump(depth + 1))
        return '\n'.join(filter(None, lines))

    # Text

    def text(self):
        text = self.acc.get_text_iface()
        if text is None:
            return self.name
        return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))

    def set_text(self, text):
        editable = self.acc.get_editable_text_iface()
        assert editable is not None, '%r has no EditableText' % self
        assert Atspi.EditableText.set_text_contents(editable, text), 'set_text refused'
        return self

    def wait_text(self, wanted, timeout=5.0):
        """wanted: the whole text, or a compiled pattern to search for."""
        last = None

        def once():
            nonlocal last
            self.acc.clear_cache()
            last = self.text()
            return wanted.search(last) if isinstance(wanted, re.Pattern) else last == wanted
        try:
            retry(once, timeout)
        except NotFound:
            raise NotFound('text of %r is %r, not %r' % (self, last, wanted)) from None
        return self

    # Actions

    def actions(self):
        action = self.acc.get_action_iface()
        if action is None:
            return []
        return [Atspi.Action.get_action_name(action, i) for i in range(Atspi.Action.get_n_actions(action))]

    def do_action(self, name):
        names = self.actions()
        assert name in names, '%r has no action %s, it has %s' % (self, name, names)
        # What has just come takes no action until it is drawn.
        retry(lambda: Atspi.Action.do_action(self.acc.get_action_iface(), names.index(name)), 5, '%r takes the action %s' % (self, name))
        return self

    def click(self):
        for name in ('click', 'toggle'):
            if name in self.actions():
                return self.do_action(name)
        return self.pointer_click()

    def select_child(self, i):
        selection = self.acc.get_selection_iface()
        assert selection is not None, '%r has no Selection' % self
        return Atspi.Selection.select_child(selection, i)

    def value(self, new=None):
        value = self.acc.get_value_iface()
        if new is not None:
            Atspi.Value.set_current_value(value, new)
        return Atspi.Value.get_current_value(value)

    # Pointer

    def extents(self):
        e = self.acc.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return e.x, e.y, e.width, e.height

    def surface(self):
        """The window or popover (an X window of its own) that this object is drawn on."""
        acc = self.acc
        while acc is not None:
            component = acc.get_component_iface()
            if component is not None and component.get_layer() in (Atspi.ComponentLayer.WINDOW, Atspi.ComponentLayer.POPUP):
                break
            acc = acc.get_parent()
        return Node(acc, self.app)

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
        return next((node for node in self.walk() if node.fits(role, name, description, where)), None)

    def fits(self, role=None, name=None, description=None, where=None):
        return ((role is None or self.role in ((role,) if isinstance(role, str) else role)) and
                (name is None or (name.search(self.name) if isinstance(name, re.Pattern) else self.name == name)) and
                (description is None or self.description == description) and
                (where is None or where(self)))

    def find(self, role=None, name=None, timeout=5.0, description=None, where=None):
        """Going over hundreds of objects takes a while: what was found by the same words, and still answers to them where it can be seen, is
        not looked for again."""
        key = (role, name, description) if where is None else None
        known = self.known.get(key) if key else None
        if known is not None and known.is_still(*key):
            return known
        found = retry(lambda: self.find_now(role, name, description, where), timeout,
                      'find role=%s name=%s description=%s' % (role, name, description))
        if key:
            self.known[key] = found
        return found

    def is_still(self, role, name, description):
        try:
            return self.has('showing') and self.fits(role, name, description)
        except GLib.GError:
            return False

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
        super().__init__(None, self)
        try:
            self.acc = retry(self._find_acc, timeout, 'application on the accessibility bus')
            self.window = retry(lambda: next((c for c in self.children() if c.role == 'frame'), None), timeout, 'first window')
        except BaseException:
            self.stop()
            raise

    def _find_acc(self):
        if self.proc.poll() is not None:
            raise NotFound('program ended with %s:\n%s' % (self.proc.returncode, self.output()))
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.proc.pid:
                return child
        return None

    # GTK 4.8 does not tell screen positions. Window coordinates are those of the GtkWindow's content box; the X window is
    # larger by the border (5 px a side without a compositor), the same on the left and the right. A popover has an X window
    # of its own, without a name: it is the unnamed one nearest in size.
    def surface_origin(self, surface, w, h):
        is_popup = surface.acc.get_component_iface().get_layer() == Atspi.ComponentLayer.POPUP
        title = surface.name

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
                if window.role in ('frame', 'dialog', 'window') and 'window.close' in window.actions():
                    window.do_action('window.close')
            except GLib.GError:
                pass                    # the program may be gone before it answers
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
