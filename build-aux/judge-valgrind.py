#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge-valgrind.py FOLDER FILE.xml...

Reads what memcheck wrote of programs that were built in FOLDER: prints the errors (invalid accesses, use of what is not initialized, memory
that is definitely lost) that have a function of ours in one of their stacks, then a line that counts. Exit status 1 if there are any, or nothing
to judge. main() does not count: it is below all that the main loop does, be it ours or not.
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

# Reachable memory and what may be reachable is no error.
IGNORED = ('Leak_PossiblyLost', 'Leak_StillReachable', 'Leak_IndirectlyLost')


def is_ours(frame, folder):
    return frame.findtext('obj', '').startswith(folder) and frame.findtext('fn') != 'main'


def describe(error):
    yield error.findtext('what') or error.findtext('xwhat/text')
    for stack in error.iter('stack'):
        for frame in stack.iter('frame'):
            place = '%s:%s' % (frame.findtext('file'), frame.findtext('line')) if frame.find('file') is not None else frame.findtext('obj', '?')
            yield '    %s (%s)' % (frame.findtext('fn', '?'), place)
        yield ''


def main(folder, files):
    ours, others = [], 0
    for name in files:
        root = ElementTree.parse(name).getroot()
        # A program that was killed has not looked for leaks.
        if not any(status.findtext('state') == 'FINISHED' for status in root.iter('status')):
            print('%s is not complete' % name)
            return 1
        for error in root.iter('error'):
            if error.findtext('kind') in IGNORED:
                continue
            if any(is_ours(frame, folder) for frame in error.iter('frame')):
                ours.append(error)
            else:
                others += 1
    for error in ours:
        print('\n'.join(describe(error)))
    print('%d errors of ours, %d of libraries alone' % (len(ours), others))
    return 1 if ours or not files else 0


if __name__ == '__main__':
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()) + '/', sys.argv[2:]))
