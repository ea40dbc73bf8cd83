# SPDX-License-Identifier: GPL-3.0-or-later
"""What the bench reads from the program (docs/performance.md)."""
import json

import rig
from page import client, open_server


def test_nothing_of_it_without_being_asked(bench):
    app = bench.start()
    open_server(app)
    actions = app._call_actions('win.', 'List', None, '(as)').unpack()[0]
    assert 'view' in actions and 'stats-begin' not in actions


def test_frames_and_actions_are_noted(bench):
    path = bench.tmp / 'frames'
    app = bench.start(env={'SOCKETEER_FRAME_STATS': str(path)})
    page = open_server(app)
    app.activate('win.stats-begin', 's', 'some "words"')
    peer = bench.use(client(page.port))
    peer.sendall(b'line\n' * 1000)
    page.received.wait_text('5000')
    app.activate('win.view', 's', 'hex')
    page.wait_row('6c 69 6e 65')
    app.activate('win.stats-scroll', 'd', 0.5)
    app.activate('win.stats-end')
    stats = json.loads(rig.retry(lambda: path.exists() and path.read_text(encoding='utf-8'), 5, 'statistics'))
    assert stats['name'] == 'some "words"'
    assert len(stats['work']) == len(stats['work_cpu']) == len(stats['frame']) > 0
    assert all(frame >= work >= 0 for frame, work in zip(stats['frame'], stats['work']))
    assert stats['begin'] < stats['upper_changed'] <= stats['end'] and stats['upper'] > 1000
    assert [(action['name'], action['parameter']) for action in stats['actions']] == [('view', "'hex'"), ('scroll', '0.5')]
    assert 0 < stats['actions'][0]['snapshot'] <= stats['actions'][0]['shown']
