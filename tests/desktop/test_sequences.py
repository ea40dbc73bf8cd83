# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequences: made by hand and run against servers that nobody here wrote."""
import json
import re
import socket

import page as pages
import peers
import rig
from peers import LOOPBACK


def send(text=None, hex=None, ending='none', **settings):
    message = {'form': 'hex', 'source': hex} if hex else {'form': 'text', 'source': text, 'line-ending': ending, **settings}
    return {'kind': 'send', 'message': message}


def wait(match, text='', timeout=20000, **settings):
    return {'kind': 'wait', 'match': match, 'text': text, 'timeout': timeout, **settings}


def keep(bench, *sequences):
    """As they would be there from the last time. Each is a name and steps."""
    path = bench.tmp / 'config' / 'socketeer' / 'sequences.json'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({'format': 'socketeer-sequences', 'version': 1,
                                'sequences': [{'name': name, 'steps': steps} for name, *steps in sequences]}))


def kept(bench):
    """What is in the file."""
    path = bench.tmp / 'config' / 'socketeer' / 'sequences.json'
    return json.loads(path.read_text())['sequences'] if path.exists() else []


class Tool:
    """The tab of a page."""

    def __init__(self, page):
        self.page, self.node, self.app = page, page.node, page.app
        pages.show_tool(page, 'Sequences')
        rig.retry(lambda: self.node.find_now('push button', 'New Sequence') or self.node.find_now('list', 'Steps'), 10, 'the tab')

    state = property(lambda s: s.node.label('Run state'))
    problem = property(lambda s: s.node.label('Sequence problem'))

    def press(self, name):
        self.node.button(name).click()
        return self

    def steps(self):
        return [n.name for n in self.node.find('list', 'Steps').children() if n.role == 'list item' and n.name]

    def wait_steps(self, *steps):
        try:
            rig.retry(lambda: self.steps() == list(steps), 10, 'the steps')
        except rig.NotFound:
            raise AssertionError('the steps are %r' % self.steps()) from None
        return self

    def row(self, number):
        return self.node.find('list item', re.compile(r'^Step %d[:,]' % number))

    def add(self, item):
        """Chooses an item of the menu Add."""
        menu = self.node.find('push button', 'Add a step')
        next(n for n in menu.children() if n.role in ('push button', 'toggle button')).click()
        rig.retry(lambda: self.app.find_now('menu item', item), 5, 'the menu with %s' % item).click()
        return self

    def log(self):
        return self.node.find('text', 'Run log').text().splitlines()

    def run(self):
        return self.press('Run')

    def wait_passed(self):
        self.state.wait_text(re.compile('^✓ Passed: '), 30)
        return self.log()

    def wait_failed(self):
        self.state.wait_text(re.compile('^✗ Failed: '), 30)
        return self.log()


def connected(bench, port):
    app = bench.start()
    return Tool(pages.connect(app, port))


def assert_line(log, pattern):
    assert any(re.search(pattern, line) for line in log), '%r is not in\n%s' % (pattern, '\n'.join(log))


# -- against servers ------------------------------------------------------------------------------------------------------

def test_http(bench):
    """The example, as it comes."""
    folder = bench.tmp / 'www'
    folder.mkdir()
    (folder / 'index.html').write_text('<p>hello</p>\n')
    server = bench.use(peers.http_server(bench.tmp, folder))
    tool = connected(bench, server.port).press('Example: HTTP Request')
    tool.wait_steps('Step 1: Send “GET / HTTP/1.1\\nHost: localhost\\nConnection: close\\n” + CR LF',
                    'Step 2: Wait for regex ^HTTP/1\\.[01] (\\d+), at most 5 s')
    log = tool.run().wait_passed()
    assert_line(log, r'✓ 1  sent 54 bytes: GET / HTTP/1\.1\\r\\nHost')
    assert_line(log, r'✓ 2  matched 12 bytes .*: HTTP/1\.0 200$')
    assert_line(log, r'✓ “HTTP request” has passed: 2 passed, 0 failed, in ')
    tool.page.wait_row('<p>hello</p>')
    rig.retry(lambda: [s['name'] for s in kept(bench)] == ['HTTP request'], 10, 'it is kept')


