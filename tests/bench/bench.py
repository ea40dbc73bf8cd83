#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what docs/performance.md describes. Run by build-aux/bench, on a display and a session bus of its own."""
import argparse
import json
import os
import pathlib
import platform
import random
import shutil
import statistics
import subprocess
import sys
import time

from crowd import bench_connect, bench_crowd, bench_echo       # noqa: F401: found by their names
from kernel import bench_kernel                               # noqa: F401
from processes import free_port, listens, read_cpu, read_rss, wait_until

MIB = 1 << 20
GIB = 1 << 30
LOOPBACK = '127.0.0.1'

median = statistics.median


class Missing(Exception):
    """Something that this figure needs is not there."""


# -- printing -------------------------------------------------------------------------------------------------------------

class Report:
    """A line for each figure, as soon as it is known."""

    def __init__(self):
        self.figures = []

    def head(self):
        print('%-26s %14s %14s %7s %10s  %s' % ('figure', 'ours', 'peer', 'ratio', 'target', ''), flush=True)

    def add(self, name, ours, peer='', ratio=None, target='', reached=None, note='', **raw):
        """ours, peer: texts. reached: None if there is no target."""
        verdict = '' if reached is None else 'reached' if reached else 'not reached'
        print('%-26s %14s %14s %7s %10s  %s' % (name, ours, peer, '' if ratio is None else '%.2f' % ratio, target,
                                                 '; '.join(filter(None, (verdict, note)))), flush=True)
        self.figures.append({'name': name, 'ours': ours, 'peer': peer, 'ratio': ratio, 'target': target, 'reached': reached,
                             'note': note, **raw})

    def at_least(self, name, ours, peer, ratio, target, **rest):
        self.add(name, ours, peer, ratio, '>= %g' % target, ratio >= target, **rest)

    def at_most(self, name, value, limit, unit, **rest):
        self.add(name, '%.1f %s' % (value, unit), target='<= %g %s' % (limit, unit), reached=value <= limit, **rest)


def percentile(values, percent):
    """Of all values of several lists."""
    ordered = sorted(value for some in values for value in some)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def rate(size, seconds):
    return '%.2f GB/s' % (size / seconds / 1e9)


def ms(microseconds):
    return microseconds / 1000


# -- what all use -----------------------------------------------------------------------------------------------------------

