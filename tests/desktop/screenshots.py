# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of docs/screenshots anew: with-x.sh /usr/bin/python3 screenshots.py PROGRAM FOLDER"""
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

import rig

PROGRAM, FOLDER = sys.argv[1:3]
LOG = os.path.join(tempfile.mkdtemp(), 'log')


def program(*arguments, dark=False, language=None):
    environment = {'GTK_A11Y': 'atspi'}
    if dark:
        environment['ADW_DEBUG_COLOR_SCHEME'] = 'prefer-dark'
    if language:
        environment['LANGUAGE'] = language
    return rig.App([PROGRAM, *arguments], LOG, env=environment)


def wait_state(app, wanted):
    rig.retry(lambda: any(wanted in n.name for n in app.walk() if n.role == 'label'), 10, wanted)


def wait_rows(app, wanted):
    rig.retry(lambda: any(wanted in n.name for n in app.walk() if n.role == 'list item'), 10, wanted)


def shot(app, name):
    frame = next(c for c in app.children() if c.role == 'frame')
    x, y, w, h = frame.extents()
    ox, oy = app.surface_origin(frame, w, h)
    full = os.path.join(FOLDER, name + '.full.png')
    rig.shot(full)
    subprocess.run(['convert', full, '-crop', '%dx%d+%d+%d' % (w, h, ox, oy), '+repage',
                    os.path.join(FOLDER, name + '.png')], check=True)
    os.remove(full)


def answer(listener, answers):
    peer, _ = listener.accept()
    for piece in answers:
        peer.recv(4096)
        peer.sendall(piece)
    return peer


def client(name, **style):
    listener = socket.create_server(('127.0.0.1', 0))
    port = listener.getsockname()[1]
    answers = ['+OK 温度=23.5℃ 湿度=48%\r\n'.encode('gbk'), bytes.fromhex('010304022000213a59'),
               'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nready\n'.encode()]
    threading.Thread(target=answer, args=(listener, answers), daemon=True).start()
    app = program('--connect', '127.0.0.1:%d' % port, '--encoding', 'GB18030', '--view', 'both', **style)
    wait_rows(app, '127.0.0.1:%d' % port)
    for action, value in (('send-text', '读取传感器 AT+READ?'), ('send-hex', '01 03 00 00 00 02 c4 0b'),
                          ('send-text', 'GET /status HTTP/1.1')):
        before = sum('received' in n.name or '收到' in n.name for n in app.walk() if n.role == 'list item')
        app.activate('win.' + action, 's', value)
        rig.retry(lambda: sum('received' in n.name or '收到' in n.name for n in app.walk()
                              if n.role == 'list item') > before, 10, 'an answer')
    shot(app, name)
    app.quit()


def server(name, **style):
    app = program('--listen', '127.0.0.1:0', '--echo', **style)
    label = rig.retry(lambda: next((n for n in app.walk() if n.role == 'label' and '127.0.0.1:' in n.name), None), 10)
    port = int(label.name.rsplit(':', 1)[1])
    peers = []
    for text in ('hello, this is sensor 17\n', '你好，世界！\n', 'temperature 23.5\nhumidity 48\n', 'bye\n'):
        peer = socket.create_connection(('127.0.0.1', port))
        peer.sendall(text.encode())
        peer.recv(4096)
        peers.append(peer)
    peers[3].close()
    peers[0].sendall(b'\x01\x03\x04\x02\x2b\x00\x32\xff')
    peers[0].recv(4096)
    wait_rows(app, 'xFF')
    shot(app, name)
    app.quit()


def demo(name, **style):
    app = program('--demo', **style)
    wait_rows(app, '127.0.0.1')
    for text in ('hello', '你好，世界！ 😀', 'two\nlines\n', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'):
        app.activate('win.send-text', 's', text)
    app.activate('win.send-hex', 's', '00 01 ff fe 80 41')
    wait_rows(app, 'xFE')
    shot(app, name)
    app.quit()


def pane(tab, name, **style):
    """A client whose peer has stopped reading for a while, with a tab of the connection pane."""
    listener = socket.create_server(('127.0.0.1', 0))
    app = program('--connect', '127.0.0.1:%d' % listener.getsockname()[1], **style)
    peer, _ = listener.accept()
    rig.press('F8')
    app.find('page tab', tab).click()
    for i in range(24):
        app.activate('win.send-text', 's', 'reading %d: %s\n' % (i, '23.5 ' * 4000))
        if i < 6:
            peer.recv(1 << 20)
        peer.sendall(b'+OK %d\n' % i * (1 + i % 5 * 40))
        time.sleep(0.25)
    shot(app, name)
    app.quit()


def start(name, **style):
    app = program(**style)
    rig.retry(lambda: any(n.role == 'push button' for n in app.walk()), 10, 'the start page')
    time.sleep(0.5)
    shot(app, name)
    app.quit()


os.makedirs(FOLDER, exist_ok=True)
start('start-light')
start('start-zh_CN', language='zh_CN')
pane('Kernel', 'kernel-light')
pane('Life', 'life-light')
pane('内核', 'kernel-zh_CN', dark=True, language='zh_CN')
client('client-light')
client('client-dark', dark=True)
client('client-zh_CN', language='zh_CN')
client('client-zh_CN-dark', dark=True, language='zh_CN')
server('server-light')
server('server-dark', dark=True)
server('server-zh_CN', language='zh_CN')
demo('demo-light')
demo('demo-dark', dark=True)
demo('demo-zh_CN', language='zh_CN')
