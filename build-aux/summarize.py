#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""summarize.py FOLDER...

Sums up what `meson test` left in these build folders: prints the logs of the tests that failed and, as the last line,
"N passed, N failed, N skipped", counted by test case (a TAP program has many). Exit status 1 if any failed.
"""
import collections
import json
import os
import sys
import xml.etree.ElementTree

GOOD = ('OK', 'EXPECTEDFAIL')
TAIL = 16000                            # characters of a failed test's output


def count_cases(suite):
    """Test cases of one program, from its element in the JUnit file."""
    count = collections.Counter()
    for case in suite.iter('testcase'):
        if case.find('failure') is not None or case.find('error') is not None:
            count['failed'] += 1
        elif case.find('skipped') is not None:
            count['skipped'] += 1
        else:
            count['passed'] += 1
    return count


def read_folder(folder):
    """Yields (test, result, counts, output) for each test that ran there."""
    log = os.path.join(folder, 'meson-logs', 'testlog')
    # A program with cases of its own has an element named "project.test"; the others share one, and count as one case each.
    suites = {}
    try:
        for suite in xml.etree.ElementTree.parse(log + '.junit.xml').getroot().iter('testsuite'):
            suites[suite.get('name').partition('.')[2]] = suite
        with open(log + '.json', encoding='utf-8') as f:
            tests = [json.loads(line) for line in f]
    except (OSError, xml.etree.ElementTree.ParseError, ValueError) as e:
        yield 'build', 'ERROR', collections.Counter(failed=1), 'It was not built, or no tests ran: see above (%s).' % e
        return
    for test in tests:
        result = test['result']
        count = collections.Counter()
        if test['name'] in suites:
            count = count_cases(suites[test['name']])
        if result not in GOOD + ('SKIP',):
            # Crashed or ran out of time between two cases, or has none.
            count['failed'] = max(count['failed'], 1)
        elif not count:
            count['skipped' if result == 'SKIP' else 'passed'] += 1
        output = '\n'.join(filter(None, (test.get('stdout'), test.get('stderr'))))
        yield test['name'], result, count, '%s\n(exit status %s)' % (output, test.get('returncode'))


def main(folders):
    total = collections.Counter()
    failed = []
    for folder in folders:
        for name, result, count, output in read_folder(folder):
            total.update(count)
            if count['failed']:
                failed.append((os.path.basename(folder), name, result, output))
    for folder, name, result, output in failed:
        print('\n=== %s: %s in %s' % (result, name, folder))
        print(output if len(output) <= TAIL else '[…]\n' + output[-TAIL:])
    if failed:
        print('\nFailed: ' + ', '.join('%s (%s)' % (name, folder) for folder, name, _, _ in failed))
    print('%d passed, %d failed, %d skipped' % (total['passed'], total['failed'], total['skipped']))
    return 1 if total['failed'] or not total['passed'] else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
