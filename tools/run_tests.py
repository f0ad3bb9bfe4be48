#!/usr/bin/env python3
"""Runs every unit test program of a build folder, then the end-to-end tests; ends with one line of counts.

Usage: run_tests.py BUILD_FOLDER [--all]. What cannot run here is counted as skipped, never as passed.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

UNIT_LIMIT, E2E_LIMIT, FUZZ_LIMIT = 300, 1500, 1200  # seconds, for a whole program; fuzzing builds with clang first


class Counts:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0


def make_day(folder):
    """The deliveries that timeline_test replays (docs/day.md), as a file; None where node cannot make them."""
    path = folder / 'day.jsonl'
    if not shutil.which('node'):
        return None
    with open(path, 'w') as file:
        made = subprocess.run(['node', 'tests/support/day.mjs'], stdin=subprocess.DEVNULL, stdout=file)
    return str(path) if made.returncode == 0 else None


def run_unit(program, counts, environment):
    with tempfile.NamedTemporaryFile(suffix='.json') as report:
        try:
            done = subprocess.run([program, f'--gtest_output=json:{report.name}', '--gtest_brief=1'],
                                  env=environment, timeout=UNIT_LIMIT, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace')
            output, code = done.stdout, done.returncode
        except subprocess.TimeoutExpired as late:
            output, code = f'{(late.stdout or b"")!s}\nstill running after {UNIT_LIMIT} s', 1
        passed = failed = skipped = 0
        try:
            for suite in json.load(open(report.name))['testsuites']:
                for test in suite['testsuite']:
                    if test.get('result') == 'SKIPPED':
                        skipped += 1
                    elif test.get('failures'):
                        failed += 1
                    elif test.get('status') == 'RUN':
                        passed += 1
        except (ValueError, KeyError):
            pass  # it died before it could report: the exit code says so
        if code != 0 and failed == 0:
            failed = 1
    counts.passed, counts.failed, counts.skipped = (
        counts.passed + passed, counts.failed + failed, counts.skipped + skipped)
    print(f'{"ok  " if failed == 0 else "FAIL"} {program.name}: {passed} passed'
          + (f', {failed} failed' if failed else '') + (f', {skipped} skipped' if skipped else ''), flush=True)
    if failed:
        print(output[-20000:], flush=True)


def run_end_to_end(folder, counts, environment, everything):
    """Node's own runner says at its end '# pass N', '# fail N', '# skipped N'."""
    command = ['npm', 'test', '--silent', '--prefix', 'tests']
    environment = dict(environment, HOOKLINE_BIN=str(folder / 'src/app/hookline'))
    if everything:
        environment['HOOKLINE_TEST_ALL'] = '1'
    try:
        done = subprocess.run(command, env=environment, timeout=E2E_LIMIT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace')
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, code = f'{(late.stdout or b"")!s}\nstill running after {E2E_LIMIT} s', 1
    found = {word: sum(int(n) for n in re.findall(rf'^(?:#|ℹ) {word} (\d+)', output, re.M))
             for word in ('pass', 'fail', 'skipped', 'cancelled', 'todo')}
    failed = found['fail'] + found['cancelled']
    if code != 0 and failed == 0:
        failed = 1
    if found['pass'] == 0 and failed == 0:
        failed, output = 1, output + '\nno end-to-end test ran'
    counts.passed += found['pass']
    counts.failed += failed
    counts.skipped += found['skipped'] + found['todo']
    print(f'{"ok  " if failed == 0 else "FAIL"} end to end: {found["pass"]} passed'
          + (f', {failed} failed' if failed else '')
          + (f', {found["skipped"]} skipped' if found['skipped'] else ''), flush=True)
    if failed:
        print(output[-40000:], flush=True)


def run_fuzzers(counts):
    """The language's and every service's corpus is replayed, then fuzzed for seconds (tools/fuzz.sh for longer)."""
    if not shutil.which('clang++'):
        counts.skipped += 1
        print('skip fuzzing: there is no clang++', flush=True)
        return
    try:
        done = subprocess.run(['tools/fuzz.sh', 'quick', '5'], timeout=FUZZ_LIMIT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace')
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, code = f'{(late.stdout or b"")!s}\nstill running after {FUZZ_LIMIT} s', 1
    passed = len(re.findall(r'^ok   ', output, re.M))
    failed = 1 if code != 0 else 0
    counts.passed, counts.failed = counts.passed + passed, counts.failed + failed
    print(f'{"FAIL" if failed else "ok  "} fuzzing: {passed} targets' + (', 1 failed' if failed else ''), flush=True)
    if failed:
        print(output[-20000:], flush=True)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    counts = Counts()
    environment = dict(os.environ, ASAN_OPTIONS='detect_stack_use_after_return=0:abort_on_error=0',
                       UBSAN_OPTIONS='print_stacktrace=1')
    environment.setdefault('HOOKLINE_PAYLOADS',
                           str(pathlib.Path('tests/node_modules/@octokit/webhooks-examples').resolve()))
    if (day := make_day(folder)) is not None:
        environment['HOOKLINE_DAY'] = day
    environment['HOOKLINE_GOLDEN'] = str(pathlib.Path('tests/golden').resolve())
    for program in sorted((folder / 'src').rglob('*_test')):
        if program.is_file() and os.access(program, os.X_OK):
            run_unit(program, counts, environment)
    run_end_to_end(folder, counts, environment, '--all' in sys.argv)
    if '--all' in sys.argv:
        run_fuzzers(counts)
    print(f'{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped')
    return 1 if counts.failed else 0


if __name__ == '__main__':
    sys.exit(main())
