# SPDX-License-Identifier: GPL-3.0-or-later
"""The same bytes as reads, as a stream and as frames; and only some of them."""
import re

import rig
from page import listening, row_node


def pieces(page, s, *all_pieces):
    """Each a read of its own: the next is sent when the one before is shown."""
    total = 0
    for piece in all_pieces:
        s.sendall(piece)
        total += len(piece)
        page.received.wait_text(str(total))


def contents(rows):
    """What rows say without time and peer."""
    return [re.sub(r'^.*? (?:received from|sent to) \S+, (\d+) bytes?: ', r'\1:', row) for row in rows]


def test_one_line_over_three_reads(bench):
    page, s = listening(bench)
    pieces(page, s, b'hel', b'lo\nwor', b'ld\n')
    page.wait_row('hel')
    page.choose('Cut into', 'Stream')
    page.wait_rows(lambda rows: contents(rows)[-2:] == ['6:hello\\n', '6:world\\n'], 'two lines')
    assert page.node.find('label', re.compile('TCP keeps the order of bytes'))
    page.choose('Cut into', 'Reads')
    page.wait_rows(lambda rows: contents(rows)[-3:] != [] and any('wor' in r and 'world' not in r for r in rows), 'the reads')


def test_modes_by_keyboard(bench):
    page, s = listening(bench)
    pieces(page, s, b'a', b'b')
    for key, mode in (('ctrl+5', 'Stream'), ('ctrl+6', 'Frames'), ('ctrl+4', 'Reads')):
        rig.press(key)
        page.wait_chosen('Cut into', mode)


def test_frames_by_length_field(bench):
    page, s = listening(bench)
    pieces(page, s, b'\x00\x03ab', b'c\x00\x01', b'z\x00\x09par')
    page.app.activate('win.frame-rule', 's', 'length width=2')
    page.wait_rows(lambda rows: contents(rows)[-3:] == ['5:\\0\\x03abc', '3:\\0\\x01z', '5:\\0\\tpar (partial frame)'],
                   'two frames and a part of one')
    pieces_before = int(page.received.text().replace(',', ''))
    s.sendall(b'tially')
    page.received.wait_text(str(pieces_before + 6))
    page.wait_rows(lambda rows: contents(rows)[-1] == '11:\\0\\tpartially', 'the whole frame')


def test_rule_is_made_in_the_popover(bench):
    page, s = listening(bench)
    pieces(page, s, b'abcdefgh')
    page.choose('Cut into', 'Frames')
    rule = page.node.find(('push button', 'toggle button'), re.compile('Lines, LF'))
    rule.click()
    page.choose('Frame rule', 'After a fixed length')
    spin = page.node.find('spin button', 'Bytes in a frame')
    spin.value(3)
    page.wait_rows(lambda rows: contents(rows)[-3:] == ['3:abc', '3:def', '2:gh (partial frame)'], 'frames of 3 bytes')
    page.choose('Frame rule', 'At a delimiter')
    entry = page.node.find('text', 'Delimiter')
    entry.set_text('6')
    page.node.label('Frame rule problem').wait_text(re.compile('half|digit'))
    entry.set_text('64')
    page.wait_rows(lambda rows: contents(rows)[-2:] == ['4:abcd', '4:efgh (partial frame)'], 'frames that end with d')
    rig.press('Escape')


def test_another_rule_while_there_are_frames(bench):
    page, s = listening(bench)
    pieces(page, s, b'abcdef')
    for rule, first in (('fixed 4', '4:abcd'), ('fixed 2', '2:ab'), ('delimiter 63', '3:abc')):
        page.app.activate('win.frame-rule', 's', rule)
        page.wait_rows(lambda rows: first in contents(rows), first)


def test_bad_rule_is_refused_in_words(bench):
    page, s = listening(bench)
    page.app.activate('win.frame-rule', 's', 'fixed none')
    page.app.find('label', re.compile('no rule for frames'))


def marks(page, text):
    """What the marks of the first row with the text say."""
    return row_node(page, text).description


