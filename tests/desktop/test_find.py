# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding text, bytes and expressions in what came."""
import re

import rig
from page import listening
from test_selection import put_cursor_into, wait_copied


class Find:
    """The find bar of a page."""

    def __init__(self, page):
        self.page = page
        self.node = page.node

    entry = property(lambda s: s.node.find('text', 'Find'))
    problem = property(lambda s: s.node.label('Find problem'))

    def open(self):
        rig.press('ctrl+f')
        rig.retry(lambda: self.entry.has('focused'), 5, 'the keyboard is in the entry')
        return self

    def type(self, text):
        rig.type_text(text)
        self.entry.wait_text(text)
        return self

    def wait_count(self, text):
        rig.retry(lambda: self.node.find_now('label', description='Matches').text() == text, 10, 'the count %r' % text)
        return self

    def is_open(self):
        return self.node.find_now('text', 'Find') is not None


def test_type_and_step(bench):
    page, s = listening(bench)
    s.sendall(b'one needle\ntwo\nthree needles, a needle\n')
    page.wait_row('three')
    bar = Find(page).open().type('needle').wait_count('1 of 3')
    rig.press('Return')
    bar.wait_count('2 of 3')
    rig.press('shift+Return')
    bar.wait_count('1 of 3')
    rig.press('shift+Return')
    bar.wait_count('3 of 3')
    # From anywhere.
    rig.press('Escape')
    rig.retry(lambda: not bar.is_open(), 5, 'the bar is gone')
    rig.press('ctrl+g')
    bar.wait_count('1 of 3')
    page.message.pointer_click()
    rig.press('ctrl+g')
    bar.wait_count('2 of 3')
    rig.press('shift+ctrl+g')
    bar.wait_count('1 of 3')


def test_selection_is_the_match(bench):
    page, s = listening(bench)
    s.sendall(b'abc ABC Abc')
    page.wait_row('ABC')
    bar = Find(page).open().type('ABC').wait_count('1 of 3')
    rig.press('Return')
    bar.wait_count('2 of 3')
    rig.press('Escape')
    rig.retry(lambda: not bar.is_open(), 5, 'the bar is gone')
    rig.press('ctrl+c')
    wait_copied('ABC')


def test_match_case(bench):
    page, s = listening(bench)
    s.sendall(b'abc ABC Abc')
    page.wait_row('ABC')
    bar = Find(page).open().type('Abc').wait_count('1 of 3')
    page.press_toggle('Match case')
    bar.wait_count('1 of 1')


def test_over_reads_and_live(bench):
    page, s = listening(bench)
    s.sendall(b'nee')
    page.wait_row('nee')
    bar = Find(page).open().type('needle').wait_count('No matches')
    s.sendall(b'dle and')
    bar.wait_count('1 match')
    rig.press('Return')
    bar.wait_count('1 of 1')
    s.sendall(b' a needle')
    bar.wait_count('1 of 2')


def test_hex_and_its_mistakes(bench):
    page, s = listening(bench)
    s.sendall(bytes.fromhex('deadbeef00deaf01ef'))
    page.wait_row('9 bytes')
    bar = Find(page).open()
    page.choose('Kind of search', 'Hex')
    bar.open().type('de ?? be ef')
    bar.wait_count('1 of 1')
    bar.open().type('de ?? ?? ef')
    bar.wait_count('1 of 2')
    bar.open().type('de xx')
    bar.problem.wait_text('“x” at position 4 is neither a hexadecimal digit nor “?”, which stands for any')
    bar.wait_count('')
    bar.open().type('de a?')
    bar.wait_count('1 of 2')
    assert not [n for n in page.node.walk() if n.role == 'label' and 'position 4' in n.name]


def test_expression(bench):
    page, s = listening(bench)
    s.sendall(b'id=17\r\nid=4711\r\nname=x\r\n')
    page.wait_row('name')
    bar = Find(page).open()
    page.choose('Kind of search', 'Regex')
    bar.open().type(r'^id=\d+').wait_count('1 of 2')
    bar.open().type('id=(').problem.wait_text(re.compile('^The regular expression has a mistake at position 4'))


def test_encoding(bench):
    page, s = listening(bench)
    s.sendall('你好'.encode('gbk'))
    page.wait_row('\\xC4\\xE3\\xBA\\xC3')
    bar = Find(page).open()
    bar.entry.set_text('好')
    bar.wait_count('No matches')
    page.choose('Encoding', 'GBK')
    bar.wait_count('1 match')
    page.choose('Encoding', 'ISO-8859-1')
    bar.problem.wait_text('“好” (U+597D) at position 1 does not exist in ISO-8859-1: '
                          'remove it or choose another encoding, such as UTF-8')


def test_find_selection(bench):
    page, s = listening(bench)
    s.sendall(b'tick tock tick')
    put_cursor_into(page, 'tick')
    rig.press('Home', *['shift+Right'] * 4)
    bar = Find(page).open()
    bar.entry.wait_text('tick')
    bar.wait_count('1 of 2')


def test_clear(bench):
    page, s = listening(bench)
    s.sendall(b'needle')
    page.wait_row('needle')
    bar = Find(page).open().type('needle').wait_count('1 of 1')
    rig.press('ctrl+l')
    bar.wait_count('No matches')
    s.sendall(b'a needle')
    bar.wait_count('1 match')


def test_much(bench):
    page, s = listening(bench)
    s.sendall(b''.join(b'line %d is here\n' % i for i in range(20000)))
    page.wait_row('line 19999')
    bar = Find(page).open().type('line 12345 ')
    bar.wait_count('1 of 1')
    page.wait_row('line 12345')
    rig.press('Escape')
    bar.open().type('line')
    bar.wait_count('12346 of 20000')
