# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules answer by themselves, as a user writes them and switches them on."""
import json
import re
import shutil
import subprocess

import rig
from page import client, open_client, open_server, read_end, read_exactly, show_tool

SWITCH = 'Answer automatically in this page'


def write_rules(bench, *rules):
    folder = bench.tmp / 'config' / 'socketeer'
    folder.mkdir(parents=True)
    (folder / 'answers.json').write_text(json.dumps({'format': 'socketeer-answers', 'version': 1, 'answers': rules}))


def read_rules(bench):
    try:
        return json.loads((bench.tmp / 'config' / 'socketeer' / 'answers.json').read_text())['answers']
    except (OSError, ValueError):
        return []


def rule(when, answer, **more):
    return dict({'on': True, 'when': when, 'message': {'source': answer, 'escapes': True, 'placeholders': True}}, **more)


def wait_counts(page, text):
    rig.retry(lambda: page.node.find_now('label', where=lambda n: n.name == text), 10, text)


def switch_on(page):
    show_tool(page, 'Answers')
    page.node.find(name=SWITCH).click()


def test_answers_and_counts(bench):
    write_rules(bench, rule('text', 'pong', text='ping'), rule('regex', '<${1}>\\n', text='^GET (\\S+)'),
                rule('text', 'bye', text='quit', closes=True))
    app = bench.start()
    page = open_server(app)
    peer = bench.use(client(page.port))
    peer.sendall(b'ping')
    page.wait_row('ping')
    switch_on(page)
    page.node.find('label', '3 rules answer')
    # what came before it was switched on is not answered; what comes in pieces is
    peer.sendall(b'pi')
    page.received.wait_text('6')
    peer.sendall(b'ng')
    assert read_exactly(peer, 4) == b'pong'
    wait_counts(page, 'matched 1 · answered 1')
    peer.sendall(b'\nGET /a HTTP/1.0\r\n')
    assert read_exactly(peer, 5) == b'</a>\n'
    peer.sendall(b'ping' * 20)
    # ten a second at most; the first may have been in the same second
    held_back = re.compile(r'matched 21 · answered (\d+) · held back (\d+)$')
    label = rig.retry(lambda: page.node.find_now('label', where=lambda n: held_back.match(n.name)), 10, 'some are held back')
    answered, rest = map(int, held_back.match(label.name).groups())
    assert answered in (10, 11) and answered + rest == 21, label.name
    assert read_exactly(peer, 4 * (answered - 1)) == b'pong' * (answered - 1)
    page.node.find(name=SWITCH).click()
    page.node.find('label', 'Answers are off')
    peer.sendall(b'ping')
    page.received.wait_text('110')
    page.node.find(name=SWITCH).click()
    page.node.find('label', '3 rules answer')
    peer.sendall(b'quit')
    assert read_end(peer) == b'bye'


def test_ncat(bench):
    if shutil.which('ncat') is None:
        return
    write_rules(bench, rule('connected', 'hello\n'), rule('frame', 'got ${received}', frame='line lf', closes=True))
    app = bench.start()
    page = open_server(app)
    switch_on(page)
    page.node.find('label', '2 rules answer')
    done = subprocess.run(['ncat', '127.0.0.1', str(page.port)], input=b'one\n', capture_output=True, timeout=20)
    assert done.stdout == b'hello\ngot one\n', done.stdout


def test_write_a_rule(bench):
    app = bench.start()
    page = open_server(app)
    show_tool(page, 'Answers')
    page.node.find('push button', 'New rule').click()
    dialog = rig.retry(lambda: next((n for n in app.children() if n.name == 'Answer'), None), 5, 'the dialog')
    text = dialog.find('text', 'Text')
    text.set_text('ping')
    dialog.find('text', 'Answer').set_text('p\\q')
    rig.retry(lambda: dialog.find_now('label', where=lambda n: 'position 3' in n.name), 5, 'the place of the mistake')
    dialog.find('text', 'Answer').set_text('pong')
    save = dialog.button('Save')
    rig.retry(lambda: save.has('sensitive'), 5, 'it can be saved')
    save.click()
    rig.retry(lambda: len(read_rules(bench)) == 1, 10, 'it is kept')
    assert read_rules(bench)[0]['text'] == 'ping'
    page.node.find(name=SWITCH).click()
    page.node.find('label', '1 rule answers')
    peer = bench.use(client(page.port))
    peer.sendall(b'ping')
    assert read_exactly(peer, 4) == b'pong'
