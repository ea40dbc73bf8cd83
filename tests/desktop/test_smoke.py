# SPDX-License-Identifier: GPL-3.0-or-later
"""The program starts, shows a window, and ends."""
import re
import subprocess

import rig
from page import find_pages


def test_starts_and_quits(bench):
    app = bench.start()
    assert app.window.name, 'the window has no title'
    picture = bench.tmp / 'window.png'
    rig.shot(str(picture))
    # A window of one colour, or none, has drawn nothing.
    colours = subprocess.run(['identify', '-format', '%k', str(picture)], check=True, capture_output=True, text=True).stdout
    assert int(colours) > 20, 'the screen has %s colours' % colours
    assert app.quit() == 0


def test_ends_without_a_window_left_behind(bench):
    app = bench.start()
    app.activate('win.new-client')
    app.activate('win.new-server')
    assert app.quit() == 0
    app = bench.start()
    assert app.quit() == 0


def test_second_start_uses_the_first(bench):
    app = bench.start()
    second = subprocess.run([str(bench.program)], timeout=30 * rig.SLOW, capture_output=True, text=True,
                            env=bench.environment())
    assert second.returncode == 0, second.stderr
    assert app.proc.poll() is None


def test_version_and_help_need_no_display(bench):
    environment = bench.environment()
    for variable in ('DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS'):
        environment.pop(variable, None)
    for option, word in (('--version', r'\d+\.\d+\.\d+'), ('--help', '--connect')):
        done = subprocess.run([str(bench.program), option], timeout=30 * rig.SLOW, capture_output=True, text=True,
                              env=environment)
        assert done.returncode == 0, done.stderr
        assert re.search(word, done.stdout), done.stdout


def test_fits_800_by_600(bench):
    """Pages of both kinds, in both languages: in the one with the longer words nothing is cut off at the right."""
    for language in ('en', 'zh_CN'):
        app = bench.start('--demo', language=language)
        rig.retry(lambda: len(find_pages(app)) == 2, 10, 'the two pages')
        window = rig.xdo('search', '--onlyvisible', '--pid', app.proc.pid, '--name', app.window.name).split()[0]
        for page in (1, 2):
            rig.xdo('windowsize', window, 800, 600)
            rig.retry(lambda: 700 < app.window.extents()[2] <= 800, 5, 'page %d in %s is no wider than 800' % (page, language))
            rig.press('ctrl+Next')
        assert app.quit() == 0
