# SPDX-License-Identifier: GPL-3.0-or-later
"""What is typed in the composer is what the peer gets, byte for byte, or nothing."""
import re

import rig
from page import accept, connect, listener, open_client, open_server, port_of, read_exactly


def connected(bench):
    """A client page and the peer's socket."""
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    return page, bench.use(accept(server))


def assert_sends(page, peer, text, data):
    page.type_message(text)
    page.byte_count.wait_text('%d byte%s' % (len(data), '' if len(data) == 1 else 's'))
    page.press('Send')
    assert read_exactly(peer, len(data)) == data


def assert_refused(page, peer, text, pattern):
    """Nothing is sent, and the problem is told at once, before Send and after it."""
    before = int(page.sent.text())
    page.type_message(text)
    page.message_problem.wait_text(re.compile(pattern))
    page.byte_count.wait_text('–')
    page.press('Send')
    page.message_problem.wait_text(re.compile(pattern))
    page.app.activate('win.send-hex', 's', '2e')
    assert read_exactly(peer, 1) == b'.'
    page.sent.wait_text(str(before + 1))


def test_line_endings(bench):
    page, peer = connected(bench)
    assert_sends(page, peer, 'one\ntwo', b'one\ntwo')
    for item, data in (('LF  \\n', b'one\ntwo\n'), ('CR  \\r', b'one\rtwo\r'), ('CRLF  \\r\\n', b'one\r\ntwo\r\n'),
                       ('NUL  \\0', b'one\ntwo\0'), ('No line ending', b'one\ntwo')):
        page.choose('Line ending', item)
        assert_sends(page, peer, 'one\ntwo', data)


def test_encodings(bench):
    page, peer = connected(bench)
    for name, codec in (('UTF-8', 'utf-8'), ('GBK', 'gbk'), ('GB18030', 'gb18030'), ('Big5', 'big5'),
                        ('UTF-16BE', 'utf-16-be')):
        page.choose('Send encoding', name)
        assert_sends(page, peer, '你好 ok', '你好 ok'.encode(codec))


def test_line_ending_is_encoded_too(bench):
    page, peer = connected(bench)
    page.choose('Send encoding', 'UTF-16LE')
    page.choose('Line ending', 'CRLF  \\r\\n')
    assert_sends(page, peer, 'a', 'a\r\n'.encode('utf-16-le'))


def test_keyboard(bench):
    page, peer = connected(bench)
    page.app.focus(page.message)
    rig.type_text('first')
    rig.press('Return')
    rig.type_text('second')
    page.message.wait_text('first\nsecond')
    rig.press('ctrl+Return')
    assert read_exactly(peer, 12) == b'first\nsecond'
    rig.press('ctrl+a')
    rig.type_text('again, ')
    page.message.wait_text('again, ')
    rig.type_text('你')
    page.message.wait_text('again, 你')
    rig.press('ctrl+KP_Enter')
    assert read_exactly(peer, 10) == 'again, 你'.encode()


def test_hex(bench):
    page, peer = connected(bench)
    page.press_toggle('Send as hex')
    for text in ('de ad be ef', 'DEADBEEF', '0xde,0xad,0xBE,0xef', 'de:ad:be:ef', 'dead\nbeef'):
        assert_sends(page, peer, text, b'\xde\xad\xbe\xef')
    assert_sends(page, peer, '0xde,0xad', b'\xde\xad')
    assert_sends(page, peer, '00', b'\0')
    # Line endings are for text.
    page.press_toggle('Send as text')
    page.choose('Line ending', 'LF  \\n')
    page.press_toggle('Send as hex')
    assert_sends(page, peer, '41', b'A')


def test_bad_digit(bench):
    page, peer = connected(bench)
    page.press_toggle('Send as hex')
    assert_refused(page, peer, 'de g0', '“g” at position 4 is not a hexadecimal digit')
    assert_refused(page, peer, 'adé', '“é” at position 3 is not a hexadecimal digit')


def test_half_a_byte(bench):
    page, peer = connected(bench)
    page.press_toggle('Send as hex')
    assert_refused(page, peer, 'de a', 'Half a byte at position 4')


def test_character_that_the_encoding_lacks(bench):
    page, peer = connected(bench)
    page.choose('Send encoding', 'ISO-8859-1')
    assert_refused(page, peer, 'ab€', r'“€” \(U\+20AC\) at position 3 does not exist in ISO-8859-1')


def test_problem_goes_when_it_is_mended(bench):
    page, peer = connected(bench)
    page.press_toggle('Send as hex')
    page.type_message('zz')
    page.message_problem.wait_text(re.compile('position 1 '))
    page.type_message('5a')
    page.message_problem.wait_text('')
    page.byte_count.wait_text('1 byte')


def test_byte_count(bench):
    app = bench.start()
    page = open_client(app)
    page.byte_count.wait_text('0 bytes')
    page.app.focus(page.message)
    rig.type_text('a')
    page.byte_count.wait_text('1 byte')
    rig.type_text('bc')
    page.byte_count.wait_text('3 bytes')
    page.type_message('你好')
    page.byte_count.wait_text('6 bytes')
    page.choose('Send encoding', 'GBK')
    page.byte_count.wait_text('4 bytes')
    page.choose('Line ending', 'CRLF  \\r\\n')
    page.byte_count.wait_text('6 bytes')
    page.press_toggle('Send as hex')
    page.type_message('01 02 03')
    page.byte_count.wait_text('3 bytes')


def test_nobody_to_send_to(bench):
    app = bench.start()
    page = open_server(app)
    page.type_message('hello?')
    rig.retry(lambda: not page.button('Send').has('sensitive'), 5, 'Send is insensitive')
    page.send('hello?')
    page.message_problem.wait_text(re.compile('nobody to send to'))


def test_nothing_to_send(bench):
    page, peer = connected(bench)
    page.press('Send')
    page.message_problem.wait_text(re.compile('nothing to send'))
