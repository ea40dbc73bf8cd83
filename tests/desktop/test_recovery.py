# SPDX-License-Identifier: GPL-3.0-or-later
"""What was received survives the program: the next start offers it."""
import re

import peers
import rig
from page import Page, client, open_server


def crash(bench, data):
    """A program that has received these bytes and is killed; returns the session's folder."""
    app = bench.start()
    page = open_server(app)
    with client(page.port) as s:
        s.sendall(data)
        page.received.wait_text(str(len(data)))
        app.kill()
    return folders(bench)[0]


def folders(bench):
    return sorted((bench.tmp / 'state' / 'socketeer' / 'sessions').iterdir())


def is_end(row, data):
    digits = row.rpartition(': ')[2]
    return re.fullmatch('[0-9a-f]{2}( [0-9a-f]{2})*', digits) is not None and data.endswith(bytes.fromhex(digits))


def wait_offer(app, text='1 session of a program that did not end properly'):
    app.find('label', re.compile('^' + text), timeout=15)


def test_nothing_to_offer(bench):
    app = bench.start()
    page = open_server(app)
    page.wait_row('listening')
    assert app.quit() == 0
    app = bench.start()
    open_server(app).wait_row('listening')
    assert app.find_now('label', re.compile('did not end properly')) is None


def test_show(bench):
    data = peers.random_bytes(3 << 20)
    session = crash(bench, data)
    app = bench.start()
    wait_offer(app)
    app.button('Show').click()
    page = Page(app)
    page.wait_rows(lambda rows: len(rows) > 3, 'rows of the session')
    assert page.export(bench.tmp / 'saved').read_bytes() == data
    page.view('hex')
    # A read ends where it ended, so the last row has any number of bytes.
    page.wait_rows(lambda rows: rows and is_end(rows[-1], data), 'the last bytes')
    # Shown is not deleted.
    assert app.quit() == 0
    assert session.exists()


def test_show_text_and_peer(bench):
    crash(bench, 'what I said: 你好\n'.encode())
    app = bench.start()
    wait_offer(app)
    app.button('Show').click()
    page = Page(app)
    page.wait_row('what I said: 你好')
    page.wait_row('listening on 127.0.0.1:')


def test_delete(bench):
    session = crash(bench, b'unwanted')
    app = bench.start()
    wait_offer(app)
    app.button('Delete').click()
    rig.retry(lambda: not session.exists(), 10, 'the folder is gone')
    assert app.quit() == 0
    assert folders(bench) == []


def test_later(bench):
    session = crash(bench, b'keep')
    app = bench.start()
    wait_offer(app)
    app.button('Later').click()
    open_server(app).wait_row('listening')
    assert app.quit() == 0
    assert folders(bench) == [session]
    app = bench.start()
    wait_offer(app)


def test_two_crashes(bench):
    """What was not decided about is offered again, with what came since."""
    crash(bench, b'one')
    app = bench.start()
    wait_offer(app)
    open_server(app)
    app.kill()
    app = bench.start()
    wait_offer(app, '2 sessions of a program')
