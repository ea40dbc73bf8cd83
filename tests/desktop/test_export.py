# SPDX-License-Identifier: GPL-3.0-or-later
"""What was kept is handed on, and opened again."""
import csv
import json
import re
import shutil
import subprocess

import peers
from gi.repository import GLib

import rig
from page import Page, client, connect, listener, accept, listening, open_server, port_of


def talk(bench, env=None):
    """A server page whose client said two things and got an answer, and has gone."""
    page, s = listening(bench, env=env)
    s.sendall('=HYPERLINK("x"), 你好\r\n'.encode())
    page.wait_row('你好')
    s.sendall(bytes(range(256)))
    page.received.wait_text(str(len(DATA)))
    page.send('answer')
    assert s.recv(100) == b'answer'
    name = '%s:%d' % s.getsockname()[:2]
    s.close()
    page.wait_row('has finished sending')
    return page, name


DATA = '=HYPERLINK("x"), 你好\r\n'.encode() + bytes(range(256))


def export(page, path, kind, direction='both'):
    return page.export(path, kind, direction)


FORMAT = ('check box', 'radio button')
TOGGLE = ('push button', 'toggle button')


def choose_in_dialog(app, *buttons):
    """In the dialog that Save opens; then Save."""
    dialog = rig.retry(lambda: next((n for n in app.children() if n.find_now(name='Packet capture (pcapng)')), None), 10, 'the dialog')
    for role, name in buttons:
        is_toggle = 'push button' in role
        node = dialog.find(role, name)
        node.click() if is_toggle else node.pointer_click()
        state = 'pressed' if is_toggle else 'checked'
        rig.retry(lambda: node.has(state), 5, '%s is chosen' % name)
    dialog.button('Save…').click()


def type_file_name(app, title, path):
    """In the file chooser: a path that begins with a slash is typed as it is."""
    chooser = rig.retry(lambda: next((n for n in app.children() if n.name == title and n.find_now('text')), None), 10,
                        'the dialog %s' % title)
    entry = chooser.find('text', where=lambda n: n.has('editable'))
    entry.set_text(str(path)).wait_text(str(path))
    rig.press('Return')


def choose_folder(app, title, path):
    chooser = rig.retry(lambda: next((n for n in app.children() if n.name == title), None), 10, 'the dialog %s' % title)
    # A slash opens the entry for a location, and is its first character.
    rig.press('slash')
    entry = chooser.find('text', where=lambda n: n.has('editable'))
    entry.set_text(str(path)).wait_text(str(path))
    rig.press('Return')


def save_by_menu(page, path, *buttons, title='Save'):
    page.press('Save')
    choose_in_dialog(page.app, *buttons)
    type_file_name(page.app, title, path)
    rig.retry(path.exists, 20, '%s is written' % path)
    return path


# -- each format, read by others -------------------------------------------------------------------------------------

def test_csv(bench):
    page, name = talk(bench)
    path = export(page, bench.tmp / 'a.csv', 'csv')
    assert path.stat().st_mode & 0o777 == 0o600
    with open(path, newline='', encoding='utf-8') as f:
        rows = list(csv.DictReader(f, strict=True))
    assert b''.join(bytes.fromhex(r['hex']) for r in rows if r['direction'] == 'received') == DATA
    assert b''.join(bytes.fromhex(r['hex']) for r in rows if r['direction'] == 'sent') == b'answer'
    assert {r['peer'] for r in rows if r['direction']} == {name}
    first = next(r for r in rows if r['direction'] == 'received')
    assert first['text'] == '\'=HYPERLINK("x"), 你好\\r\\n', first
    assert [r['event'] for r in rows][:2] == ['listening', 'opened']
    assert all(re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}[+-]\d\d:\d\d', r['time']) for r in rows)


def test_json_lines(bench):
    page, name = talk(bench)
    path = export(page, bench.tmp / 'a.jsonl', 'jsonl')
    rows = [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]
    assert b''.join(bytes.fromhex(r['hex']) for r in rows if r.get('direction') == 'received') == DATA
    assert next(r for r in rows if r.get('direction') == 'received')['text'] == '=HYPERLINK("x"), 你好\r\n'
    assert next(r for r in rows if r.get('event') == 'opened')['peer'] == name


def test_pcapng(bench):
    page, name = talk(bench)
    path = export(page, bench.tmp / 'a.pcapng', 'pcapng')
    # Opened again it shows the same rows.
    page.app.activate('win.open-file', 's', str(path))
    again = Page(page.app, 1)
    again.wait_row('received from %s' % name)
    again.wait_row('answer')
    again.wait_row('has finished sending')
    assert again.export(bench.tmp / 'again').read_bytes() == DATA
    assert again.export(bench.tmp / 'again', direction='sent').read_bytes() == b'answer'
    rig.need_programs('tshark')
    followed = subprocess.run(['tshark', '-r', path, '-o', 'tcp.check_checksum:TRUE', '-q', '-z', 'follow,tcp,raw,0'],
                              check=True, text=True, capture_output=True, timeout=120).stdout
    lines = re.findall(r'^(\t?)([0-9a-f]+)$', followed, re.M)
    assert bytes.fromhex(''.join(line for tab, line in lines if not tab)) == DATA
    assert bytes.fromhex(''.join(line for tab, line in lines if tab)) == b'answer'


