# SPDX-License-Identifier: GPL-3.0-or-later
"""Bookmarks, times since, and going to a place."""
import re

import rig
from page import listening


def fill(bench, n=80):
    """A page that has received n lines of 16 bytes."""
    page, s = listening(bench)
    s.sendall(b''.join(b'line %03d of all\n' % i for i in range(n)))
    page.wait_row('line %03d' % (n - 1))
    return page, s


def go_to(page, place):
    page.app.focus(page.transcript)
    rig.press('ctrl+i')
    entry = page.app.find('text', 'Place', where=lambda n: n.has('focused'))
    entry.set_text(place)
    rig.press('Return')


def gone(page):
    rig.retry(lambda: page.transcript.has('focused'), 5, 'the entry is closed')


def test_go_to(bench):
    page, s = fill(bench, 200)
    for place, row in (('#3', 'line 000'), ('1600', 'line 100'), ('0%', 'listening'), ('0x140', 'line 020'), ('+1600', 'line 120')):
        go_to(page, place)
        gone(page)
        page.wait_row(row)


def test_go_to_beyond_the_end(bench):
    page, s = fill(bench, 5)
    page.wait_row('line 004')
    go_to(page, '5000')
    page.app.find('label', re.compile('Only 80 bytes'))
    rig.press('Escape')
    gone(page)


def test_bookmarks(bench):
    page, s = fill(bench)
    go_to(page, '160')
    gone(page)
    page.wait_row('line 010')
    rig.press('ctrl+b')
    page.wait_row(re.compile(r'line 010.*\(bookmark\)'))
    go_to(page, '1120')
    gone(page)
    page.wait_row('line 070')
    rig.press('ctrl+b')
    page.wait_row(re.compile(r'line 070.*\(bookmark\)'))
    rig.press('F2')
    page.wait_row(re.compile(r'line 010.*\(bookmark\)'))
    rig.press('shift+F2')
    page.wait_row(re.compile(r'line 070.*\(bookmark\)'))
    # Gone again.
    rig.press('ctrl+b')
    page.wait_row(re.compile(r'line 070 of all\\n$'))


def test_bookmark_list(bench):
    page, s = fill(bench)
    go_to(page, '160')
    gone(page)
    page.wait_row('line 010')
    rig.press('ctrl+b')
    page.wait_row(re.compile(r'line 010.*\(bookmark\)'))
    go_to(page, '100%')
    gone(page)
    page.wait_row('line 079')
    rig.press('ctrl+shift+b')
    page.app.button(re.compile('#3 line 010')).click()
    page.wait_row(re.compile(r'line 010.*\(bookmark\)'))


def test_times_since(bench):
    page, s = listening(bench)
    for i in range(5):
        s.sendall(b'this is line %03d' % i)
        page.wait_row('line %03d' % i)
    assert not any(re.match(r'[+-]\d', row) for row in page.rows())
    go_to(page, '48')
    gone(page)
    rig.press('ctrl+m')
    page.wait_row(re.compile(r'^\+0\.000000 received.*line 003'))
    page.wait_row(re.compile(r'^-\d+\.\d{6} received.*line 002'))
    page.wait_row(re.compile(r'^\+\d+\.\d{6} received.*line 004'))
    page.app.button('Places').click()
    rig.retry(lambda: page.app.find_now(name='Time of Day'), 5, 'the menu').click()
    page.wait_row(re.compile(r'^\d\d:\d\d:\d\d\.\d{3} received.*line 004'))


def test_details(bench):
    page, s = fill(bench, 5)
    go_to(page, '33')
    gone(page)
    rig.press('alt+Return')
    label = page.app.find('label', re.compile(r'^Record #\d+, received from 127\.0\.0\.1:\d+\nOffset 33 \(0x21\)'))
    assert re.search(r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} [+-]\d{4}', label.name), label.name
    rig.press('Escape')
    # The same for who does not see it.
    def described():
        return 'offset 33 (0x21)' in page.transcript.description
    rig.retry(described, 5, 'the description')


def test_hover(bench):
    """What a byte is, for as long as the pointer rests on it."""
    page, s = fill(bench, 5)
    go_to(page, '0')
    gone(page)
    row = page.transcript.find('list item', re.compile('line 003'))
    x, y = row.center()
    tip = re.compile(r'^Record #\d+, received from 127\.0\.0\.1:\d+\nOffset \d+')
    for at in (x - 60, x - 30):
        rig.xdo('mousemove', at, y)
        rig.retry(lambda: page.app.find_now('label', tip), 5, 'the tip')
    # It does not go by itself.
    for _ in range(10):
        assert page.app.find_now('label', tip), 'the tip has gone'
    rig.xdo('mousemove', 1, 1)
    page.app.wait_gone('label', tip)