class Context:
    def __init__(self, options, report):
        self.build = options.build.resolve()
        self.folder = (options.folder or self.build / 'bench-data').resolve()
        self.rounds = options.rounds
        self.quick = options.quick
        self.size = options.size
        self.report = report

    def tool(self, name):
        path = self.build / 'tests' / 'bench' / ('bench-' + name)
        if not path.exists():
            raise Missing('tests/bench/bench-%s is not built' % name)
        return str(path)

    def clean(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def settle(self):
        """What the round before has left to be written is not this one's load."""
        subprocess.run(['sync', '-f', str(self.folder)], check=True)
        time.sleep(0.2)

    def warm(self, size):
        """Memory that a virtual machine has to get from its host first costs more than all the rest, and both would pay for it: so as
        much page cache is filled and freed just before."""
        path = self.folder / 'warm'
        block = bytes(MIB)
        with open(path, 'wb', buffering=0) as f:
            for _ in range(size // MIB * 5 // 4):
                f.write(block)
        path.unlink()

    def program(self, *arguments, **options):
        from program import Program         # needs GLib's bindings, which --list does not
        return Program(self.build, self.folder, *arguments, **options)

    def server(self):
        """The program with a page that listens: returns it and the port."""
        port = free_port()
        program = self.program('--listen', '%s:%d' % (LOOPBACK, port)).__enter__()
        wait_until(lambda: listens(port), 'it listens')
        return program, port

    def send(self, port, size, kind='lines', piece=0):
        """Seconds until the peer has ended the connection, and when it began."""
        arguments = [self.tool('send'), '--kind', kind, *(['--piece', str(piece)] if piece else []), str(port), str(size)]
        seconds, _, started = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.split()
        return float(seconds), float(started)


def make_lines(path, size):
    """Lines of 20 to 120 characters, the same every time, and two rare ones at three quarters."""
    words = ('the quick brown fox jumps over the lazy dog 0123456789 temperature=21.5 humidity=47 ok ' * 3).encode()
    rand = random.Random(1)
    block = bytearray()
    while len(block) < 16 * MIB:
        start = rand.randrange(40)
        block += words[start:start + rand.randrange(20, 121)] + b'\n'
    block = bytes(block[:16 * MIB - 1]) + b'\n'
    with open(path, 'wb') as f:
        for _ in range(size // len(block)):
            f.write(block)
        f.seek(size * 3 // 4)
        f.write(b'\nZqXv7!\nErrorCode=0xDEADBEEF;end\n')


# -- receiving ----------------------------------------------------------------------------------------------------------------

def receive_socat(context, kind):
    port, path = free_port(), context.folder / 'socat'
    with subprocess.Popen(['socat', '-u', '-b1048576', 'TCP-LISTEN:%d,bind=%s,reuseaddr' % (port, LOOPBACK),
                           'OPEN:%s,creat,trunc' % path]) as process:
        wait_until(lambda: listens(port), 'socat listens')
        context.warm(context.size)
        seconds, _ = context.send(port, context.size, kind)
        process.wait(60)
    assert path.stat().st_size == context.size
    path.unlink()
    context.settle()
    return seconds


def receive_window(context, kind):
    program, port = context.server()
    with program:
        context.warm(context.size)
        program.begin('receive')
        seconds, _ = context.send(port, context.size, kind)
        stats = program.end()
        assert program.payload_size() >= context.size
    context.settle()
    return seconds, stats


def receive_core(context, kind):
    port = free_port()
    with subprocess.Popen([context.tool('receive'), str(context.folder), str(port)], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: listens(port), 'bench-receive listens')
        context.warm(context.size)
        seconds, _ = context.send(port, context.size, kind)
        process.stdin.close()
        process.wait(60)
    context.settle()
    return seconds


def report_frames(report, kind, frames):
    every = {key: [stats[key] for stats in frames] for key in ('work', 'work_cpu', 'frame', 'late')}
    value = {(key, percent): ms(percentile(lists, percent)) for key, lists in every.items() for percent in (50, 99, 100)}
    report.at_most('frame-work-' + kind, value['work_cpu', 99], 4, 'ms',
                   note='p99 of %d frames, computed (p50 %.1f); by the clock p50 %.1f, p99 %.1f; with painting p50 %.1f, p99 %.1f ms'
                   % (sum(map(len, every['work'])), value['work_cpu', 50], value['work', 50], value['work', 99], value['frame', 50],
                      value['frame', 99]), raw=frames)
    report.at_most('timer-late-' + kind, value['late', 99], 16, 'ms', note='p99; p50 %.1f, worst %.1f ms'
                   % (value['late', 50], value['late', 100]))


def bench_receive(context):
    """receive and keep at full speed, window open and following; its frames; a timer's lateness"""
    report, size = context.report, context.size
    for kind in ('lines', 'random'):
        socat, ours, core, frames = [], [], [], []
        for _ in range(context.rounds):
            socat.append(receive_socat(context, kind))
            seconds, stats = receive_window(context, kind)
            ours.append(seconds)
            frames.append(stats)
            core.append(receive_core(context, kind))
        report.at_least('receive-' + kind, rate(size, median(ours)), rate(size, median(socat)), median(socat) / median(ours), 1.1,
                        raw={'ours': ours, 'socat': socat})
        report.add('receive-%s-no-window' % kind, rate(size, median(core)), rate(size, median(socat)), median(socat) / median(core),
                   raw={'ours': core, 'socat': socat})
        report_frames(report, kind, frames)


# -- sending a file -------------------------------------------------------------------------------------------------------------

def sink(context, port):
    """Receives and throws away, as fast as can be, and ends when the peer does."""
    process = subprocess.Popen(['socat', '-u', '-b1048576', 'TCP-LISTEN:%d,bind=%s,reuseaddr' % (port, LOOPBACK),
                                'OPEN:/dev/null,wronly'])
    wait_until(lambda: listens(port), 'socat listens')
    return process


def send_file_socat(path, context, *options):
    port = free_port()
    with sink(context, port) as peer:
        start = time.monotonic()
        subprocess.run(['socat', '-u', *options, 'FILE:%s' % path, 'TCP:%s:%d' % (LOOPBACK, port)], check=True)
        peer.wait(120)
        seconds = time.monotonic() - start
    return seconds


def send_file_core(path, context):
    port = free_port()
    with sink(context, port) as peer:
        done = subprocess.run([context.tool('file'), str(context.folder), str(port), str(path)], check=True, capture_output=True,
                              text=True)
        peer.wait(120)
    context.settle()
    seconds, grown, _ = done.stdout.split(' ', 2)
    return float(seconds), int(grown) / 1024


def bench_file(context):
    """send a file and keep what was sent, against socat, which keeps nothing; memory meanwhile"""
    path, size = context.folder / 'file', context.size
    make_lines(path, size)
    socat, large, ours, grown = [], [], [], []
    for _ in range(context.rounds):
        socat.append(send_file_socat(path, context))
        large.append(send_file_socat(path, context, '-b1048576'))
        context.warm(size)
        seconds, memory = send_file_core(path, context)
        ours.append(seconds)
        grown.append(memory)
    context.report.at_least('send-file', rate(size, median(ours)), rate(size, median(socat)), median(socat) / median(ours), 0.9,
                            note='socat -b1M: %s' % rate(size, median(large)), raw={'ours': ours, 'socat': socat, 'large': large})
    context.report.at_most('send-file-memory', median(grown), 32, 'MiB', note='at most, above the start', raw=grown)
    path.unlink()


# -- size -----------------------------------------------------------------------------------------------------------------------

def wait_exact(program):
    """Until nothing is left to be indexed and drawn."""
    program.wait_idle(0.5)


def bench_large(context):
    """memory while 8 GiB come in, and jumps to any place in them"""
    size = GIB if context.quick else 8 * GIB
    program, port = context.server()
    with program:
        before = read_rss(program.pid)
        context.send(port, size)
        wait_exact(program)
        after, most = read_rss(program.pid), read_rss(program.pid, 'VmHWM')
        context.report.at_most('memory-%d-gib' % (size // GIB), (after - before) / MIB, 64, 'MiB',
                               note='at most %.0f MiB' % ((most - before) / MIB), raw={'before': before, 'after': after, 'most': most})
        rand = random.Random(2)
        program.begin('jump')
        for _ in range(30):
            program.call('win.stats-scroll', rand.random())
            time.sleep(0.15)
        stats = program.end()
    shown = [ms(action['shown']) for action in stats['actions']]
    context.report.at_most('jump-%d-gib' % (size // GIB), median(shown), 16.7, 'ms',
                           note='until painted, median of 30; slowest %.1f; work of a frame at most %.1f ms'
                           % (max(shown), ms(max(stats['work']))), raw=stats)
    context.settle()


def bench_records(context):
    """memory for 20 million records of 20 bytes"""
    n = 2000000 if context.quick else 20000000
    sessions = context.folder / 'state' / 'socketeer' / 'sessions'
    sessions.mkdir(parents=True)
    subprocess.run([context.tool('index'), 'records', str(sessions), str(n)], check=True, stdout=subprocess.DEVNULL)
    with context.program() as program:
        before = read_rss(program.pid)
        program.call('win.recover-show')
        program.begin('records')
        wait_exact(program)
        for place in (0.5, 0.0, 1.0):
            program.call('win.stats-scroll', place)
            time.sleep(0.2)
        after, most = read_rss(program.pid), read_rss(program.pid, 'VmHWM')
        stats = program.end()
    assert stats['upper'] > 10 * n, 'not all rows are there'
    context.report.at_most('memory-%d-m-records' % (n // 1000000), (after - before) / MIB, 64, 'MiB',
                           note='a journal that was written before; at most %.0f MiB' % ((most - before) / MIB), raw=stats)
    context.settle()


def bench_messages(context):
    """messages of 20 bytes, each sent by itself: how many become how many reads, and memory"""
    n = 2000000 if context.quick else 20000000
    program, port = context.server()
    with program:
        before = read_rss(program.pid)
        seconds, _ = context.send(port, 20 * n, piece=20)
        wait_exact(program)
        growth = (read_rss(program.pid) - before) / MIB
        records = next(program.state.glob('socketeer/sessions/*/records')).stat().st_size // 48
    context.report.at_most('memory-%d-m-messages' % (n // 1000000), growth, 64, 'MiB',
                           note='%.2f million a second came in %.2f million reads' % (n / seconds / 1e6, records / 1e6))
    context.settle()


# -- switching --------------------------------------------------------------------------------------------------------------------

SWITCHES = [('view', 'hex'), ('view', 'both'), ('view', 'text'), ('mode', 'stream'), ('mode', 'frames'), ('mode', 'reads'),
            ('encoding', 'gb18030'), ('encoding', 'utf-8'), ('view', 'hex'), ('mode', 'stream'), ('view', 'text'), ('mode', 'reads')]


def bench_switch(context):
    """switching views at 1 GiB, until the right page is painted"""
    size = GIB // 4 if context.quick else GIB
    times = {}
    program, port = context.server()
    with program:
        context.send(port, size)
        wait_exact(program)
        there = program.actions()
        for i in range(context.rounds):
            program.call('win.stats-scroll', (1.0, 0.5, 0.2, 0.8, 0.01)[i % 5])
            time.sleep(0.3)
            program.begin('switch')
            for action, value in SWITCHES:
                if action in there:
                    program.call('win.' + action, value)
                    time.sleep(0.4)
            for action in program.end()['actions']:
                times.setdefault('%s %s' % (action['name'], action['parameter'].strip("'")), []).append(ms(action['shown']))
            wait_exact(program)
    slowest = max(median(values) for values in times.values())
    missing = sorted({action for action, _ in SWITCHES if action not in there})
    context.report.at_most('switch', slowest, 50, 'ms',
                           note='slowest of the medians (%s)%s' % (', '.join('%s %.0f' % (k, median(v)) for k, v in times.items()),
                                                                   '; no action for ' + ', '.join(missing) if missing else ''),
                           raw=times)
    context.settle()


# -- hostile ------------------------------------------------------------------------------------------------------------------------

def slowest_frame(context, kind, size):
    program, port = context.server()
    with program:
        program.begin('hostile')
        context.send(port, size, kind)
        wait_exact(program)
        for view in ('text', 'hex', 'both', 'text'):
            program.call('win.view', view)
            for place in (0.3, 0.0, 0.7, 1.0):
                program.call('win.stats-scroll', place)
                time.sleep(0.1)
        stats = program.end()
    return ms(max(stats['frame'])), ms(max(stats['work_cpu']))


def bench_hostile(context):
    """slowest frame with a line of 1 MiB, one of 100 MB, 1 MiB of combining marks; beside it the same with ordinary lines"""
    for name, kind, size in (('line-1-mib', 'one-line', MIB), ('line-100-mb', 'one-line', 100000000), ('marks-1-mib', 'marks', MIB)):
        results, ordinary = [], []
        for _ in range(context.rounds):
            results.append(slowest_frame(context, kind, size))
            ordinary.append(slowest_frame(context, 'lines', MIB))
        context.report.at_most(name, median(frame for frame, _ in results), 33, 'ms', peer='%.1f ms' % median(f for f, _ in ordinary),
                               note='slowest frame, painted; computed before painting %.1f ms; peer: 1 MiB of lines'
                               % median(work for _, work in results), raw={'ours': results, 'lines': ordinary})
    context.settle()


# -- core ---------------------------------------------------------------------------------------------------------------------------

def time_command(*argv):
    started = time.monotonic()
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=False)
    return time.monotonic() - started


def bench_index(context):
    """row index over 1 GiB of text lines, against wc -l"""
    size = GIB // 4 if context.quick else GIB
    path = context.folder / 'lines'
    make_lines(path, size)
    times = {'reads': [], 'stream': [], 'wc': []}
    with subprocess.Popen([context.tool('index'), 'lines', str(context.folder), str(path)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == 'ready\n'
        for _ in range(context.rounds):
            times['wc'].append(time_command('wc', '-l', str(path)))
            for mode in ('reads', 'stream'):
                print(mode, file=process.stdin, flush=True)
                times[mode].append(float(process.stdout.readline().split()[0]))
        process.stdin.close()
    for mode in ('reads', 'stream'):
        context.report.at_least('index-' + mode, rate(size, median(times[mode])), rate(size, median(times['wc'])),
                                median(times['wc']) / median(times[mode]), 0.3, raw=times)
    path.unlink()


def bench_find(context):
    """find all of a rare pattern in 1 GiB in the page cache, against rg and grep"""
    search, size = context.tool('search'), GIB // 4 if context.quick else GIB
    path, journal = context.folder / 'lines', context.folder / 'journal'
    make_lines(path, size)
    subprocess.run([search, '--create=%s' % path, str(journal)], check=True, stdout=subprocess.DEVNULL)
    for pattern in ('ZqXv7!', 'ErrorCode=0xDEADBEEF;en'):
        ours, rg, grep = [], [], []
        for _ in range(context.rounds):
            rg.append(time_command('rg', '-c', '-F', '-a', pattern, str(path)))
            count, seconds = subprocess.run([search, str(journal), pattern], check=True, capture_output=True, text=True).stdout.split()
            assert int(count) == 1
            ours.append(float(seconds))
            grep.append(time_command('grep', '-c', '-F', '-a', pattern, str(path)))
        context.report.at_least('find-%d' % len(pattern), rate(size, median(ours)), rate(size, median(rg)), median(rg) / median(ours), 1.0,
                                note='grep %s' % rate(size, median(grep)), raw={'ours': ours, 'rg': rg, 'grep': grep})
    shutil.rmtree(journal)
    path.unlink()


# -- GtkTextView --------------------------------------------------------------------------------------------------------------------

def show_in_text_view(context, size):
    port = free_port()
    with subprocess.Popen([context.tool('text-view'), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          env=dict(os.environ, GTK_A11Y='none')) as process:
        wait_until(lambda: listens(port), 'bench-text-view listens')
        _, started = context.send(port, size)
        line = next(line for line in process.stdout if line.startswith('scrolled'))
        memory = read_rss(process.pid)
        process.stdin.close()
        process.wait(60)
    return float(line.split()[1]) - started, memory


def show_in_ours(context, size):
    program, port = context.server()
    with program:
        program.begin('lines')
        _, started = context.send(port, size)
        wait_exact(program)
        memory = read_rss(program.pid)
        stats = program.end()
    return stats['upper_changed'] / 1e6 - started, memory


def bench_text_view(context):
    """100 MiB of text lines in a plain GtkTextView and in ours: until all can be scrolled, and memory"""
    size = 8 * MIB if context.quick else 100 * MIB
    plain, ours = [], []
    for _ in range(context.rounds if context.quick else 1):
        plain.append(show_in_text_view(context, size))
        ours.append(show_in_ours(context, size))
    seconds = [median(s for s, _ in results) for results in (ours, plain)]
    memory = [median(m for _, m in results) for results in (ours, plain)]
    context.report.add('text-view-time', '%.2f s' % seconds[0], '%.2f s' % seconds[1], seconds[1] / seconds[0],
                       note='%d MiB of lines until all can be scrolled' % (size // MIB), raw={'ours': ours, 'plain': plain})
    context.report.add('text-view-memory', '%.0f MiB' % (memory[0] / MIB), '%.0f MiB' % (memory[1] / MIB), memory[1] / memory[0])
    context.settle()


# -- starting -----------------------------------------------------------------------------------------------------------------

IDLE_SECONDS = 10


def start_empty(context):
    """Seconds until the first frame is painted, and resident memory after that."""
    started = time.monotonic()
    with subprocess.Popen([context.tool('empty')], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          env=dict(os.environ, GTK_A11Y='none', LANGUAGE='')) as process:
        shown = float(process.stdout.readline().split()[1])
        time.sleep(1)
        memory = read_rss(process.pid)
        process.stdin.close()
        process.wait(60)
    return shown - started, memory


def start_ours(context):
    with context.program() as program:
        time.sleep(1)
        program.begin('start')
        shown = program.end()['first'] / 1e6
        return shown - program.started, read_rss(program.pid)


def idle_processor(context):
    """Percent of a processor, with nothing that watches."""
    with context.program(is_watched=False) as program:
        time.sleep(1)
        before, begun = read_cpu(program.pid), time.monotonic()
        time.sleep(IDLE_SECONDS)
        return (read_cpu(program.pid) - before) / (time.monotonic() - begun) * 100


def bench_start(context):
    """starting: until the first frame is painted, memory, and the processor afterwards; against an empty AdwApplicationWindow"""
    empty, ours = [], []
    for i in range(context.rounds + 1):
        results = start_empty(context), start_ours(context)
        if i > 0:                           # the first reads the files of both from the disk
            empty.append(results[0])
            ours.append(results[1])
    for name, index, unit, scale in ('start-time', 0, 'ms', 1e-3), ('start-memory', 1, 'MiB', MIB):
        values = [median(result[index] for result in results) for results in (ours, empty)]
        context.report.add(name, '%.0f %s' % (values[0] / scale, unit), '%.0f %s' % (values[1] / scale, unit), values[0] / values[1],
                           '<= 1.3', values[0] / values[1] <= 1.3, raw={'ours': ours, 'empty': empty})
    context.report.at_most('start-idle', idle_processor(context), 0, '%', note='of a processor, %d s after it' % IDLE_SECONDS)


# -- main -----------------------------------------------------------------------------------------------------------------------------

BENCHES = {name[6:].replace('_', '-'): function for name, function in list(globals().items()) if name.startswith('bench_')}


def describe_machine():
    with open('/proc/meminfo', encoding='ascii') as f:
        memory = int(f.readline().split()[1]) * 1024 / GIB
    return '%d processors (%s), %.0f GiB, Linux %s' % (os.cpu_count(), platform.machine(), memory, platform.release().split('-')[0])


def parse():
    parser = argparse.ArgumentParser(prog='build-aux/bench', description=__doc__)
    parser.add_argument('names', nargs='*', metavar='NAME', help='only these (see --list)')
    parser.add_argument('--build', type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument('--quick', action='store_true', help='smaller sizes')
    parser.add_argument('--rounds', type=int, default=5, metavar='N', help='5')
    parser.add_argument('--size', type=int, metavar='BYTES', help='received at full speed: 2 GiB')
    parser.add_argument('--json', type=pathlib.Path, metavar='FILE', help='all raw figures')
    parser.add_argument('--folder', type=pathlib.Path, help='where files are written: on the disk that is to be measured')
    parser.add_argument('--list', action='store_true', help='what there is')
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown:
        parser.error('no such bench: %s. There are %s' % (', '.join(unknown), ', '.join(BENCHES)))
    options.size = (options.size or (GIB // 2 if options.quick else 2 * GIB)) // MIB * MIB
    return options


def main():
    options = parse()
    if options.list:
        for name, function in BENCHES.items():
            print('%-12s %s' % (name, function.__doc__))
        return 0
    report, failed = Report(), False
    context = Context(options, report)
    print('# %s; medians of %d rounds' % (describe_machine(), options.rounds))
    report.head()
    for name in options.names or BENCHES:
        context.clean()
        try:
            BENCHES[name](context)
        except Missing as e:
            print('%-26s not measured: %s' % (name, e), flush=True)
        except (OSError, ValueError, AssertionError, TimeoutError, subprocess.SubprocessError) as e:
            print('%-26s failed: %s' % (name, e), flush=True)
            failed = True
    shutil.rmtree(context.folder, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps({'machine': describe_machine(), 'rounds': options.rounds, 'figures': report.figures},
                                           indent=1), encoding='utf-8')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
