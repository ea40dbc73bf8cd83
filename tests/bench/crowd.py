# SPDX-License-Identifier: GPL-3.0-or-later
"""Very many connections: a server page of the program beside socat and ncat, which make a process for each or end at 1,012."""
import os
import signal
import statistics
import subprocess
import time

from processes import free_port, listens, read_cpu, read_rss, wait_until

LOOPBACK = '127.0.0.1'
BACKLOG = 4096
N_SOCAT = 2000
N_NCAT = 1000
KIB = 1024

median = statistics.median


class Crowd:
    """Connections that are held until the end of the block."""

    def __init__(self, context, port, n, at_once=100):
        self.started = time.monotonic()
        self.process = subprocess.Popen([context.tool('crowd'), 'connect', str(port), str(n), str(at_once)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.n = n

    def __enter__(self):
        _, self.connected, failed, self.slowest = self.process.stdout.readline().split()
        _, self.accepted, left = self.process.stdout.readline().split()
        self.connected, self.accepted, self.slowest = map(float, (self.connected, self.accepted, self.slowest))
        self.n_accepted = self.n - int(failed) - int(left)
        return self

    def __exit__(self, *exception):
        self.process.stdin.close()
        self.process.wait(60)


class Peer:
    """socat or ncat, with the processes that it makes."""

    def __init__(self, *argv):
        self.port = free_port()
        self.argv = [argument.replace('PORT', str(self.port)) for argument in argv]

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        wait_until(lambda: listens(self.port), '%s listens' % self.argv[0])
        return self

    def __exit__(self, *exception):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)


def socat():
    return Peer('socat', 'TCP-LISTEN:PORT,bind=%s,reuseaddr,fork,backlog=%d' % (LOOPBACK, BACKLOG), 'PIPE')


def ncat():
    return Peer('ncat', '-k', '-l', '-m', '20000', LOOPBACK, 'PORT')


def server(context, *arguments):
    """The program with a page that listens with a long backlog, and its port."""
    port = free_port()
    program = context.program('--listen', '%s:%d' % (LOOPBACK, port), *arguments, settings='backlog=%d' % BACKLOG).__enter__()
    wait_until(lambda: listens(port), 'it listens')
    return program, port


def peer_rate(peer, context, n):
    with peer as running, Crowd(context, running.port, n) as crowd:
        return crowd.n_accepted / crowd.accepted, crowd.n_accepted


def count_descriptors(pid):
    return len(os.listdir('/proc/%d/fd' % pid))


def measure_crowd(context, n):
    """Accepting, listing, holding and ending n connections."""
    program, port = server(context)
    result = {}
    with program:
        few, rss = count_descriptors(program.pid), read_rss(program.pid)
        program.begin('crowd')
        with Crowd(context, port, n) as crowd:
            program.wait_idle(0.5)
            stats = program.end()
            assert stats['listed'] == n, 'only %d of %d are listed' % (stats['listed'], n)
            result['seconds'] = max(crowd.accepted, stats['listed_changed'] / 1e6 - crowd.started)
            result['memory'] = (read_rss(program.pid) - rss) / n
            result['work'] = max(stats['work_cpu']) / 1000
            cpu, begun = read_cpu(program.pid), time.monotonic()
            time.sleep(10)
            result['cpu'] = (read_cpu(program.pid) - cpu) / (time.monotonic() - begun) * 100
            begun = time.monotonic()
            program.call('win.close-tab')
            wait_until(lambda: count_descriptors(program.pid) < few + 10, 'all are closed', step=0.005)
            result['close'] = time.monotonic() - begun
    return result


def bench_crowd(context):
    """10,000 connections: accepted and listed, memory and processor of idle ones, closing; against socat and ncat"""
    report, n = context.report, 2000 if context.quick else 10000
    ours, socats, ncats = [], [], []
    for _ in range(min(context.rounds, 3)):
        ours.append(measure_crowd(context, n))
        socats.append(peer_rate(socat(), context, N_SOCAT))
        ncats.append(peer_rate(ncat(), context, N_NCAT))
    rate = median(n / result['seconds'] for result in ours)
    other = median(r for r, _ in socats)
    report.add('accept-%d' % n, '%.0f /s' % rate, '%.0f /s' % other, rate / other, '>= 2', rate >= 5000 and rate >= 2 * other,
               note='accepted and listed; at least 5,000 /s; peer: socat fork, %d; ncat -k, %d: %.0f /s'
               % (N_SOCAT, N_NCAT, median(r for r, _ in ncats)), raw={'ours': ours, 'socat': socats, 'ncat': ncats})
    report.at_most('idle-memory', median(r['memory'] for r in ours) / KIB, 4, 'KiB', note='for each of %d connections, window included' % n)
    report.at_most('idle-processor', median(r['cpu'] for r in ours), 2, '%', note='of one, with %d idle connections, in 10 s' % n)
    report.at_most('close-%d' % n, median(r['close'] for r in ours), 1, 's', note='from the action until no descriptor is left')


def bench_connect(context):
    """1,000 connects at once, with a backlog of 4096"""
    times = []
    program, port = server(context)
    with program:
        for _ in range(context.rounds):
            with Crowd(context, port, 1000, at_once=1000) as crowd:
                assert crowd.n_accepted == 1000
                times.append(crowd.accepted)
            program.wait_idle(0.3)
    context.report.at_most('connect-1000', max(times), 1, 's', note='all accepted, the slowest of %d rounds' % len(times), raw=times)


def echo(context, port):
    return tuple(map(float, subprocess.run([context.tool('crowd'), 'echo', str(port), '20000'], check=True, capture_output=True,
                                           text=True).stdout.split()))


def report_echo(context, name, ours, others, limits):
    for i, percent, limit in ((0, 50, limits[0]), (1, 99, limits[1])):
        own, other = median(times[i] for times in ours), median(times[i] for times in others)
        context.report.add('%s-p%d' % (name, percent), '%.1f us' % own, '%.1f us' % other, own / other, '<= %g' % limit,
                           own / other <= limit, raw={'ours': ours, 'socat': others})


def bench_echo(context):
    """64 bytes and back with the window open, against socat; the same with 10,000 idle connections"""
    n = 2000 if context.quick else 10000
    program, port = server(context, '--echo')
    alone, others, beside = [], [], []
    with program, socat() as peer:
        for _ in range(context.rounds):
            alone.append(echo(context, port))
            others.append(echo(context, peer.port))
        with Crowd(context, port, n):
            program.wait_idle(0.5)
            for _ in range(context.rounds):
                beside.append(echo(context, port))
                others.append(echo(context, peer.port))
    report_echo(context, 'echo-64', alone, others, (1.0, 1.5))
    report_echo(context, 'echo-64-beside-%d' % n, beside, others, (1.5, 2))
