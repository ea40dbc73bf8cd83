# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that are kept: made from the composer, sent by button and key, edited, moved, deleted and back, kept over a restart."""
import json
import re

import rig
from page import accept, connect, index_in_list, listener, open_client, port_of, read_exactly, undo


def opened(bench, **style):
    """A client page with the tools shown, and the peer's socket."""
    app = bench.start(**style)
    server = bench.use(listener())
    page = connect(app, port_of(server))
    app.activate('win.tool-pane')
    rig.retry(lambda: page.button('Keep as Preset'), 10, 'the presets')
    return page, bench.use(accept(server))


def names(page):
    """Names of the presets, in order, as they are read out."""
    box = page.node.find('list', 'Presets')
    return [n.name for n in box.walk() if n.role == 'list item']


def wait_names(page, wanted):
    def fits():
        found = [n.split(',')[0] for n in names(page)]
        return found == wanted
    rig.retry(fits, 10, 'presets %r, there are %r' % (wanted, names(page)))


def row(page, name):
    return page.node.find('list item', re.compile('^%s(,|$)' % re.escape(name)))


def menu(page, name, item):
    page.node.find(None, 'More for “%s”' % name, where=lambda n: 'click' in n.actions() or n.role == 'toggle button').click()
    page.app.find('menu item', item).click()


def keep(page, message, name, group=None, key=None):
    """Keeps a message and names it in place."""
    page.type_message(message)
    page.press('Keep as Preset')
    editor = page.node.find(None, 'Edit preset')
    editor.entry('Name').set_text(name)
    if group is not None:
        editor.entry('Group').set_text(group)
    if key is not None:
        choose(page, editor, 'Key', key)
    editor.button('Save the preset').click()
    page.node.wait_gone(None, 'Edit preset')


def choose(page, editor, drop_down, item):
    """By keyboard: items far down are out of sight."""
    box = editor.find('combo box', drop_down)
    index = index_in_list(box, item)
    rig.press('Home', *['Down'] * index, 'Return')
    rig.retry(lambda: item in [n.name for n in box.walk() if n.role == 'label'], 5, '%s shows %s' % (drop_down, item))


def test_send(bench):
    page, peer = opened(bench)
    keep(page, 'first', 'One')
    keep(page, 'second', 'Two', key='F8')
    wait_names(page, ['One', 'Two'])
    page.node.button('Send “One”').click()
    assert read_exactly(peer, 5) == b'first'
    page.app.focus(page.message)
    rig.press('F8')
    assert read_exactly(peer, 6) == b'second'
    # From anywhere on the page, and with the pane closed.
    page.app.activate('win.tool-pane')
    rig.press('F8')
    assert read_exactly(peer, 6) == b'second'
    # It belongs to the preset now, not to About the connection.
    assert not page.app.state('win.connection-pane')


def test_key_is_told(bench):
    page, peer = opened(bench)
    keep(page, 'x', 'Taken', key='F7')
    page.type_message('y')
    page.press('Keep as Preset')
    editor = page.node.find(None, 'Edit preset')
    choose(page, editor, 'Key', 'F8')
    editor.find('label', 'F8 shows About the connection: the preset takes it.')
    choose(page, editor, 'Key', 'F7')
    editor.find('label', 'F7 sends “Taken”: this preset takes it.')
    choose(page, editor, 'Key', 'F5')
    editor.wait_gone('label', re.compile('takes it'))


