#!/usr/bin/env python3
"""Refuses an #include that the room's NEEDS (src/<room>/CMakeLists.txt) does not name, and Beast outside net.

Tests may also include testing/, and room testing whatever it shares; a room of TEST_ROOMS is all test. Usage: check_rooms.py [SRC]
"""
import pathlib
import re
import sys

ROOM = re.compile(r'hookline_room\((\S+)(.*?)\)', re.S)
WORD = re.compile(r'[A-Z_]{4,}|[^\s()]+')
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.M)
TEST_ROOMS = {'timeline'}
BEAST = re.compile(r'^boost/beast')


def needs_of(source):
    rooms = {}
    for lists in source.rglob('CMakeLists.txt'):
        for name, body in ROOM.findall(lists.read_text()):
            part, needs = '', set()
            for word in WORD.findall(re.sub(r'#.*', '', body)):
                if word in ('SOURCES', 'TESTS', 'NEEDS', 'LIBRARIES', 'TEST_LIBRARIES'):
                    part = word
                elif part == 'NEEDS':
                    needs.add(word)
            rooms[name] = needs
    return rooms


def room_of(path, rooms):
    """The longest room name that the path lies in: services/github before services."""
    parts = path.split('/')
    for length in range(len(parts) - 1, 0, -1):
        name = '/'.join(parts[:length])
        if name in rooms:
            return name
    return None


def main():
    source = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else 'src')
    rooms, faults = needs_of(source), []
    for path in sorted(list(source.rglob('*.hpp')) + list(source.rglob('*.cpp'))):
        inside = path.relative_to(source).as_posix()
        room = room_of(inside, rooms)
        is_test = inside.endswith('_test.cpp') or '/testing/' in inside or room in TEST_ROOMS
        if room is None:
            continue
        for included in INCLUDE.findall(path.read_text()):
            if BEAST.match(included) and room != 'net':
                faults.append(f'{path}: only room net includes Beast ({included})')
            target = room_of(included, rooms)
            if included.startswith('testing/') and not is_test:
                faults.append(f'{path}: only tests include {included}')
            if target and target not in rooms[room] | {room, 'base'} and not (
                    target.split('/')[0] == room.split('/')[0]):
                faults.append(f'{path}: room {room} does not name {target} among its NEEDS ({included})')
    # An arrow that turns back: a room that needs one that, by whatever way, needs it.
    for room in rooms:
        seen, waiting = set(), list(rooms[room])
        while waiting:
            other = waiting.pop()
            if other == room:
                faults.append(f'{source}/{room}: its NEEDS lead back to itself')
                break
            if other not in seen:
                seen.add(other)
                waiting += rooms.get(other, ())
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