def test_redis(bench):
    """A dialogue in which an answer is taken apart and sent back."""
    keep(bench, ('redis', send('PING', ending='crlf'), wait('text', '+PONG\r\n'),
                 send('SET sensor id=4711;unit=7', ending='crlf'), wait('frame', frame='line crlf'),
                 send('GET sensor', ending='crlf'), wait('regex', r'^id=(\d+);unit=(\d)'),
                 send('SET copy ${2}-${1}', ending='crlf', placeholders=True), wait('text', '+OK'),
                 send('GET copy', ending='crlf'), wait('hex', '24 ?? 0d 0a 37 2d 34 37 31 31 0d 0a'),
                 send('INCR runs', ending='crlf'), wait('regex', r'^:(\d+)'),
                 {'kind': 'repeat', 'to': 11, 'count': 5}))
    server = bench.use(peers.redis_server(bench.tmp))
    tool = connected(bench, server.port)
    log = tool.run().wait_passed()
    assert_line(log, r'✓ 2  matched 7 bytes .*: \+PONG\\r\\n$')
    assert_line(log, r'✓ 4  matched 5 bytes .*: \+OK\\r\\n$')
    assert_line(log, r'✓ 6  matched 14 bytes .*: id=4711;unit=7$')
    assert_line(log, r'✓ 7  sent 17 bytes: SET copy 7-4711\\r\\n$')
    assert_line(log, r'✓ 10  matched 12 bytes .*: 24 36 0d 0a 37')
    assert_line(log, r'✓ 12  matched 2 bytes .*: :5$')
    assert_line(log, r'✓ 13  done 5 times$')
    # What redis has, by another program.
    with socket.create_connection((LOOPBACK, server.port)) as s:
        s.sendall(b'GET copy\r\nGET runs\r\n')
        got = b''
        while got.count(b'\r\n') < 4:
            got += s.recv(100)
    assert got == b'$6\r\n7-4711\r\n$1\r\n5\r\n', got


def test_modbus(bench):
    """Registers are read by transaction 1 and 2; the answers are compared as hex."""
    keep(bench, ('modbus', send(hex='00 01 00 00 00 06 01 03 00 00 00 02'), wait('hex', '00 01 00 00 00 07 01 03 04 11 00 11 ??'),
                 send(hex='00 02 00 00 00 06 01 03 00 05 00 01'), wait('hex', '00 02 00 00 00 05 01 03 02 1? 05'),
                 send(hex='00 03 00 00 00 06 01 03 00 63 00 01'), wait('hex', '00 03 00 00 00 03 01 83 02')))
    server = bench.use(peers.modbus_server(bench.tmp))
    log = connected(bench, server.port).run().wait_passed()
    assert_line(log, r'✓ 2  matched 13 bytes .*: 00 01 00 00 00 07 01 03 04 11 00 11 01$')
    assert_line(log, r'✓ 4  matched 11 bytes .*: 00 02 00 00 00 05 01 03 02 11 05$')
    assert_line(log, r'✓ 6  matched 9 bytes .*: 00 03 00 00 00 03 01 83 02$')


# -- what goes wrong ------------------------------------------------------------------------------------------------------

def test_nothing_comes(bench):
    keep(bench, ('silence', send('hello'), wait('text', 'never', timeout=300), send('more')))
    listener = bench.use(socket.create_server((LOOPBACK, 0)))
    log = connected(bench, listener.getsockname()[1]).run().wait_failed()
    assert_line(log, r'✗ 2  nothing matched in 300 ms$')
    assert_line(log, r'✗ “silence” has failed: 1 passed, 1 failed, in ')


def test_peer_closes(bench):
    keep(bench, ('silence', wait('text', 'never', timeout=0)))
    listener = bench.use(socket.create_server((LOOPBACK, 0)))
    tool = connected(bench, listener.getsockname()[1]).run()
    peer, _ = listener.accept()
    tool.state.wait_text('Running: step 1 of 1')
    tool.wait_steps('Step 1, at work: Wait for “never”')
    peer.close()
    assert_line(tool.wait_failed(), r'✗ 1  (the peer has finished sending \(FIN\)|the connection has ended: peer closed \(FIN\))')
    tool.wait_steps('Step 1: Wait for “never”')
    tool.run()
    rig.retry(lambda: [n for n in tool.app.walk() if n.role == 'label' and n.name.startswith('Not connected: connect first')], 10,
              'it says so')


def test_stop(bench):
    keep(bench, ('for ever', send('tick '), {'kind': 'pause', 'ms': 5}, {'kind': 'repeat', 'to': 1, 'count': 0}))
    listener = bench.use(socket.create_server((LOOPBACK, 0)))
    tool = connected(bench, listener.getsockname()[1]).run()
    peer = bench.use(listener.accept()[0])
    got = b''
    while got.count(b'tick') < 20:
        got += peer.recv(100)
    tool.press('Stop')
    tool.state.wait_text(re.compile('^Stopped: '))
    assert_line(tool.log(), r'· \d  stopped by you$')
    # Nothing comes after that.
    peer.settimeout(0.3)
    try:
        while True:
            got += peer.recv(1 << 20)
    except TimeoutError:
        pass
    tool.page.sent.wait_text(str(len(got)))


