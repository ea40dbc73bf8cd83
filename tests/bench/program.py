# SPDX-License-Identifier: GPL-3.0-or-later
"""The program under measurement, driven by its D-Bus actions alone: assistive technology that listens would be measured too."""
import json
import os
import pathlib
import subprocess
import time

from gi.repository import Gio, GLib

from processes import read_cpu, wait_until

APP_ID = 'io.github.socketeer.Socketeer'
APP_PATH = '/io/github/socketeer/Socketeer'


class Program:
    """with Program(build, folder, '--listen', '127.0.0.1:7788') as program: ..."""

    def __init__(self, build, folder, *arguments, settings='', is_watched=True):
        self.folder = pathlib.Path(folder)
        self.state = self.folder / 'state'
        self.stats_path = self.folder / 'frames'
        self.stats_path.unlink(missing_ok=True)
        environment = dict(os.environ, HOME=str(self.folder), XDG_STATE_HOME=str(self.state), GTK_A11Y='none',
                           GSETTINGS_SCHEMA_DIR=str(build / 'data'), SOCKETEER_LOCALEDIR=str(build / 'po'),
                           SOCKETEER_FRAME_STATS=str(self.stats_path) if is_watched else '', LANGUAGE='')
        if settings:                        # lines of a key file
            path = self.folder / 'config' / 'glib-2.0' / 'settings' / 'keyfile'
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text('[io/github/socketeer/Socketeer]\n%s\n' % settings, encoding='utf-8')
            environment.update(GSETTINGS_BACKEND='keyfile', XDG_CONFIG_HOME=str(self.folder / 'config'))
        self.log = self.folder / 'log'
        self.is_watched = is_watched
        self.started = time.monotonic()
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen([str(build / 'src' / 'socketeer'), *arguments], env=environment,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)

    def __enter__(self):
        wait_until(self._is_there, 'the window')
        window = wait_until(lambda: subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)],
                                                   capture_output=True, text=True, check=False).stdout.split(), 'X window')[0]
        subprocess.run(['xdotool', 'windowmove', window, '0', '0', 'windowsize', window, '1280', '800'], check=True)
        self.wait_idle()
        return self

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.call('app.quit')
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        wait_until(lambda: not self._has_owner(), 'the bus name is free')

    pid = property(lambda self: self.process.pid)

    def _has_owner(self):
        return self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner',
                                  GLib.Variant('(s)', (APP_ID,)), None, 0, -1, None).unpack()[0]

    def _is_there(self):
        if self.process.poll() is not None:
            raise OSError('the program ended: %s' % self.log.read_text(encoding='utf-8')[-300:])
        try:
            return ('stats-begin' if self.is_watched else 'new-client') in self.actions()
        except GLib.Error:
            return False

    def _invoke(self, method, parameters, scope='win'):
        path = APP_PATH if scope == 'app' else APP_PATH + '/window/1'
        return self.bus.call_sync(APP_ID, path, 'org.gtk.Actions', method, parameters, None, Gio.DBusCallFlags.NO_AUTO_START,
                                  60000, None)

    def actions(self):
        return self._invoke('List', None).unpack()[0]

    def call(self, name, value=None):
        """Activates an action; value: a string or a number."""
        scope, _, action = name.partition('.')
        parameters = [] if value is None else [GLib.Variant('d' if isinstance(value, float) else 's', value)]
        self._invoke('Activate', GLib.Variant('(sava{sv})', (action, parameters, {})), scope)

    def begin(self, name):
        self.call('win.stats-begin', name)

    def end(self):
        """What was noted since begin()."""
        self.call('win.stats-end')

        def last():
            lines = self.stats_path.read_text(encoding='utf-8').splitlines() if self.stats_path.exists() else []
            return len(lines) > self.n_lines and json.loads(lines[-1])
        stats = wait_until(last, 'statistics')
        self.n_lines += 1
        return stats

    n_lines = 0

    def wait_idle(self, quiet=0.4, timeout=600.0):
        """Until it has computed next to nothing for a while."""
        end = time.monotonic() + timeout
        before = read_cpu(self.pid)
        while time.monotonic() < end:
            time.sleep(quiet)
            now = read_cpu(self.pid)
            if now - before < 0.1 * quiet:
                return
            before = now
        raise TimeoutError('it does not come to rest')

    def payload_size(self):
        return sum(path.stat().st_size for path in self.state.glob('socketeer/sessions/*/payload'))