def test_edit_in_place(bench):
    page, peer = opened(bench)
    keep(page, 'before', 'Name')
    menu(page, 'Name', 'Edit…')
    editor = page.node.find(None, 'Edit preset')
    editor.find('text', 'Message of the preset').set_text('after')
    editor.entry('Name').set_text('Renamed')
    choose(page, editor, 'Colour', '▲ Red')
    choose(page, editor, 'Key', 'Ctrl+9')
    editor.button('Save the preset').click()
    wait_names(page, ['Renamed'])
    assert names(page) == ['Renamed, Red, Ctrl+9, after']
    page.app.focus(page.message)
    rig.press('ctrl+9')
    assert read_exactly(peer, 5) == b'after'
    # Escape gives it up.
    menu(page, 'Renamed', 'Edit…')
    page.node.find(None, 'Edit preset').entry('Name').set_text('No')
    rig.press('Escape')
    page.node.wait_gone(None, 'Edit preset')
    wait_names(page, ['Renamed'])
    menu(page, 'Renamed', 'Put into the Composer')
    page.message.wait_text('after')


def test_bad_message(bench):
    page, peer = opened(bench)
    page.press_toggle('Send as hex')
    keep(page, 'de ad', 'Hex')
    page.type_message('de a')
    page.press('Keep as Preset')
    page.node.find('label', re.compile('.'), description='Problem of the presets')
    wait_names(page, ['Hex'])
    menu(page, 'Hex', 'Edit…')
    editor = page.node.find(None, 'Edit preset')
    editor.find('text', 'Message of the preset').set_text('de a')
    editor.find('label', re.compile('.'), description='Problem of the preset')
    rig.retry(lambda: not editor.button('Save the preset').has('sensitive'), 5, 'Save is off')
    editor.find('text', 'Message of the preset').set_text('de ad be')
    editor.button('Save the preset').click()
    page.node.button('Send “Hex”').click()
    assert read_exactly(peer, 3) == b'\xde\xad\xbe'


def test_order_and_delete(bench):
    page, peer = opened(bench)
    for name in ('A', 'B', 'C'):
        keep(page, 'message ' + name, name)
    page.node.find('list item', re.compile('^C')).find('label', 'C')
    page.app.focus(row(page, 'C'))
    rig.press('alt+Up')
    wait_names(page, ['A', 'C', 'B'])
    rig.press('alt+Up')
    wait_names(page, ['C', 'A', 'B'])
    menu(page, 'A', 'Move Down')
    wait_names(page, ['C', 'B', 'A'])
    page.app.focus(row(page, 'B'))
    rig.press('Delete')
    wait_names(page, ['C', 'A'])
    undo(page.app)
    wait_names(page, ['C', 'B', 'A'])
    # The undo of the last is offered at once, not when that of the one before is over.
    for name, left in (('B', ['C', 'A']), ('A', ['C'])):
        page.app.focus(row(page, name))
        rig.press('Delete')
        wait_names(page, left)
    page.app.find('label', re.compile('“A”'))
    undo(page.app)
    wait_names(page, ['C', 'A'])


