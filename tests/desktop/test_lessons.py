# SPDX-License-Identifier: GPL-3.0-or-later
"""The client and the server of a first lesson on sockets, against the program, in both directions and two encodings."""
import pathlib
import socket
import sys

import peers
import rig
from page import Page, open_server
from peers import LOOPBACK, LessonServer, Process

PROGRAM = pathlib.Path(peers.__file__)


def lesson_port():
    """7788, as in the lesson, or another one if that is taken."""
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((LOOPBACK, 7788))
            return 7788
        except OSError:
            return peers.free_port()


def lesson_client(bench, page, text, encoding):
    return bench.use(Process(sys.executable, '-B', PROGRAM, 'client', LOOPBACK, page.port, text, encoding,
                             tmp=bench.tmp))


def test_client_in_gbk_then_utf_8(bench):
    app = bench.start()
    page = open_server(app, str(lesson_port()))

    page.choose('Encoding', 'GBK')
    page.choose('Send encoding', 'GBK')
    first = lesson_client(bench, page, '你好，服务器', 'gbk')
    page.wait_row('12 bytes: 你好，服务器')
    page.send('你好，客户端')
    first.wait_output('你好，客户端\n'.encode())
    assert first.wait() == 0, first.errors()
    page.wait_row('peer closed')

    page.choose('Encoding', 'UTF-8')
    page.choose('Send encoding', 'UTF-8')
    second = lesson_client(bench, page, '你好，世界', 'utf-8')
    page.wait_row('15 bytes: 你好，世界')
    page.send('再见')
    second.wait_output('再见\n'.encode())
    assert second.wait() == 0, second.errors()

    # What came first is there too, in the encoding that is chosen now and in its own.
    page.wait_row('\\xC4\\xE3')
    page.choose('Encoding', 'GBK')
    page.wait_row('12 bytes: 你好，服务器')


def test_answer_by_the_button(bench):
    app = bench.start()
    page = open_server(app)
    page.choose('Send encoding', 'GBK')
    page.choose('Encoding', 'GBK')
    client = lesson_client(bench, page, '请回答', 'gbk')
    page.wait_row('请回答')
    page.type_message('收到了')
    page.byte_count.wait_text('6 bytes')
    page.press('Send')
    client.wait_output('收到了\n'.encode())


def converse(bench, encoding, name):
    app = bench.start()
    with LessonServer(encoding=encoding, port=lesson_port()) as server:
        app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, server.port))
        page = Page(app)
        page.wait_state('connected')
        page.choose('Send encoding', name)
        page.choose('Encoding', name)
        page.send('你好')
        server.wait_text('你好')
        page.wait_row('sent to %s:%d, %d bytes: 你好' % (LOOPBACK, server.port, len('你好'.encode(encoding))))
        page.wait_row('received from %s:%d, %d bytes: 收到' % (LOOPBACK, server.port, len('收到'.encode(encoding))))
        page.press('Disconnect')
        server.wait_event(LessonServer.PEER_CLOSED)
    page.wait_state('closed')


def test_server_in_gbk(bench):
    converse(bench, 'gbk', 'GBK')


def test_server_in_utf_8(bench):
    converse(bench, 'utf-8', 'UTF-8')


def test_server_as_a_program(bench):
    """The lesson's server decodes what we send and sees our end as recv() returning nothing."""
    port = lesson_port()
    app = bench.start()
    server = bench.use(Process(sys.executable, '-B', PROGRAM, 'server', port, 'gbk', tmp=bench.tmp, port=port))
    app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, port))
    page = Page(app)
    page.wait_state('connected')
    page.choose('Send encoding', 'GBK')
    page.send('来自客户端')
    page.choose('Encoding', 'GBK')
    page.wait_row('收到')
    page.press('Disconnect')
    server.wait_output('listening on port {}\n来自客户端\npeer closed\n'.format(port).encode())
    assert server.wait() == 0, server.errors()


def test_peer_closed_is_shown(bench):
    app = bench.start()
    with LessonServer(answer='') as server:
        app.activate('win.connect', 's', '%s:%d' % (LOOPBACK, server.port))
        page = Page(app)
        page.wait_state('connected')
        page.send('bye')
        server.wait_text('bye')
        server.close_client()
        page.wait_row('peer closed')
        page.wait_state('closed')
        rig.retry(lambda: page.addresses.text().startswith('peer closed'), 5, 'how it ended')