# -- made by hand ---------------------------------------------------------------------------------------------------------

def test_make(bench):
    """From nothing, by mouse and keyboard."""
    server = bench.use(peers.socat_echo(bench.tmp))
    tool = connected(bench, server.port).press('New Sequence')
    tool.page.type_message('ping')
    tool.add('What Is in the Composer').wait_steps('Step 1: Send “ping”')

    tool.add('Wait for Data…')
    dialog = rig.retry(lambda: next((n for n in tool.app.children() if n.find_now('text', 'What is waited for')), None), 10, 'the dialog')
    entry = dialog.find('text', 'What is waited for')
    dialog.label('Step problem').wait_text('Nothing to search for')
    rig.retry(lambda: not dialog.button('Add').has('sensitive'), 5, 'it can not be added')
    entry.set_text('ping')
    rig.retry(lambda: dialog.button('Add').has('sensitive'), 5, 'it can be added')
    entry.pointer_click()
    rig.press('Return')
    tool.wait_steps('Step 1: Send “ping”', 'Step 2: Wait for “ping”, at most 5 s')

    # By keyboard: up, and down again.
    tool.row(2).pointer_click()
    rig.press('alt+Up')
    tool.wait_steps('Step 1: Wait for “ping”, at most 5 s', 'Step 2: Send “ping”')
    rig.press('alt+Down')
    tool.wait_steps('Step 1: Send “ping”', 'Step 2: Wait for “ping”, at most 5 s')
    assert_line(tool.run().wait_passed(), r'✓ 2  matched 4 bytes .*: ping$')

    # Deleted, and brought back.
    tool.row(2).pointer_click()
    rig.press('Delete')
    tool.wait_steps('Step 1: Send “ping”')
    pages.undo(tool.app)
    tool.wait_steps('Step 1: Send “ping”', 'Step 2: Wait for “ping”, at most 5 s')
    rig.retry(lambda: kept(bench) and len(kept(bench)[0]['steps']) == 2, 10, 'it is kept')


def test_problem(bench):
    """A sequence that can't be run says why, and which step."""
    keep(bench, ('hot', send('x'), {'kind': 'repeat', 'to': 1, 'count': 0}))
    server = bench.use(peers.socat_echo(bench.tmp))
    tool = connected(bench, server.port)
    tool.problem.wait_text('Step 2 repeats without end and without a rest: add a pause or a wait between step 1 and it, or say how often')
    tool.node.button('Run').wait_has('sensitive', False)


def test_damaged(bench):
    path = bench.tmp / 'config' / 'socketeer' / 'sequences.json'
    path.parent.mkdir(parents=True)
    path.write_text('{"format": "socketeer-sequences", "sequences": [{"steps": [{"kind": "fly"}]}]}')
    server = bench.use(peers.socat_echo(bench.tmp))
    tool = connected(bench, server.port)
    tool.node.label('File problem').wait_text(re.compile('sequences.json” was damaged and is kept as .*sequences.json.bad-1” .sequence 1: step 1: '))
    assert path.with_name('sequences.json.bad-1').exists()


def test_add_preset(bench):
    path = bench.tmp / 'config' / 'socketeer' / 'presets.json'
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({'format': 'socketeer-presets', 'version': 1,
                                'presets': [{'name': 'Preset %d' % i, 'message': {'form': 'text', 'source': 'say %d' % i}} for i in range(300)]}))
    keep(bench, ('Mine',))
    app = bench.start()
    server = bench.use(pages.listener())
    page = pages.connect(app, pages.port_of(server))
    peer = bench.use(pages.accept(server))
    tool = Tool(page).add('Send a Preset…')
    dialog = rig.retry(lambda: next((n for n in app.children() if n.name == 'Send a Preset'), None), 5, 'the presets')
    rig.retry(lambda: any(n.has('focused') for n in dialog.walk()), 5, 'the search has the focus')
    rig.type_text('say 123')
    rig.retry(lambda: [n.name for n in dialog.walk() if n.role == 'label' and n.name.startswith('say')] == ['say 123'], 10, 'one is found')
    rig.press('Return')
    tool.wait_steps('Step 1: Send “say 123”')
    tool.run()
    assert pages.read_exactly(peer, 7) == b'say 123'
    tool.wait_passed()