def test_drag(bench):
    page, peer = opened(bench)
    for name in ('A', 'B', 'C'):
        keep(page, 'message ' + name, name)
    x, y = row(page, 'C').find('label', 'C').center()
    x2, y2 = row(page, 'A').find('label', 'A').center()
    rig.xdo('mousemove', x, y, 'mousedown', 1)
    for step in range(1, 11):
        rig.xdo('mousemove', x, y + (y2 - 8 - y) * step // 10)
    rig.xdo('mouseup', 1)
    wait_names(page, ['C', 'A', 'B'])


def test_groups(bench):
    page, peer = opened(bench)
    keep(page, 'one', 'One')
    keep(page, 'two', 'Two', group='Modem')
    wait_names(page, ['In no group', 'One', 'Modem', 'Two'])
    page.app.focus(row(page, 'Modem'))
    rig.press('Return')
    wait_names(page, ['In no group', 'One', 'Modem'])
    rig.press('Return')
    wait_names(page, ['In no group', 'One', 'Modem', 'Two'])


def test_not_connected(bench):
    page, peer = opened(bench)
    keep(page, 'kept', 'Kept', key='F5')
    page.press('Disconnect')
    page.wait_state(re.compile('closed'))
    page.node.button('Send “Kept”').click()
    page.node.find('label', re.compile('“Kept” was not sent'), description='Problem of the presets')
    wait_names(page, ['Kept'])
    page.app.activate('win.tool-pane')
    page.node.wait_gone('list', 'Presets')
    page.app.focus(page.message)
    rig.press('F5')
    page.app.find('label', re.compile('“Kept” was not sent'))


def test_shared_and_kept(bench):
    page, peer = opened(bench)
    other = open_client(page.app)
    keep(other, 'shared', 'Shared', key='F5')
    # The first page has it too, and only the page that is seen sends it.
    page.app.activate('win.disconnect')
    rig.press('F5')
    path = bench.tmp / 'config' / 'socketeer' / 'presets.json'
    rig.retry(path.exists, 10, 'the file of presets')
    page.app.quit()
    kept = json.loads(path.read_text())
    assert [p['name'] for p in kept['presets']] == ['Shared']
    assert path.stat().st_mode & 0o777 == 0o600
    page, peer = opened(bench)
    wait_names(page, ['Shared'])
    page.app.focus(page.message)
    rig.press('F5')
    assert read_exactly(peer, 6) == b'shared'


def test_damaged_file(bench):
    folder = bench.tmp / 'config' / 'socketeer'
    folder.mkdir(parents=True)
    (folder / 'presets.json').write_text('{"format": ')
    page, peer = opened(bench)
    page.node.find('label', re.compile('damaged.*presets.json.bad-1'), description='Problem of the file of presets')
    keep(page, 'new', 'New')
    page.app.quit()
    assert (folder / 'presets.json.bad-1').read_text() == '{"format": '
    assert json.loads((folder / 'presets.json').read_text())['presets'][0]['name'] == 'New'


def send(page, peer, text):
    page.type_message(text)
    page.press('Send')
    assert read_exactly(peer, len(text)) == text.encode()


def test_history_keys(bench):
    page, peer = opened(bench)
    send(page, peer, 'one')
    send(page, peer, 'two\nlines')
    send(page, peer, 'two\nlines')
    page.type_message('not sent')
    page.app.focus(page.message)
    rig.press('Up')
    page.message.wait_text('two\nlines')
    rig.press('Up')
    page.message.wait_text('one')
    rig.press('Up')
    page.message.wait_text('one')
    rig.press('Down')
    page.message.wait_text('two\nlines')
    rig.press('Down')
    page.message.wait_text('not sent')
    # Up in the last of two lines is a step in the text.
    rig.press('Up')
    page.message.wait_text('two\nlines')
    rig.press('ctrl+End', 'Up', 'Home')
    rig.type_text('x')
    page.message.wait_text('xtwo\nlines')


def press_history(page):
    page.node.find(None, 'History', where=lambda n: 'click' in n.actions() or n.role == 'toggle button').click()


def test_history_list(bench):
    page, peer = opened(bench)
    for text in ('alpha', 'beta', 'gamma'):
        send(page, peer, text)
    press_history(page)
    found = page.app.find('list', 'Messages that were sent')

    def texts():
        return [n.name for n in found.walk() if n.role == 'label']
    rig.retry(lambda: texts() == ['gamma', 'beta', 'alpha'], 5, 'three messages')
    rig.type_text('ET')  # the search has the focus
    rig.retry(lambda: texts() == ['beta'], 5, 'one message')
    rig.press('Return')
    page.message.wait_text('beta')
    page.app.quit()
    # Kept, until it is cleared.
    page, peer = opened(bench)
    page.app.focus(page.message)
    rig.press('Up')
    page.message.wait_text('gamma')
    press_history(page)
    page.app.button('Clear History').click()
    page.app.find('label', 'Nothing was sent from here yet')
    rig.press('Escape')
    page.app.quit()
    kept = json.loads((bench.tmp / 'state' / 'socketeer' / 'history.json').read_text())
    assert kept['messages'] == []
