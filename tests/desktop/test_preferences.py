# SPDX-License-Identifier: GPL-3.0-or-later
"""The preferences as a person uses them: found by keyboard, kept over a start, changed by another program."""
import re

import rig
from page import client, open_server

ENVIRONMENT = {'GSETTINGS_BACKEND': 'keyfile'}
TABS = ('toggle button', 'radio button', 'page tab')


def open_preferences(app, tab=None):
    rig.press('ctrl+comma')
    window = rig.retry(lambda: next((w for w in app.children() if w.name == 'Preferences'), None), 10, 'the preferences')
    if tab:
        window.find(TABS, tab).click()
    return window


def close_preferences(app):
    rig.press('Escape')
    rig.retry(lambda: len(list(app.children())) == 1, 10, 'the preferences are closed')


def store(bench, key, value):
    """As another program does it."""
    path = bench.tmp / 'config' / 'glib-2.0' / 'settings' / 'keyfile'
    path.write_text(re.sub(r'^%s=.*\n' % key, '', path.read_text(), flags=re.M) + '%s=%s\n' % (key, value))


def test_keep_closed(bench):
    app = bench.start(env=ENVIRONMENT)
    page = open_server(app)
    with client(page.port) as s:
        s.sendall(b'kept')
        page.received.wait_text('4')
    page.wait_row('closed')
    window = open_preferences(app, 'Storage')
    days = window.find('spin button', 'Keep for (days)')
    assert days.value() == 0
    days.value(7)
    # By another program: shown at once.
    store(bench, 'keep-closed-limit', 2048)
    rig.retry(lambda: window.find('spin button', 'All together at most').value() == 2048, 10, 'the limit is shown')
    close_preferences(app)
    app.activate('win.close-tab')
    sessions = bench.tmp / 'state' / 'socketeer' / 'sessions'
    session = next(sessions.iterdir())
    # It can be brought back until the program ends.
    assert app.quit() == 0
    assert (session / 'closed').exists()

    # It is none of a program that was killed; and it can be deleted.
    app = bench.start(env=ENVIRONMENT)
    open_server(app).wait_row('listening')
    assert app.find_now('label', re.compile('did not end properly')) is None
    window = open_preferences(app, 'Storage')
    window.find('label', re.compile('^1 session, '))
    window.button('Delete').click()
    window.find('label', 'Being deleted')
    window.button('Close').click()
    rig.retry(lambda: not session.exists(), 10, 'it is deleted')


def test_search(bench):
    app = bench.start(env=ENVIRONMENT)
    window = open_preferences(app)
    rig.press('ctrl+f')
    rig.retry(lambda: any(n.has('focused') and n.offers('EditableText') for n in window.walk()), 5, 'the search entry')
    rig.type_text('backlog')
    # The row itself, and what was found.
    rig.retry(lambda: sum(n.role == 'list item' and n.name == 'Backlog' for n in window.walk()) == 2, 10, 'the row is found')
    assert sum(n.role == 'list item' and n.name == 'Host' for n in window.walk()) <= 1