def test_session(bench):
    page, name = talk(bench)
    path = export(page, bench.tmp / 'kept', 'session')
    assert sorted(f.name for f in path.iterdir()) == ['payload', 'records', 'session.ini']
    page.app.activate('win.close-tab')
    page.app.activate('win.open-file', 's', str(path / 'records'))
    again = Page(page.app, 0)
    again.wait_row('received from %s' % name)
    assert again.export(bench.tmp / 'again').read_bytes() == DATA
    page.app.find('label', 'kept')
    # Looked at is not deleted, nor saved over.
    page.app.activate('win.export', '(sss)', ('session', 'both', str(path)))
    page.app.find('label', re.compile('something of that name is already there'))
    page.app.activate('win.close-tab')
    assert page.app.quit() == 0
    assert (path / 'payload').exists()


# -- as people do it -------------------------------------------------------------------------------------------------

def test_save_button(bench):
    page, name = talk(bench)
    path = save_by_menu(page, bench.tmp / 'saved.csv', (FORMAT, 'CSV'), (TOGGLE, 'Sent'))
    with open(path, newline='', encoding='utf-8') as f:
        assert [bytes.fromhex(r['hex']) for r in csv.DictReader(f)] == [b'answer']
    page.app.find('label', re.compile('^Saved “saved.csv”: '))


def test_save_session_as_folder(bench):
    page, name = talk(bench)
    path = save_by_menu(page, bench.tmp / 'my session', (FORMAT, 'Session'), title='Save as a New Folder')
    rig.retry(lambda: (path / 'payload').read_bytes(), 5, 'payload')


def test_session_folder_in_a_sandbox(bench):
    """There the chooser grants a folder to make the session's in; to open it the folder is chosen, too."""
    page, name = talk(bench, env={'SOCKETEER_SANDBOXED': '1'})
    place = bench.tmp / 'place'
    place.mkdir()
    page.press('Save')
    choose_in_dialog(page.app, (FORMAT, 'Session'))
    choose_folder(page.app, 'Save as a New Folder', place)
    page.app.find('label', re.compile('^Saved “socketeer-.*”: '))
    path, = place.iterdir()
    assert sorted(f.name for f in path.iterdir()) == ['payload', 'records', 'session.ini']
    page.app.activate('win.open-folder')
    choose_folder(page.app, 'Open Session Folder', path)
    again = Page(page.app, 1)
    again.wait_row('received from %s' % name)
    assert again.export(bench.tmp / 'again').read_bytes() == DATA


