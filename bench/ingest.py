#!/usr/bin/env python3
"""Compares how fast servers take signed deliveries: bench/README.md says what and how.

Usage: ingest.py HOOKLINE NO_STORE [--seconds N] [--only NAME,NAME]
"""
import argparse
import hashlib
import hmac
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BENCH = pathlib.Path(__file__).resolve().parent
SECRET = 'bench-secret-bench-secret-bench-secret'
SERVER_CORE, LOAD_CORE = '0', '1'


def payloads(folder):
    """One push of about 8 KB and one pull_request of about 26 KB, out of Octokit's examples of real deliveries."""
    examples = json.loads((BENCH / 'node_modules/@octokit/webhooks-examples/api.github.com/index.json').read_text())
    chosen = {}
    for event, size in (('push', 8000), ('pull_request', 26000)):
        bodies = [json.dumps(example, separators=(',', ':'), ensure_ascii=False).encode()
                  for kind in examples if kind['name'] == event for example in kind['examples']]
        body = min(bodies, key=lambda candidate: abs(len(candidate) - size))
        path = folder / f'{event}.json'
        path.write_bytes(body)
        chosen[event] = (path, len(body), 'sha256=' + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest())
    return chosen


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    for _ in range(200):
        if process.poll() is not None:
            raise SystemExit(f'a server ended at once: {process.args}')
        with socket.socket() as probe:
            if probe.connect_ex(('127.0.0.1', port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f'a server did not come up: {process.args}')


class Server:
    """A server pinned to its core, in a folder of its own."""

    def __init__(self, name, folder):
        self.name, self.folder, self.port = name, folder, free_port()
        folder.mkdir()
        self.process = None

    def start(self, command, **variables):
        log = open(self.folder / 'log', 'wb')
        self.process = subprocess.Popen(['taskset', '-c', SERVER_CORE, *command], cwd=self.folder, stdout=log,
                                        stderr=log, env=dict(os.environ, **variables))
        wait_for(self.port, self.process)
        return self

    def tree(self):
        """The process and its children: nginx has a worker."""
        found = [self.process.pid]
        for pid in found:
            for task in pathlib.Path(f'/proc/{pid}/task').glob('*/children'):
                found += [int(child) for child in task.read_text().split()]
        return found

    def cpu_seconds(self):
        ticks = 0
        for pid in self.tree():
            fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf('SC_CLK_TCK')

    def memory_mb(self, what='VmHWM'):
        total = 0
        for pid in self.tree():
            status = pathlib.Path(f'/proc/{pid}/status').read_text()
            total += int(re.search(rf'{what}:\s+(\d+)', status).group(1))
        return total / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def nginx(folder):
    server = Server('nginx', folder)
    (folder / 'nginx.conf').write_text((BENCH / 'rivals/nginx.conf').read_text().replace('PORT', str(server.port)))
    program = shutil.which('nginx') or '/usr/sbin/nginx'
    return server.start([program, '-p', str(folder), '-c', str(folder / 'nginx.conf')])


def fastapi(folder):
    server = Server('fastapi', folder)
    return server.start(['/usr/bin/python3', '-m', 'uvicorn', '--app-dir', str(BENCH / 'rivals'), 'fastapi_app:app',
                         '--host', '127.0.0.1', '--port', str(server.port), '--log-level', 'error', '--no-access-log'],
                        BENCH_SECRET=SECRET, BENCH_DATABASE=str(folder / 'bench.db'))


def octokit(folder):
    server = Server('octokit', folder)
    return server.start(['node', str(BENCH / 'rivals/octokit.mjs')], BENCH_SECRET=SECRET,
                        BENCH_PORT=str(server.port), NODE_PATH=str(BENCH / 'node_modules'))


def hookline_with(program, name, is_paused):
    def start(folder):
        server = Server(name, folder)
        data = folder / 'data'
        variables = {'HOOKLINE_DATA_DIR': str(data), 'HOOKLINE_LISTEN': f'127.0.0.1:{server.port}',
                     'HOOKLINE_LOG': 'warn', 'HOOKLINE_ADMIN_TOKEN': 'bench'}
        server.start([program, 'serve'], **variables)
        call = lambda *words: subprocess.run([program, 'hook', *words], env=dict(os.environ, **variables), check=True,
                                             stdout=subprocess.PIPE, text=True).stdout
        reply = call('github', 'on', '--channel', 'terminal')
        server.secret = re.search(r'gh_[A-Za-z0-9]{20,}', reply).group(0)
        if is_paused:
            call('pause', 'hook_001')
        return server
    return start


def no_store(program):
    def start(folder):
        server = Server('hookline, no store', folder)
        return server.start([program, str(server.port), SECRET])
    return start


def load(server, payload, event, connections, seconds, pause=0):
    path, _, signature = payload
    secret = getattr(server, 'secret', SECRET)
    if secret != SECRET:
        signature = 'sha256=' + hmac.new(secret.encode(), path.read_bytes(), hashlib.sha256).hexdigest()
    run = f'{time.time_ns():x}'
    before = server.cpu_seconds()
    output = subprocess.run(
        ['taskset', '-c', LOAD_CORE, 'wrk', '-t1', f'-c{connections}', f'-d{seconds}s', '--timeout', '10s', '-s',
         str(BENCH / 'load.lua'), f'http://127.0.0.1:{server.port}/', str(path), event, signature, run, str(pause)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout
    requests, duration, p50, p99, refused, broken = map(int, re.search(r'RESULT (.*)', output).group(1).split())
    used = server.cpu_seconds() - before
    if refused or broken:
        print(f'  {server.name}: {refused} refused, {broken} broken', file=sys.stderr)
    return {'rate': requests / (duration / 1e6), 'p50': p50 / 1000, 'p99': p99 / 1000,
            'cpu_us': used / max(requests, 1) * 1e6, 'bad': refused + broken}


def fsync_rate(folder):
    """How often this disk takes a write of 8 KB for good in a second: the floor under every durable figure."""
    file = os.open(folder / 'fsync', os.O_WRONLY | os.O_CREAT)
    end, count = time.monotonic() + 1, 0
    while time.monotonic() < end:
        os.write(file, b'x' * 8192)
        os.fdatasync(file)
        count += 1
    os.close(file)
    return count


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('hookline')
    arguments.add_argument('no_store')
    arguments.add_argument('--seconds', type=int, default=8)
    arguments.add_argument('--only', default='')
    options = arguments.parse_args()
    starts = {'nginx': nginx, 'fastapi': fastapi, 'octokit': octokit,
              'hookline': hookline_with(options.hookline, 'hookline', True),
              'hookline, announcing': hookline_with(options.hookline, 'hookline, announcing', False),
              'hookline, no store': no_store(options.no_store)}
    wanted = [name for name in options.only.split(';') if name] or list(starts)
    with tempfile.TemporaryDirectory(prefix='hookline-bench-', dir=BENCH.parent / 'build') as temporary:
        folder = pathlib.Path(temporary)
        bodies = payloads(folder)
        print(f'disk: {fsync_rate(folder)} writes of 8 KB with fdatasync a second\n')
        for event, payload in bodies.items():
            for connections in (16, 64):
                print(f'{event}, {payload[1]} bytes, {connections} connections')
                print(f'  {"server":22} {"of nginx":>9} {"/s":>8} {"p50 ms":>8} {"p99 ms":>8} {"CPU µs":>8} {"peak MB":>8}')
                base = None
                for number, name in enumerate(wanted):
                    server = starts[name](folder / f'{event}-{connections}-{number}')
                    try:
                        load(server, payload, event, connections, 1)  # warm
                        found = load(server, payload, event, connections, options.seconds)
                        base = base or found['rate']
                        print(f'  {name:22} {found["rate"] / base:9.2f} {found["rate"]:8.0f} {found["p50"]:8.2f} '
                              f'{found["p99"]:8.2f} {found["cpu_us"]:8.1f} {server.memory_mb():8.0f}', flush=True)
                    finally:
                        server.stop()
                print()
        print('at a steady 500 push deliveries a second over 16 connections')
        print(f'  {"server":22} {"/s":>8} {"p50 ms":>8} {"p99 ms":>8} {"idle MB":>8}')
        for number, name in enumerate(wanted):
            server = starts[name](folder / f'steady-{number}')
            try:
                idle = server.memory_mb('VmRSS')
                found = load(server, bodies['push'], 'push', 16, options.seconds, pause=32)
                print(f'  {name:22} {found["rate"]:8.0f} {found["p50"]:8.2f} {found["p99"]:8.2f} {idle:8.0f}', flush=True)
            finally:
                server.stop()


if __name__ == '__main__':
    main()
