# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking at what came: views, encodings, following the end, pausing, clearing, zooming."""
import re

import rig
from page import listening, row_node, undo


def has(rows, text):
    return any(text in row for row in rows)


# -- views and encodings ---------------------------------------------------------------------------------------------

def test_views_redraw(bench):
    page, s = listening(bench)
    s.sendall(b'AB\n')
    page.wait_row('3 bytes: AB\\n')
    for button, row in (('Hex', '3 bytes: 41 42 0a'), ('Both', '3 bytes: 41 42 0a  AB\\n'), ('Text', '3 bytes: AB\\n')):
        page.press(button)
        page.wait_rows(lambda rows: any(r.endswith(row) for r in rows), 'a row that ends with %r' % row)
        page.button(button).wait_has('pressed')


def test_views_by_keyboard(bench):
    page, s = listening(bench)
    s.sendall(b'AB')
    page.wait_row('AB')
    for key, button in (('ctrl+2', 'Hex'), ('ctrl+3', 'Both'), ('ctrl+1', 'Text')):
        rig.press(key)
        rig.retry(lambda: page.button(button).has('pressed'), 5, '%s is chosen' % button)


def test_hex_row_width(bench):
    page, s = listening(bench)
    s.sendall(bytes(range(32)))
    page.press('Hex')
    page.wait_row(re.compile('32 bytes: 00 01.* 0f$'))
    for width in (8, 32, 16):
        page.choose('Bytes per row', str(width))
        page.wait_row(re.compile('32 bytes: 00 01.* %02x$' % (width - 1)))


def test_encoding_redraws(bench):
    page, s = listening(bench)
    s.sendall('你好'.encode('gbk'))
    page.wait_row('4 bytes: \\xC4\\xE3\\xBA\\xC3')
    for name in ('GBK', 'GB18030'):
        page.choose('Encoding', name)
        page.wait_row('4 bytes: 你好')
    page.choose('Encoding', 'ISO-8859-1')
    page.wait_row('4 bytes: ÄãºÃ')
    page.choose('Encoding', 'UTF-8')
    page.wait_row('4 bytes: \\xC4\\xE3\\xBA\\xC3')


def test_character_over_two_reads(bench):
    page, s = listening(bench)
    page.choose('Encoding', 'GBK')
    data = '你'.encode('gbk')
    s.sendall(data[:1])
    page.wait_row('1 byte: \\xC4')
    s.sendall(data[1:] + b'!')
    page.wait_row('2 bytes: 你!')
    s.sendall('好'.encode('gbk'))
    page.wait_row('2 bytes: 好')


def test_no_byte_hides(bench):
    page, s = listening(bench)
    s.sendall(b'a\0b\tc\x1b[31m\x7f\xff\xe2\x80\xae<&>\r')
    page.wait_row('a\\0b\\tc\\x1B[31m\\x7F\\xFF<U+202E><&>\\r')


def test_lines_of_a_read(bench):
    page, s = listening(bench)
    s.sendall(b'one\r\ntwo\nthree')
    # One condition: names are renewed while they are being read.
    page.wait_rows(lambda rows: rows[-2:] == ['two\\n', 'three'] and rows[-3].endswith('14 bytes: one\\r\\n'),
                   'the three rows of a read')


# -- following -------------------------------------------------------------------------------------------------------

def send_lines(page, s, n=300):
    s.sendall(b''.join(b'line %04d\n' % i for i in range(n)))
    page.wait_row('line %04d' % (n - 1))


def jump_label(page, text):
    return page.node.find('label', re.compile('^%s$' % text))


def wheel(page, button, n):
    """Turns the wheel over the transcript."""
    x, y = page.transcript.center()
    rig.xdo('mousemove', x, y, 'click', '--repeat', n, '--delay', 20, button)