def test_selection(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    peer = bench.use(accept(server))
    peer.sendall(b'one two three')
    page.wait_row('one two three')
    app.activate('win.export', '(sss)', ('raw', 'selection', str(bench.tmp / 'none')))
    app.find('label', re.compile('nothing is selected'))
    app.focus(page.transcript)
    rig.press('ctrl+Home', 'ctrl+End', *['shift+Left'] * 5)
    path = page.export(bench.tmp / 'part', 'raw', 'selection')
    assert path.read_bytes() == b'three', path.read_bytes()
    assert page.export(bench.tmp / 'part', 'raw', 'selection-sent').read_bytes() == b''
    assert not (bench.tmp / 'none').exists()


def test_open_by_keyboard(bench):
    file = bench.tmp / 'some file.bin'
    file.write_bytes(b'what is in it\n')
    app = bench.start()
    rig.press('ctrl+o')
    chooser = rig.retry(lambda: next((n for n in app.children() if n.name == 'Open'), None), 10, 'the dialog')

    def location():
        rig.press('ctrl+l')
        return chooser.find_now('text', where=lambda n: n.has('editable'))
    entry = rig.retry(location, 10, 'where to type a path', step=0.2)
    entry.set_text(str(file)).wait_text(str(file))
    rig.press('Return')
    Page(app).wait_row('received from #1, 14 bytes: what is in it')
    app.find('label', 'some file.bin')


# -- files -----------------------------------------------------------------------------------------------------------

def test_command_line(bench):
    (bench.tmp / 'raw.bin').write_bytes(b'raw bytes')
    app = bench.start(bench.tmp / 'raw.bin')
    Page(app).wait_row('raw bytes')
    # The second start hands over, with a path that is relative to where it was typed, or a URI.
    (bench.tmp / 'folder').mkdir()
    (bench.tmp / 'folder' / 'other').write_bytes(b'by a relative path')
    for argument in ('other', (bench.tmp / 'raw.bin').as_uri()):
        done = subprocess.run([bench.program, argument], cwd=bench.tmp / 'folder', env=bench.environment(), timeout=60,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    Page(app, 2).wait_row('raw bytes')
    rig.press('alt+2')
    Page(app, 1).wait_row('by a relative path')
    done = subprocess.run([bench.program, './missing'], cwd=bench.tmp, env=bench.environment(), timeout=60,
                          capture_output=True, text=True)
    assert done.returncode == 2 and './missing: there is no such file' in done.stderr, done.stderr


def test_open_large_and_close(bench):
    data = peers.random_bytes(40 << 20)
    file = bench.tmp / 'large'
    file.write_bytes(data)
    app = bench.start(file)
    page = Page(app)
    page.view('hex')
    page.wait_rows(lambda rows: len(rows) > 3, 'rows')
    assert page.export(bench.tmp / 'again').read_bytes() == data
    sessions = bench.tmp / 'state' / 'socketeer' / 'sessions'
    assert len(list(sessions.iterdir())) == 1
    # A closed tab can be brought back; what was imported is gone when the program ends.
    app.activate('win.close-tab')
    app.activate('win.undo-close-tab')
    Page(app).wait_rows(lambda rows: len(rows) > 3, 'rows')
    app.activate('win.close-tab')
    app.activate('win.open-file', 's', str(file))
    Page(app).wait_rows(lambda rows: len(rows) > 3, 'rows')
    assert app.quit() == 0
    assert not list(sessions.iterdir())
    assert file.read_bytes() == data


def test_damaged(bench):
    page, name = talk(bench)
    path = export(page, bench.tmp / 'a.pcapng', 'pcapng')
    path.write_bytes(path.read_bytes()[:-10])
    page.app.activate('win.open-file', 's', str(path))
    again = Page(page.app, 1)
    again.wait_row('你好')
    again.problem.wait_text(re.compile('damaged or was cut off'))


def test_errors_in_words(bench):
    app = bench.start()
    app.activate('win.open-file', 's', str(bench.tmp / 'missing'))
    app.find('label', re.compile('missing” cannot be opened: there is no such file$'))
    page = open_server(app)
    app.activate('win.export', '(sss)', ('csv', 'both', '/nonexistent/file.csv'))
    app.find('label', re.compile('^“/nonexistent/file.csv” was not written: its folder does not exist'))
    app.activate('win.export', '(sss)', ('xml', 'both', str(bench.tmp / 'x')))
    app.find('label', re.compile('the format is raw, hexdump, text, csv'))
    shutil.rmtree(bench.tmp / 'x', ignore_errors=True)
    page.wait_row('listening on')


# -- what takes a while ----------------------------------------------------------------------------------------------

def wait_progress(app, name):
    return rig.retry(lambda: app.find_now('push button', name), 20, 'the button %s' % name, step=0.005)


def cancel(app, name):
    """A button that has only just come takes no click yet."""
    def is_gone():
        button = app.find_now('push button', name)
        if not button:
            return True
        try:
            button.click()
        except (GLib.Error, AssertionError):    # it has gone, or is going
            pass
        return False
    wait_progress(app, name)
    rig.retry(is_gone, 20, 'no more button %s' % name, step=0.1)


def test_cancel(bench):
    """A large file is opened, and cancelled; then exported, and cancelled: nothing is left of either."""
    file = bench.tmp / 'large'
    with open(file, 'wb') as f:
        f.truncate(1 << 32)                 # long enough to be cancelled on any machine
    sessions = bench.tmp / 'state' / 'socketeer' / 'sessions'
    app = bench.start()
    app.activate('win.open-file', 's', str(file))
    cancel(app, 'Cancel opening')
    rig.retry(lambda: sessions.exists() and not list(sessions.iterdir()), 20, 'what was half imported is gone')
    app.wait_gone('push button', 'Cancel opening')
    with open(file, 'wb') as f:
        f.truncate(96 << 20)
    app.activate('win.open-file', 's', str(file))
    page = Page(app)
    page.wait_rows(lambda rows: len(rows) > 3, 'rows', timeout=60)
    target = bench.tmp / 'out' / 'target'
    target.parent.mkdir()
    target.write_text('old')
    app.activate('win.export', '(sss)', ('csv', 'both', str(target)))
    cancel(app, 'Cancel saving')
    rig.retry(lambda: [p.name for p in target.parent.iterdir()] == ['target'], 20, 'the temporary file is gone')
    assert target.read_text() == 'old'
    # The program that is closed meanwhile leaves nothing either.
    app.activate('win.export', '(sss)', ('csv', 'both', str(target)))
    rig.retry(lambda: len(list(target.parent.iterdir())) == 2, 10, 'a temporary file', step=0.002)
    assert app.quit() == 0
    assert [p.name for p in target.parent.iterdir()] == ['target']
    assert target.read_text() == 'old'
    assert not list(sessions.iterdir())
