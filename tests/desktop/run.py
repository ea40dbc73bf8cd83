#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py --source TOP --build FOLDER TEST.py [NAME...]

Runs the functions test_* of a file (or only those named), each with a program of its own, on an X display and a session bus of
their own, and prints TAP. A test gets a Bench (below). When it fails, a screenshot and the program's output are kept in
BUILD/tests/desktop/failures/.
"""
import argparse
import contextlib
import importlib.util
import os
import pathlib
import re
import shlex
import shutil
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
# Programs without which no test can be made, and a module.
NEEDED = ('Xvfb', 'openbox', 'xprop', 'dbus-run-session', 'xdotool', 'import')
# What GTK 4.8 itself says when a window goes whose entry has the focus.
KNOWN = re.compile('GtkText - did not receive a focus-out event')
# A program to run the program with, and its options (valgrind).
WRAPPER = shlex.split(os.environ.get('RIG_WRAPPER', ''))
WARNING = re.compile(r'(WARNING|CRITICAL|ERROR) \*\*|runtime error:|AddressSanitizer|LeakSanitizer')


class Bench:
    """What a test function works with."""

    def __init__(self, rig, program, build, tmp):
        self.rig = rig
        self.program = pathlib.Path(program).resolve()
        self.build = build
        self.tmp = tmp                              # an empty folder, removed after the test
        self.allowed_warnings = None                # a pattern: warnings of the program that the test provokes
        self.apps = []
        self.things = contextlib.ExitStack()

    def environment(self):
        """The environment of a program that is run from the build folder, with the test's own folders."""
        return dict(os.environ, HOME=str(self.tmp),
                    XDG_CONFIG_HOME=str(self.tmp / 'config'), XDG_DATA_HOME=str(self.tmp / 'data'),
                    XDG_STATE_HOME=str(self.tmp / 'state'), XDG_CACHE_HOME=str(self.tmp / 'cache'),
                    GSETTINGS_SCHEMA_DIR=str(self.build / 'data'), SOCKETEER_LOCALEDIR=str(self.build / 'po'))

    def start(self, *arguments, env=None, language=None, dark=False):
        """Starts the program and waits for its window. It is closed when the test ends, and must end well."""
        environment = self.environment()
        environment.update(LANGUAGE=language or '', ADW_DEBUG_COLOR_SCHEME='prefer-dark' if dark else 'prefer-light',
                           **(env or {}))
        log = self.tmp / ('program-%d.log' % len(self.apps))
        app = self.rig.App([*WRAPPER, str(self.program), *map(str, arguments)], log=str(log), env=environment)
        self.apps.append(app)
        return app

    def use(self, thing):
        """Enters a context manager (a peer) until the test ends."""
        return self.things.enter_context(thing)

    def finish(self):
        """After a test that went well: so must the end be."""
        for app in self.apps:
            if app.proc.poll() is None:
                status = app.quit()
                assert status == 0, 'the program ended with %s' % status
            bad = [line for line in app.output().splitlines()
                   if WARNING.search(line) and not KNOWN.search(line)
                   and not (self.allowed_warnings and re.search(self.allowed_warnings, line))]
            assert not bad, 'the program warned:\n' + '\n'.join(bad)

    def clean(self):
        for app in self.apps:
            app.stop()
        self.things.close()


def comment(text):
    for line in str(text).splitlines():
        print('# ' + line)


def keep(bench, folder, name):
    """What helps to understand a failure, for as long as the build folder is there."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        bench.rig.shot(str(folder / (name + '.png')))
        comment('screenshot: %s' % (folder / (name + '.png')))
    except Exception as e:
        comment('no screenshot: %s' % e)
    for log in sorted(bench.tmp.glob('program-*.log')):
        text = log.read_text(encoding='utf-8', errors='replace')
        (folder / ('%s-%s' % (name, log.name))).write_text(text, encoding='utf-8')
        comment('--- %s (the end of it)' % log.name)
        comment(text[-4000:])


def run_test(rig, function, program, build):
    """Returns ('ok' or 'not ok', rest of the TAP line)."""
    tmp = pathlib.Path(tempfile.mkdtemp(prefix='socketeer-test.'))
    bench = Bench(rig, program, build, tmp)
    try:
        function(bench)
        bench.finish()
        return 'ok', ''
    except rig.Skip as e:
        return 'ok', ' # SKIP %s' % e
    except Exception:
        comment(traceback.format_exc())
        keep(bench, build / 'tests' / 'desktop' / 'failures', function.__name__)
        return 'not ok', ''
    finally:
        bench.clean()
        shutil.rmtree(tmp, ignore_errors=True)


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--source', type=pathlib.Path, required=True)
    parser.add_argument('--build', type=pathlib.Path, required=True)
    parser.add_argument('--program', type=pathlib.Path)
    parser.add_argument('--inside', action='store_true', help='the display and the bus are there')
    parser.add_argument('file', type=pathlib.Path)
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()

    missing = [program for program in NEEDED if shutil.which(program) is None]
    if importlib.util.find_spec('gi') is None:
        missing.append('the Python module gi')
    if missing:
        print('1..0 # SKIP not installed: %s' % ', '.join(missing))
        return 0
    if not options.inside:
        os.execv(HERE / 'with-x.sh', [str(HERE / 'with-x.sh'), sys.executable, str(HERE / 'run.py'), '--inside', *sys.argv[1:]])

    sys.dont_write_bytecode = True
    sys.path.insert(0, str(HERE))
    import rig
    module = load(options.file.resolve())
    tests = [f for name, f in vars(module).items() if name.startswith('test_') and callable(f)
             and (not options.names or name in options.names)]
    build = options.build.resolve()
    program = options.program or build / 'src' / 'socketeer'
    failed = 0
    print('1..%d' % len(tests), flush=True)
    for number, test in enumerate(tests, 1):
        started = time.monotonic()
        status, rest = run_test(rig, test, program, build)
        comment('%.1f s' % (time.monotonic() - started))
        print('%s %d - %s%s' % (status, number, test.__name__[5:].replace('_', '-'), rest), flush=True)
        failed += status != 'ok'
    return 1 if failed or not tests else 0


if __name__ == '__main__':
    sys.exit(main())
