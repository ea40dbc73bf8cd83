# SPDX-License-Identifier: GPL-3.0-or-later
"""The row below the composer: repeating, pieces, to whom, and a command that does the same."""
import re
import subprocess

import rig
from page import accept, client, connect, listener, name_of, listening, port_of, read_exactly


def connected(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    return page, bench.use(accept(server)), server


def set_spin(page, name, number):
    spin = page.node.find('spin button', name)
    spin.value(number)
    rig.retry(lambda: spin.value() == number, 5, '%s is %s' % (name, number))


def repeat_state(page):
    return page.node.label('State of repeating')


def test_repeats_so_often(bench):
    page, peer, _ = connected(bench)
    page.press_toggle('Send options')
    set_spin(page, 'Repeat interval in ms', 10)
    set_spin(page, 'Repeat count', 20)
    page.type_message('tick;')
    page.press('Start repeating')
    assert read_exactly(peer, 100) == b'tick;' * 20
    repeat_state(page).wait_text(re.compile('^Done · 20 sent · late by'))
    page.sent.wait_text('100')


def test_stops_while_folded(bench):
    page, peer, _ = connected(bench)
    page.press_toggle('Send options')
    set_spin(page, 'Repeat interval in ms', 5)
    set_spin(page, 'Repeat count', 0)
    page.type_message('x')
    page.press('Start repeating')
    read_exactly(peer, 10)
    page.press_toggle('Send options')
    page.press('Stop sending')
    rig.retry(lambda: page.node.find_now('push button', 'Stop sending') is None, 5, 'nothing runs')
    page.press_toggle('Send options')
    repeat_state(page).wait_text(re.compile('^Stopped · '))


def test_ends_with_the_connection(bench):
    page, peer, _ = connected(bench)
    page.press_toggle('Send options')
    page.type_message('x')
    page.press('Start repeating')
    read_exactly(peer, 1)
    peer.close()
    repeat_state(page).wait_text(re.compile('^Ended: nobody is connected any more'))


def test_pieces(bench):
    page, peer, _ = connected(bench)
    page.press_toggle('Send options')
    page.choose('Shape of what is sent', 'In pieces')
    set_spin(page, 'Bytes in a piece', 2)
    set_spin(page, 'Pause between pieces in ms', 20)
    page.type_message('abcde')
    page.press('Send')
    assert read_exactly(peer, 5) == b'abcde'
    page.wait_rows(lambda rows: sum('sent' in r for r in rows) == 3, 'three writes')
    # a piece that would wait for a minute is stopped
    set_spin(page, 'Pause between pieces in ms', 60000)
    page.press('Send')
    assert read_exactly(peer, 2) == b'ab'
    page.press('Stop sending')
    page.wait_row('sending in pieces was stopped: 3 bytes were not sent')


def test_next_in_turn(bench):
    page, first = listening(bench)
    peers = [first]
    for _ in range(2):
        peers.append(bench.use(client(page.port)))
        page.wait_row(name_of(peers[-1]))
    page.press_toggle('Send options')
    page.choose('Recipients', 'Next in turn')
    for text in 'abcdef':
        page.type_message(text)
        page.press('Send')
        page.sent.wait_text(str('abcdef'.index(text) + 1))
    assert [read_exactly(peer, 2) for peer in peers] == [b'ad', b'be', b'cf']
    page.choose_client(name_of(peers[0]))
    page.choose('Recipients', 'All but the chosen')
    page.type_message('!')
    page.press('Send')
    assert [read_exactly(peer, 1) for peer in peers[1:]] == [b'!', b'!']


def test_copy_as_command(bench):
    page, peer, server = connected(bench)
    page.press_toggle('Send options')
    page.press('Send as hex')
    page.type_message('00 27 25 ff 0a 5c')
    page.press('Copy as Command')
    page.node.find('menu item', 'ncat').click()
    rig.retry(lambda: b'ncat' in (rig.get_clipboard() or b''), 5, 'the command')
    line = rig.get_clipboard().decode()
    shell = subprocess.Popen(['sh', '-c', line], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    other = bench.use(accept(server))
    assert read_exactly(other, 6) == b"\x00'%\xff\n\\"
    other.close()
    assert shell.wait(10) == 0