def assert_jumps_back(page, s):
    """More arrives, out of sight; a button says how much and leads there; then the end is followed again."""
    page.wait_rows(lambda rows: not has(rows, 'line 0299'), 'the end is out of sight')
    before = page.wait_still()
    s.sendall(b'more\n')
    label = jump_label(page, '5 bytes new')
    assert not has(page.rows(), 'more')
    assert has(page.rows(), before[-2])     # the place is kept
    label.pointer_click()
    page.wait_row('more')
    s.sendall(b'and more\n')
    page.wait_row('and more')


def test_follows_the_end(bench):
    page, s = listening(bench)
    send_lines(page, s)
    for i in range(5):
        s.sendall(b'last %d\n' % i)
        page.wait_row('last %d' % i)


def test_wheel_leaves_the_end(bench):
    page, s = listening(bench)
    send_lines(page, s)
    wheel(page, 4, 10)
    assert_jumps_back(page, s)


def test_page_up_leaves_the_end(bench):
    page, s = listening(bench)
    send_lines(page, s)
    page.app.focus(page.transcript)
    rig.press('Page_Up', 'Page_Up')
    assert_jumps_back(page, s)


def test_wheel_back_to_the_end_follows(bench):
    page, s = listening(bench)
    send_lines(page, s)
    wheel(page, 4, 10)
    page.wait_rows(lambda rows: not has(rows, 'line 0299'), 'the end is out of sight')
    wheel(page, 5, 30)
    page.wait_row('line 0299')
    s.sendall(b'more\n')
    page.wait_row('more')


def test_ctrl_home_and_end(bench):
    page, s = listening(bench)
    send_lines(page, s)
    page.app.focus(page.transcript)
    rig.press('ctrl+Home')
    page.wait_row('listening on')
    rig.press('ctrl+End')
    page.wait_row('line 0299')


def test_jump_button_has_a_name(bench):
    page, s = listening(bench)
    send_lines(page, s)
    wheel(page, 4, 10)
    s.sendall(b'more\n')
    page.node.find('push button', re.compile('^5 bytes new$'))


def test_pause(bench):
    page, s = listening(bench)
    s.sendall(b'before\n')
    page.wait_row('before')
    page.press('Pause view')
    rig.retry(lambda: page.button('Pause view').has('pressed'), 5, 'paused')
    s.sendall(b'meanwhile\n')
    page.received.wait_text('17')           # it is kept
    jump_label(page, 'View paused: 10 bytes new')
    assert not has(page.rows(), 'meanwhile')
    page.press('Pause view')
    page.wait_row('meanwhile')
    rig.retry(lambda: not page.button('Pause view').has('pressed'), 5, 'not paused')


# -- clearing --------------------------------------------------------------------------------------------------------

def test_clear_and_undo(bench):
    page, s = listening(bench)
    s.sendall(b'old\n')
    page.wait_row('old')
    page.press('Clear')
    page.wait_rows(lambda rows: not rows, 'no rows')
    s.sendall(b'new\n')
    page.wait_rows(lambda rows: len(rows) == 1 and has(rows, 'new'), 'what came since')
    undo(page.app)
    page.wait_rows(lambda rows: has(rows, 'old') and has(rows, 'new'), 'all')


def test_clear_by_keyboard_keeps_counters(bench):
    page, s = listening(bench)
    s.sendall(b'old\n')
    page.wait_row('old')
    rig.press('ctrl+l')
    page.wait_rows(lambda rows: not rows, 'no rows')
    assert page.received.text() == '4'
    page.app.find('label', 'Transcript cleared')


# -- zoom ------------------------------------------------------------------------------------------------------------

def test_zoom(bench):
    page, s = listening(bench)
    s.sendall(b'hello')
    node = row_node(page, 'hello')

    def height():
        return node.extents()[3]
    normal = height()
    rig.press(*['ctrl+plus'] * 4)
    rig.retry(lambda: height() > normal, 5, 'larger')
    rig.press('ctrl+0')
    rig.retry(lambda: height() == normal, 5, 'as before')
    rig.press(*['ctrl+minus'] * 4)
    rig.retry(lambda: height() < normal, 5, 'smaller')
    page.wait_row('hello')
    rig.press('ctrl+0')
    rig.retry(lambda: height() == normal, 5, 'as before')
