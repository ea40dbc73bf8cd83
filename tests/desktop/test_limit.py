# SPDX-License-Identifier: GPL-3.0-or-later
"""A journal that is full: receiving is paused and says why, room is made, and nothing was lost."""
import hashlib
import os
import re

import peers
import rig
from page import client, open_server, roundtrip

MIB = 1 << 20


def set_limit(bench, mib):
    """As the preferences store it."""
    folder = bench.tmp / 'config' / 'glib-2.0' / 'settings'
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'keyfile').write_text('[io/github/socketeer/Socketeer]\njournal-limit=%d\n' % mib)


def stored_limit(bench):
    text = (bench.tmp / 'config' / 'glib-2.0' / 'settings' / 'keyfile').read_text()
    return int(re.search(r'^journal-limit=(\d+)$', text, re.M).group(1))


def start(bench, mib, **args):
    set_limit(bench, mib)
    app = bench.start(env={'GSETTINGS_BACKEND': 'keyfile'}, **args)
    return app, open_server(app)


def flood(page, size):
    """Sends so many random bytes and closes; the Future gives their SHA-256."""
    def run():
        digest = hashlib.sha256()
        with client(page.port) as s:
            s.settimeout(60 * rig.SLOW)
            for i in range(size // MIB):
                data = peers.random_bytes(MIB, i)
                digest.update(data)
                s.sendall(data)
        return digest.hexdigest()
    return peers.background(run)


def journal_label(page):
    return page.node.find('label', description='Journal')


def wait_pause(page, limit):
    page.problem.wait_text(re.compile('^The journal has reached its limit of %s. Receiving is paused; nothing is lost' % limit), 20)
    journal_label(page).wait_text(re.compile('receiving is paused'))


def wait_no_pause(page):
    journal_label(page).wait_text(re.compile(r'^nothing dropped · journal [\d.]+ [KMG]iB · [\d.]+ [MGT]iB free$'), 20)
    rig.retry(lambda: page.node.find_now('push button', 'Resume') is None, 10, 'the banner is gone')


def test_raise(bench):
    app, page = start(bench, 8)
    # More than the sockets' buffers can take as well.
    sending = flood(page, 48 * MIB)
    wait_pause(page, '8 MiB')
    assert not sending.done()
    rig.retry(lambda: 7 * MIB < int(page.received.text()) <= 8 * MIB, 5, 'most of the limit is received bytes')
    page.node.button('Clear…')
    # Without room there is no going on, and the window is as quick as ever.
    page.node.button('Resume').click()
    assert roundtrip(app) < 1.0 * rig.SLOW
    wait_pause(page, '8 MiB')
    page.node.button('Raise Limit to 16 MiB').click()
    wait_pause(page, '16 MiB')
    page.node.button('Raise Limit to 32 MiB').click()
    wait_pause(page, '32 MiB')
    page.node.button('Raise Limit to 64 MiB').click()
    wanted = sending.result(30 * rig.SLOW)
    page.received.wait_text(str(48 * MIB), 20)
    wait_no_pause(page)
    assert peers.sha256_of_file(page.export(bench.tmp / 'saved')) == wanted
    # The preference is stored, for every tab.
    assert stored_limit(bench) == 64


def find_question(app):
    # libadwaita names a button of a question twice
    answer = re.compile('^Delete and Go On')
    dialog = rig.retry(lambda: next((w for w in app.children() if w.find_now('push button', answer)), None), 10, 'the question')
    return dialog.button(re.compile('^Cancel')), dialog.button(answer)


def test_clear(bench):
    app, page = start(bench, 8)
    sending = flood(page, 12 * MIB)
    wait_pause(page, '8 MiB')
    first = page.export(bench.tmp / 'first').read_bytes()
    page.node.button('Clear…').click()
    # No is no.
    no, _ = find_question(app)
    no.click()
    rig.retry(lambda: len(list(app.children())) == 1, 10, 'the question is gone')
    wait_pause(page, '8 MiB')
    rig.press('ctrl+l')
    _, yes = find_question(app)
    yes.click()
    wanted = sending.result(30 * rig.SLOW)
    page.received.wait_text(str(12 * MIB), 20)
    wait_no_pause(page)
    rest = page.export(bench.tmp / 'rest').read_bytes()
    assert peers.sha256(first + rest) == wanted
    session, = (bench.tmp / 'state' / 'socketeer' / 'sessions').iterdir()
    # The file has a hole where the first part was.
    with open(session / 'payload', 'rb') as f:
        assert os.lseek(f.fileno(), 0, os.SEEK_DATA) >= len(first) - 8192


def test_preferences(bench):
    """Opened by keyboard; what is chosen there holds at once, in a tab that is waiting for it."""
    app, page = start(bench, 8)
    sending = flood(page, 12 * MIB)
    wait_pause(page, '8 MiB')
    rig.press('ctrl+comma')
    window = rig.retry(lambda: next((w for w in app.children() if w.name == 'Preferences'), None), 10, 'the preferences')
    window.find(('toggle button', 'radio button', 'page tab'), 'Storage').click()
    window.find('label', str(bench.tmp / 'state' / 'socketeer' / 'sessions'))
    window.button('Open the folder')
    spin = window.find('spin button', 'Journal limit')
    rig.retry(lambda: spin.value() == 8, 5, 'the limit is shown')
    spin.value(64)
    page.received.wait_text(str(12 * MIB), 20)
    sending.result(30 * rig.SLOW)
    wait_no_pause(page)
    window.find(('toggle button', 'switch', 'check box'), 'Automatic limit').click()
    rig.retry(lambda: stored_limit(bench) == 0, 5, 'the limit is automatic')
    rig.press('Escape')
    rig.retry(lambda: len(list(app.children())) == 1, 10, 'the preferences are closed')


def test_warning(bench):
    """Near the limit, in words."""
    app, page = start(bench, 8)
    with client(page.port) as s:
        s.sendall(peers.random_bytes(7 * MIB + MIB // 2))
        page.received.wait_text(str(7 * MIB + MIB // 2))
        journal_label(page).wait_text('nothing dropped · near the limit · journal 7.5 MiB of 8 MiB')
