# SPDX-License-Identifier: GPL-3.0-or-later
"""The inspector, as a user has it: bytes arrive, the cursor is put on them, values are read and copied."""
import rig
from page import listening, row_node
from test_selection import copy_by_menu, put_cursor_into, wait_copied


def wait_value(page, name, value):
    """Until the row says so; returns it."""
    return page.node.find('list item', '%s: %s' % (name, value), timeout=10)


def inspected(bench, data, text):
    """A page that has received the bytes, with the inspector open and the cursor on the first of them."""
    page, s = listening(bench)
    s.sendall(data)
    put_cursor_into(page, text)
    rig.press('Home', 'F9')
    rig.retry(lambda: page.app.state('win.inspector'), 5, 'the inspector is open')
    return page, s


def test_values_at_the_cursor(bench):
    page, s = inspected(bench, b'\x01\x02\x03\x04\xc0\xa8\x00\x07 end', 'end')
    wait_value(page, 'uint16, little endian', '513')
    wait_value(page, 'int32, big endian', '16909060')
    rig.press(*['Right'] * 4)
    wait_value(page, 'IPv4', '192.168.0.7')
    wait_value(page, 'Binary', '11000000')
    page.node.find('push button', 'Copy IPv4').click()
    wait_copied('192.168.0.7')
    rig.press('F9')
    page.node.wait_gone('list item', 'IPv4: 192.168.0.7')


def test_copy_a_value_by_keyboard(bench):
    page, s = listening(bench)
    s.sendall(b'\x01\x02\x03\x04 end')
    put_cursor_into(page, 'end')
    rig.press('Home')
    row_node(page, 'end').pointer_click(button=3)
    page.app.find('menu item', 'Inspect').pointer_click()
    rig.retry(lambda: wait_value(page, 'Hex', '0x01').has('focused'), 5, 'the first value has the focus')
    rig.press('Down', 'Return')
    wait_copied('00000001')
    rig.press('Down', 'ctrl+c')
    wait_copied('001')
    rig.press('Escape')
    rig.retry(lambda: page.transcript.has('focused'), 5, 'the transcript has the focus')


def test_checksums_of_the_selection(bench):
    page, s = inspected(bench, b'123456789 end', 'end')
    page.node.find('page tab', 'Selection').click()
    put_cursor_into(page, 'end')
    rig.press('Home', *['shift+Right'] * 9)
    wait_value(page, 'Length', '9')
    wait_value(page, 'CRC-16/MODBUS', '0x4B37')
    wait_value(page, 'CRC-32/ISO-HDLC', '0xCBF43926')
    wait_value(page, 'MD5', '25f9e794323b453885f5181f1b624d0b')


def test_copy_as(bench):
    page, s = listening(bench)
    s.sendall(b'it\'s\r\n\xff')
    put_cursor_into(page, 'it')
    rig.press('ctrl+a')
    copy_by_menu(page, 'it', 'Python Bytes')
    wait_copied('b\'it\\\'s\\r\\n\\xff\'')
    copy_by_menu(page, 'it', 'Escaped Text')
    wait_copied('it\'s\\r\\n\\xFF')
    copy_by_menu(page, 'it', 'Base64')
    wait_copied('aXQncw0K/w==')


def test_stays_open(bench):
    page, s = inspected(bench, b'one', 'one')
    page.app.activate('win.new-client')
    assert page.app.state('win.inspector') is True
    page.app.activate('win.inspector')
    rig.retry(lambda: page.app.state('win.inspector') is False, 5, 'the inspector is closed')
