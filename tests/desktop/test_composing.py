# SPDX-License-Identifier: GPL-3.0-or-later
"""What is composed with escapes, placeholders and a checksum, and what is pasted: compared with what the peer gets."""
import re
import subprocess

import rig
from page import accept, connect, listener, port_of, read_exactly


def connected(bench):
    app = bench.start()
    server = bench.use(listener())
    page = connect(app, port_of(server))
    return page, bench.use(accept(server))


def options(page):
    """Opens the popover of the message's options."""
    menu = page.node.find(None, 'Message options')
    next(n for n in menu.walk() if n.role in ('push button', 'toggle button')).click()
    return menu


def switch(page, *names):
    menu = options(page)
    for name in names:
        box = menu.find('check box', name)
        before = box.has('checked')
        box.click()
        rig.retry(lambda: box.has('checked') != before, 5, '%s is switched' % name)
    rig.press('Escape')


def modbus_crc(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc.to_bytes(2, 'little')


def other(page, name='Sent bytes as hex'):
    return page.node.find('text', name)


def test_escapes_and_checksum(bench):
    page, peer = connected(bench)
    switch(page, 'Escapes', 'Checksum')
    page.type_message('\\x01\\x03\\0\\x00\\x00\\x02')
    data = b'\x01\x03\x00\x00\x00\x02'
    page.byte_count.wait_text('8 bytes')
    other(page).wait_text((data + modbus_crc(data)).hex(' '))
    page.press('Send')
    assert read_exactly(peer, 8) == data + b'\xc4\x0b'
    page.type_message('\\q')
    page.message_problem.wait_text(re.compile('“q” at position 2 makes no escape'))


def test_placeholders(bench):
    page, peer = connected(bench)
    switch(page, 'Placeholders')
    page.type_message('#${counter:width=3};')
    for i in range(3):
        other(page).wait_text((b'#%03d;' % i).hex(' '))
        page.press('Send')
        assert read_exactly(peer, 5) == b'#%03d;' % i


def test_the_other_representation(bench):
    page, peer = connected(bench)
    page.type_message('AB')
    entry = other(page)
    entry.wait_text('41 42')
    page.app.focus(entry)
    rig.press('End')
    rig.type_text(' 43 00')
    page.message.wait_text('ABC\\0')
    page.byte_count.wait_text('4 bytes')
    rig.press('ctrl+Return')
    assert read_exactly(peer, 4) == b'ABC\0'
    # Half a byte is not sent.
    rig.type_text(' 4')
    page.message_problem.wait_text(re.compile('Half a byte at position 13'))
    rig.press('ctrl+Return')
    rig.type_text('4')
    page.message.wait_text('ABC\\0D')
    rig.press('ctrl+Return')
    assert read_exactly(peer, 5) == b'ABC\0D'


def test_base64_and_a_hexdump(bench):
    page, peer = connected(bench)
    page.press_toggle('Send as Base64')
    page.type_message('AP8B')
    page.press('Send')
    assert read_exactly(peer, 3) == b'\0\xff\1'
    page.press_toggle('Send as hex')
    data = bytes(range(40, 80))
    dump = subprocess.run(['hexdump', '-C'], input=data, capture_output=True, check=True).stdout.decode()
    page.type_message(dump)
    page.node.label('Note on the message').wait_text(re.compile('Read as a hexdump'))
    page.press('Send')
    assert read_exactly(peer, len(data)) == data


def test_paste_with_control_characters(bench):
    page, peer = connected(bench)
    page.type_message('x')
    page.message.set_text('a\x1b[1mb\r')
    page.node.label('Note on the message').wait_text('2 control characters, the first is U+001B at position 2')
    page.press('Write as escapes')
    page.message.wait_text('a\\x1B[1mb\\r')
    page.press('Send')
    assert read_exactly(peer, 7) == b'a\x1b[1mb\r'
    # With escapes on, what is pasted comes in as escapes.
    rig.press('ctrl+a', 'ctrl+x')
    page.message.set_text('c\x07')
    page.message.wait_text('c\\x07')
    page.press('Send')
    assert read_exactly(peer, 2) == b'c\x07'
