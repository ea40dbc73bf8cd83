# SPDX-License-Identifier: GPL-3.0-or-later
"""Selecting in the transcript by keyboard and pointer; what the clipboard gets is those bytes and no others."""
import rig
from page import listening, row_node


def wait_copied(text):
    last = None

    def once():
        nonlocal last
        last = rig.get_clipboard()
        return last == text.encode()
    try:
        rig.retry(once, 10)
    except rig.NotFound:
        raise rig.NotFound('the clipboard holds %r, not %r' % (last, text)) from None


def wait_dragged(text):
    """Copies until the clipboard holds the text: keys may overtake the pointer, whose events the window manager holds
    back until it has looked at them."""
    def once():
        rig.press('ctrl+c')
        return rig.get_clipboard() == text.encode()
    try:
        rig.retry(once, 10, step=0.1)
    except rig.NotFound:
        raise rig.NotFound('the clipboard holds %r, not %r' % (rig.get_clipboard(), text)) from None


def put_cursor_into(page, text):
    """Clicks on a row, which gives the transcript the focus."""
    row_node(page, text).pointer_click()
    rig.retry(lambda: page.transcript.has('focused'), 5, 'the transcript has the focus')


def drag(page, begin, end):
    rig.xdo('mousemove', *begin, 'mousedown', 1, 'mousemove', (begin[0] + end[0]) // 2, (begin[1] + end[1]) // 2,
            'mousemove', end[0] - 1, end[1], 'mousemove', *end, 'mouseup', 1)


def edge(page, text, right=False):
    """A place near the left edge of the row (before its first byte) or near the right one (after its last), at half its
    height. At the very edges are the handle that divides the page and the scroll bar."""
    node = row_node(page, text)
    x, y = node.center()
    width = node.extents()[2]
    return (x + width // 2 - 40, y) if right else (x - width // 2 + 40, y)


def copy_by_menu(page, row, item):
    row_node(page, row).pointer_click(button=3)
    page.app.find('menu item', 'Copy As').pointer_click()
    page.app.find('menu item', item).pointer_click()
    page.app.wait_gone('menu item')


def test_select_by_keyboard(bench):
    page, s = listening(bench)
    s.sendall(b'hello world\n')
    put_cursor_into(page, 'hello')
    rig.press('Home', *['shift+Right'] * 5, 'ctrl+c')
    wait_copied('hello')
    rig.press('Home', *['Right'] * 5, 'shift+End', 'ctrl+c')
    wait_copied(' world\n')
    rig.press('shift+Home', 'ctrl+c')
    wait_copied('hello')


def test_select_characters_of_several_bytes(bench):
    page, s = listening(bench)
    s.sendall('a你好b'.encode())
    put_cursor_into(page, '你好')
    rig.press('Home', 'Right', 'shift+Right', 'shift+Right', 'ctrl+c')
    wait_copied('你好')


def test_select_by_mouse(bench):
    page, s = listening(bench)
    s.sendall(b'hello world\nsecond line\n')
    page.wait_row('second line')
    drag(page, edge(page, 'hello'), edge(page, 'hello', right=True))
    wait_dragged('hello world\n')            # the line feed is shown, and is taken too
    drag(page, edge(page, 'second line', right=True), edge(page, 'second line'))
    wait_dragged('second line\n')
    drag(page, edge(page, 'hello'), edge(page, 'second line'))
    wait_dragged('hello world\n')
    drag(page, edge(page, 'hello'), edge(page, 'second line', right=True))
    wait_dragged('hello world\nsecond line\n')


def test_copy_as_hex_by_the_menu(bench):
    page, s = listening(bench)
    s.sendall(b'\xff\xfe\xfd\xfcxyz')
    put_cursor_into(page, 'xyz')
    rig.press('Home', *['shift+Right'] * 4)
    copy_by_menu(page, 'xyz', 'Hex')
    wait_copied('ff fe fd fc')
    copy_by_menu(page, 'xyz', 'Text')
    wait_copied('\\xFF\\xFE\\xFD\\xFC')


def test_copy_in_the_hex_view(bench):
    page, s = listening(bench)
    s.sendall(b'hello')
    page.press('Hex')
    put_cursor_into(page, '68 65 6c 6c 6f')
    rig.press('Home', 'shift+Right', 'shift+Right', 'ctrl+c')
    wait_copied('68 65')


def test_select_all(bench):
    page, s = listening(bench)
    s.sendall(b'one\n')
    put_cursor_into(page, 'one')
    s.sendall(b'two\n')
    page.wait_row('two')
    rig.press('ctrl+a', 'ctrl+c')
    wait_copied('one\ntwo\n')


def test_selection_stays_over_views(bench):
    page, s = listening(bench)
    s.sendall(b'hello world')
    put_cursor_into(page, 'hello')
    rig.press('Home', *['shift+Right'] * 5)
    page.press('Hex')
    page.wait_row('68 65 6c 6c 6f')
    copy_by_menu(page, '68 65', 'Text')
    wait_copied('hello')
