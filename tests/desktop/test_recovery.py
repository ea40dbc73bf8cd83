# SPDX-License-Identifier: GPL-3.0-or-later
"""What was received survives the program: the next start offers it."""
import contextlib
import random
import re
import shutil
import time

import peers
import rig
from page import Page, client, open_server

MIB = 1 << 20


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


def test_life_of_what_is_shown(bench):
    """What became of its connections is told as far as the journal knows."""
    crash(bench, b'data')
    app = bench.start()
    wait_offer(app)
    app.button('Show').click()
    page = Page(app)
    page.wait_row('data')
    rig.press('F8')
    page.node.find('label', re.compile('^This session is not going on'))
    page.node.find('page tab', 'Life').pointer_click()
    steps = page.node.find('list', 'Life of the connection')
    steps.find('list item', re.compile('^LISTEN, -'))
    steps.find('list item', re.compile('^ESTABLISHED, .*: The connection was established: 127'))
    steps.find('list item', re.compile('^First bytes received, .*The first 4 bytes'))
    steps.find('list item', re.compile('^End not known: The journal ends here'))
    page.node.find('label', re.compile('^From the session’s journal'))
    page.press('Copy Report')
    report = rig.retry(rig.get_clipboard, 5, 'the report').decode()
    assert 'Connection 1 of an opened session' in report and 'The first 4 bytes' in report, report


def killed_in_a_flood(bench, delay):
    """Returns what was received when it was killed, at a random moment after the first bytes."""
    app = bench.start()
    page = open_server(app)
    data = peers.random_bytes(MIB, 7)

    def run():
        with contextlib.suppress(OSError), client(page.port) as s:
            for _ in range(256):
                s.sendall(data)
            s.recv(1)
    sending = peers.background(run)
    page.received.wait_text(re.compile('[1-9]'))
    end = time.monotonic() + delay
    told = 0
    while time.monotonic() < end or told == 0:
        told = int(page.received.text())
    app.kill()
    sending.result(10 * rig.SLOW)
    return data, told


def test_killed_in_a_flood(bench):
    """All that the window had told of is there, and what is there is right."""
    seed = random.randrange(1 << 32)
    print('# seed %d' % seed)
    moments = random.Random(seed)
    for _ in range(3):
        data, told = killed_in_a_flood(bench, moments.uniform(0, 0.3))
        app = bench.start()
        wait_offer(app)
        app.button('Show').click()
        path = Page(app).export(bench.tmp / 'saved')
        size = path.stat().st_size
        assert size >= told, '%d bytes were told of, %d are there' % (told, size)
        with open(path, 'rb') as f:
            while piece := f.read(MIB):
                assert data.startswith(piece)
        assert app.quit() == 0
        for folder in folders(bench):
            shutil.rmtree(folder)


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
