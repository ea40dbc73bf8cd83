# SPDX-License-Identifier: GPL-3.0-or-later
"""What a window begins with: three choices, the endpoints that were used last, and the guided tour."""
import json
import os
import re
import stat

import rig
from page import Page, listener, open_server, port_of
from peers import LOOPBACK


def recent_file(bench):
    return bench.tmp / 'state' / 'socketeer' / 'recent.json'


def write_recent(bench, *endpoints):
    """The newest first."""
    file = recent_file(bench)
    file.parent.mkdir(parents=True, mode=0o700)
    entries = [{'kind': kind, 'endpoint': endpoint, 'time': 1700000000000000 - i} for i, (kind, endpoint) in enumerate(endpoints)]
    file.write_text(json.dumps({'format': 'socketeer-recent', 'version': 1, 'endpoints': entries}))


def recent_rows(app):
    found = app.find_now('list', 'Recent endpoints')
    return [n.name for n in found.children()] if found else []


def wait_recent(app, *patterns):
    rig.retry(lambda: len(recent_rows(app)) == len(patterns) and all(map(re.search, patterns, recent_rows(app))), 10,
              'the rows %s' % (patterns,))


def test_choices(bench):
    app = bench.start()
    for name in ('Connect to a Server', 'Listen for Clients', 'Try It Here'):
        app.button(name).wait_has('sensitive')
    assert not app.find_now('list', 'Recent endpoints', where=lambda n: n.has('showing'))
    app.button('Listen for Clients').click()
    Page(app).entry('Listen address')
    app.activate('win.close-tab')
    app.button('Connect to a Server').click()
    Page(app).entry('Host')


def test_recent_is_filled_in_and_does_not_connect(bench):
    server = bench.use(listener())
    port = port_of(server)
    app = bench.start()
    app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, port))
    Page(app).wait_state('connected')
    server.accept()[0].close()
    app.activate('win.close-tab')
    page = open_server(app, '127.0.0.1:0')          # of no use another time
    app.activate('win.close-tab')
    wait_recent(app, r'^Connect to 127\.0\.0\.1:%d, used \d\d:\d\d$' % port)
    assert app.quit() == 0
    assert stat.S_IMODE(os.stat(recent_file(bench)).st_mode) == 0o600

    app = bench.start()
    wait_recent(app, 'Connect to')
    next(app.find('list', 'Recent endpoints').children()).pointer_click()
    page = Page(app)
    page.wait_state('not connected')
    page.entry('Host').wait_text(LOOPBACK)
    page.entry('Port').wait_text(str(port))
    page.press('Connect')
    page.wait_state('connected')


def test_recent_by_keyboard(bench):
    write_recent(bench, ('connect', 'plc.example:502'), ('listen', '*:7788'), ('connect', '[::1]:80'))
    app = bench.start()
    wait_recent(app, 'plc.example:502', r'Listen on \*:7788', r'\[::1\]:80')
    # Past the three choices and Clear All.
    rig.press('Tab', 'Tab', 'Tab', 'Tab', 'Delete')
    wait_recent(app, r'Listen on \*:7788', r'\[::1\]:80')
    rig.press('Return')
    page = Page(app)
    page.entry('Port').wait_text('7788')
    page.entry('Listen address').wait_text('')
    app.activate('win.close-tab')
    app.button('Clear All').click()
    rig.retry(lambda: not app.find_now('list', 'Recent endpoints', where=lambda n: n.has('showing')), 5, 'the list is gone')
    # Both toasts can be undone, one after the other.
    app.button(re.compile('^Undo( Undo)?$')).click()
    rig.retry(lambda: recent_rows(app), 5, 'rows are back')


def seen(app):
    return app.find('label', description='What can be seen now', timeout=15)


def wait_step(app, n):
    app.find('label', 'Guided tour, step %d of 7' % n)


def do(app, n, button, words):
    """Does a step by its button, and reads what it says can be seen."""
    wait_step(app, n)
    app.button(button).click()
    label = app.find('label', re.compile(words), description='What can be seen now', timeout=20)
    label.wait_has('visible')


def test_tour(bench):
    app = bench.start()
    app.button('Try It Here').click()
    wait_step(app, 1)
    client = Page(app, 1)
    client.wait_state('not connected')
    app.button('Back').wait_has('sensitive', False)

    do(app, 1, 'Connect', r'127\.0\.0\.1:\d+ is connected to 127\.0\.0\.1')
    client.wait_state('connected')
    app.button('Show “Life”').click()
    client.node.find('list item', re.compile('ESTABLISHED|connected'), timeout=10)
    next_step(app)
    do(app, 2, 'Send a Message', 'echo')
    client.wait_row(re.compile('received from .* 15 bytes'))
    next_step(app)
    do(app, 3, 'Send Three at Once', r'Writes of the client: 3\. Reads of the server: 1\. Bytes of both: 14')
    app.button('Show the Server’s Rows').click()
    Page(app, 0).wait_row(re.compile('received from .* 14 bytes: one'))
    do(app, 3, 'Send One in Pieces', r'Reads of the server: 4\. Bytes of both: 22')
    next_step(app)
    do(app, 4, 'Finish Sending (FIN)', 'CLOSE-WAIT')
    next_step(app)
    do(app, 5, 'Close the Connection', 'TIME-WAIT')
    client.wait_state(re.compile('closed'))
    next_step(app)
    do(app, 6, 'Reset (RST)', 'RST')
    next_step(app)
    do(app, 7, 'Send Three Datagrams', '4, 4, 6 bytes')
    app.button('Show the Client’s Rows').click()
    client.wait_row('datagrams')
    app.button('Finish').click()
    app.wait_gone('label', re.compile('^Guided tour'))
    # Nothing of it is kept to be used again.
    app.activate('win.close-tab')
    app.activate('win.close-tab')
    app.button('Try It Here')
    assert recent_rows(app) == []


def next_step(app):
    app.button('Next').click()


def test_tour_notices_and_ends_with_its_page(bench):
    app = bench.start()
    app.activate('win.tour')
    wait_step(app, 1)
    client = Page(app, 1)
    client.press('Connect')
    seen(app).wait_has('visible')
    next_step(app)
    wait_step(app, 2)
    client.send('by hand')
    seen(app).wait_has('visible')
    app.activate('win.close-tab')
    app.wait_gone('label', re.compile('^Guided tour'))
    app.activate('win.tour')
    wait_step(app, 1)
    app.button('Close the guided tour').click()
    app.wait_gone('label', re.compile('^Guided tour'))