def test_checksum_of_each_frame(bench):
    page, s = listening(bench)
    pieces(page, s, b'123456789\x37\x4b', b'12345678A\x37\x4b')
    page.app.activate('win.frame-rule', 's', 'fixed 11')
    page.wait_rows(lambda rows: len(contents(rows)) >= 2, 'two frames')
    page.node.find(('push button', 'toggle button'), re.compile('11 bytes each')).click()
    page.choose('Checksum of each frame', 'CRC-16/MODBUS')
    page.node.find('label', re.compile('poly 8005'))
    rig.retry(lambda: marks(page, '123456789') == 'checksum right: 4B37', 10, 'the first is right')
    rig.retry(lambda: re.fullmatch('checksum wrong: expected [0-9A-F]{4}, found 4B37', marks(page, '12345678A')),
              10, 'the second is wrong')
    page.choose('Byte order of the checksum', 'Big endian')
    rig.retry(lambda: marks(page, '123456789') == 'checksum wrong: expected 4B37, found 374B', 10, 'not in this order')
    rig.press('Escape')
    # Modbus ASCII, by the action; what comes later is checked too.
    page.app.activate('win.frame-rule', 's', 'line crlf')
    page.app.activate('win.frame-check', 's', 'lrc form=hex-all begin=1')
    s.sendall(b'\r\n:010300000001FB\r\n')
    rig.retry(lambda: marks(page, ':010300000001FB') == 'checksum right: FB', 10, 'the LRC is right')
    page.app.activate('win.frame-check', 's', 'lrc at=never')
    page.app.find('label', re.compile('no checksum of frames'))


def test_pause_ends_frames(bench):
    """Of a request and its answer neither is a part when the pause is over, and both have their verdict."""
    page, s = listening(bench)
    page.app.activate('win.frame-rule', 's', 'pause 300')
    page.app.activate('win.frame-check', 's', 'crc-16/modbus')
    s.sendall(b'123456789\x37\x4b')
    page.wait_row('123456789')
    page.app.activate('win.send-hex', 's', '31 32 33 34 35 36 37 38 39 37 4b')
    page.wait_rows(lambda rows: contents(rows)[-2:] == ['11:1234567897K'] * 2, 'two whole frames')
    rig.retry(lambda: all('checksum right: 4B37' in marks(page, row) for row in ('received', 'sent to')), 10, 'both are right')


def test_filter_by_direction_and_text(bench):
    page, s = listening(bench)
    pieces(page, s, b'one error', b'all well', b'ERROR two')
    page.app.activate('win.send-text', 's', 'error? sent')
    page.wait_row('sent to')
    rig.press('shift+ctrl+f')
    entry = page.node.find(('text', 'entry'), 'Only what contains')
    entry.set_text('error')
    page.wait_rows(lambda rows: [r.split(':', 1)[1] for r in contents(rows)] == ['one error', 'ERROR two', 'error? sent'],
                   'what has it')
    page.node.find('check box', 'Sent').click()
    page.wait_rows(lambda rows: [r.split(':', 1)[1] for r in contents(rows)] == ['one error', 'ERROR two'], 'received only')
    # What comes now is filtered too.
    s.sendall(b'nothing')
    s.sendall(b'third error')
    page.wait_row('third error')
    page.node.button(re.compile('Show .*Everything')).click()
    page.wait_row('all well')
    rig.press('Escape')


def test_filter_by_bytes_and_a_mistake(bench):
    page, s = listening(bench)
    pieces(page, s, b'\x01\x02\x03', b'\x01\x03')
    rig.press('shift+ctrl+f')
    page.choose('Kind of filter', 'Hex')
    entry = page.node.find(('text', 'entry'), 'Only what contains')
    entry.set_text('01 ?? 03')
    page.wait_rows(lambda rows: contents(rows) == ['3:\\x01\\x02\\x03'], 'one read')
    entry.set_text('0x')
    page.node.label('Filter problem').wait_text(re.compile('.'))
    rig.press('Escape')


def test_place_and_selection_are_kept(bench):
    page, s = listening(bench)
    pieces(page, s, b'first\nsec', b'ond\nthird\n')
    row_node(page, 'first').pointer_click()
    rig.retry(lambda: page.transcript.has('focused'), 5, 'the transcript has the focus')
    rig.press('ctrl+Home', 'Down', 'Down', 'Home', 'shift+Down', 'shift+Down')
    page.app.activate('win.mode', 's', 'stream')
    page.wait_row('second')
    rig.set_clipboard('nothing')
    rig.press('ctrl+c')
    rig.retry(lambda: rig.get_clipboard() == b'first\nsec', 10, 'the same bytes on the clipboard')
    page.app.activate('win.mode', 's', 'frames')
    page.wait_row('second')
    rig.set_clipboard('nothing')
    rig.press('ctrl+c')
    rig.retry(lambda: rig.get_clipboard() == b'first\nsec', 10, 'the same bytes on the clipboard')


def test_encoding_by_action(bench):
    page, s = listening(bench)
    s.sendall('你好\n'.encode('gb18030'))
    page.app.activate('win.encoding', 's', 'gb18030')
    page.wait_row('你好')
    page.app.activate('win.encoding', 's', 'utf-8')
    page.wait_rows(lambda rows: not any('你好' in row for row in rows), 'other characters')
