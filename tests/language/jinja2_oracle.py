#!/usr/bin/env python3
"""Makes expressions and templates at random and says what Jinja2 makes of them: the oracle of room language.

Usage: jinja2_oracle.py SEED COUNT. The first line of the answer is the context as JSON, each further one a case:
{"kind": "expression", "source": "…", "answer": "…"}, where the answer is Python's repr() of an expression's value
or what a template prints, and null where Jinja2 raises an error.

Only what both have is made: no methods, no "%" that fills in texts, no filters of one side alone.
"""
import json
import random
import resource
import sys

from jinja2 import ChainableUndefined
from jinja2.sandbox import SandboxedEnvironment

CONTEXT = {
    'num': 7, 'zero': 0, 'neg': -3, 'big': 9007199254740993, 'half': 0.5, 'pi': 3.14159, 'tiny': 1e-7, 'huge': 1.5e300,
    'yes': True, 'no': False, 'nil': None, 'empty': '', 'word': 'alpha', 'text': 'The quick brown fox-trot (again)',
    'accents': 'Żółć für Elise · naïve', 'digits': ' 42 ', 'decimal': '2.75', 'lines': 'one\ntwo\tthree',
    'quote': 'it\'s "so"', 'nums': [3, 1, 2, 2], 'words': ['beta', 'Alpha', 'gamma', 'alpha'], 'mixed': [1, 'a', None, 2.5],
    'nothing': [], 'nested': [[1, 2], [3]], 'map': {'one': 1, 'two': 'zwei', 'list': [1, 2]},
    'deep': {'inner': {'leaf': 'green', 'count': 3}}, 'people': [{'name': 'Bo', 'age': 30}, {'name': 'al', 'age': 5}],
}
NAMES = list(CONTEXT) + ['missing', 'absent']
ATTRIBUTES = ['inner', 'leaf', 'one', 'two', 'name', 'missing', 'list']
STRINGS = ['a', 'alpha', '', 'Fox', ' ', 'in', 'zwei', 'é', '42', 'x y  z', 'o', "it's", 'a\\nb', '\\d+']
SIMPLE_FILTERS = ['upper', 'lower', 'title', 'capitalize', 'trim', 'length', 'first', 'last', 'int', 'float', 'string',
                  'abs', 'wordcount', 'round', 'sort', 'list', 'sum', 'min', 'max', 'reverse|list']
TESTS = ['defined', 'undefined', 'none', 'string', 'number', 'odd', 'even', 'boolean', 'integer', 'float', 'true', 'false',
         'lower', 'upper', 'iterable']
COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in']


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.locals = []

    def pick(self, options):
        return self.random.choice(options)

    def chance(self, share):
        return self.random.random() < share

    def string(self):
        text = self.pick(STRINGS)
        quote = '"' if "'" in text else self.pick('\'"')
        return quote + text + quote

    def number(self):
        return self.pick(['0', '1', '2', '3', '10', '42', '1_000', '0.5', '1.5', '2.0', '1e3', '0.1', '100', '9999999999',
                          '123456.789', '0x1f', '2.675', '1e16', '1e-5'])

    def name(self):
        return self.pick(self.locals) if self.locals and self.chance(0.4) else self.pick(NAMES)

    def leaf(self):
        return self.pick([self.name, self.name, self.name, self.string, self.number,
                          lambda: self.pick(['true', 'false', 'none', 'True', 'None'])])()

    def arguments(self):
        return self.pick([
            lambda: f'default({self.leaf()})', lambda: f'default({self.leaf()}, true)', lambda: 'd(0)',
            lambda: f'join({self.string()})', lambda: "join(', ', attribute='name')", lambda: 'truncate(9)',
            lambda: 'truncate(6, true)', lambda: "truncate(7, end='…', leeway=0)", lambda: 'truncate(11, false, "..", 2)',
            lambda: f'replace({self.string()}, {self.string()})', lambda: "replace('a', 'o', 1)", lambda: 'round(1)',
            lambda: 'round(2, "floor")', lambda: 'round(1, method="ceil")', lambda: 'round(-1)', lambda: 'int(7)',
            lambda: 'int(0, 16)', lambda: 'float(1.5)', lambda: 'sort(reverse=true)', lambda: 'sort(case_sensitive=true)',
            lambda: "sort(attribute='age')", lambda: "map(attribute='name')|list", lambda: "trim('a ')",
            lambda: "sum(attribute='age')", lambda: "min(attribute='age')"])()

    def expression(self, depth):
        if depth <= 0:
            return self.leaf()
        sub = lambda: self.expression(depth - 1)
        kind = self.random.random()
        if kind < 0.08:
            return f'({sub()})'
        if kind < 0.20:
            return f'{sub()} {self.pick(["+", "-", "*", "/", "//", "%", "~"])} {sub()}'
        if kind < 0.23:
            return f'{sub()} ** {self.pick(["2", "3", "0", "-1", "0.5"])}'
        if kind < 0.28:
            return f'{self.pick(["-", "+"])}{sub()}'
        if kind < 0.40:
            chain = f' {self.pick(COMPARISONS)} {sub()}' if self.chance(0.2) else ''
            return f'{sub()} {self.pick(COMPARISONS)} {sub()}{chain}'
        if kind < 0.52:
            return f'{sub()} {self.pick(["and", "or"])} {sub()}'
        if kind < 0.56:
            return f'(not {sub()})'
        if kind < 0.60:
            return f'{sub()} if {sub()} else {sub()}' if self.chance(0.8) else f'{sub()} if {sub()}'
        if kind < 0.66:
            return f'{self.name()}.{self.pick(ATTRIBUTES)}' + (f'.{self.pick(ATTRIBUTES)}' if self.chance(0.4) else '')
        if kind < 0.72:
            return f'{self.name()}[{self.pick([sub, self.string, lambda: self.pick(["0", "-1", "1", "5"])])()}]'
        if kind < 0.76:
            part = lambda: self.pick(['', '', '1', '-1', '2', '0', '-2'])
            return f'{self.name()}[{part()}:{part()}' + (f':{self.pick(["", "2", "-1"])}' if self.chance(0.4) else '') + ']'
        if kind < 0.80:
            items = [sub() for _ in range(self.random.randint(0, 3))]
            return '[' + ', '.join(items) + ']' if self.chance(0.7) or len(items) < 2 else '(' + ', '.join(items) + ')'
        if kind < 0.86:
            test = self.pick(TESTS) if self.chance(0.8) else self.pick([f'in({sub()})', 'divisibleby(3)', f'eq({self.leaf()})'])
            return f'({sub()} is {"not " if self.chance(0.3) else ""}{test})'
        if kind < 0.94:
            return f'{self.leaf() if self.chance(0.5) else "(" + sub() + ")"} | {self.pick(SIMPLE_FILTERS)}'
        if kind < 0.96:  # of what Python can hash
            return f'{self.pick(["words", "nums", "mixed", "word"])} | unique{self.pick(["", "(true)"])}|list'
        return f'{self.leaf()} | {self.arguments()}'

    def mark(self, opening, closing, inside):
        return opening + self.pick(['', '', '', '-']) + ' ' + inside + ' ' + self.pick(['', '', '', '-']) + closing

    def template(self, depth):
        return ''.join(self.piece(depth) for _ in range(self.random.randint(1, 4)))

    def piece(self, depth):
        kind = self.random.random()
        if kind < 0.35 or depth <= 0:
            return self.pick(['text', ' ', '\n', 'a{b}', '  two  ', 'é\n\n', '{ not }', '% x %', '\ttab', '# head'])
        if kind < 0.65:
            return self.mark('{{', '}}', self.expression(2))
        if kind < 0.80:
            middle = self.mark('{%', '%}', f'elif ({self.expression(1)})') + self.template(depth - 1) if self.chance(0.3) else ''
            end = self.mark('{%', '%}', 'else') + self.template(depth - 1) if self.chance(0.4) else ''
            return (self.mark('{%', '%}', f'if ({self.expression(1)})') + self.template(depth - 1) + middle + end
                    + self.mark('{%', '%}', 'endif'))
        if kind < 0.93:
            return self.loop(depth)
        if kind < 0.97:
            return self.mark('{#', '#}', 'a {{ comment }}')
        return self.mark('{%', '%}', 'raw') + ' {{ num }} {% x %} ' + self.mark('{%', '%}', 'endraw')

    def loop(self, depth):
        variable = self.pick(['item', 'each'])
        over = self.pick(['nums', 'words', 'people', 'word', 'map', 'missing', 'nothing', 'nested', 'mixed', 'num',
                          '[1, 2, 3]', 'words | sort'])
        self.locals.append(variable)
        condition = f' if ({self.expression(1)})' if self.chance(0.2) else ''
        field = self.pick(['index', 'index0', 'first', 'last', 'length', 'revindex', 'revindex0', 'previtem', 'nextitem'])
        body = self.template(depth - 1) + '{{ loop.' + field + ' }}'
        self.locals.pop()
        end = self.mark('{%', '%}', 'else') + 'none' if self.chance(0.3) else ''
        return self.mark('{%', '%}', f'for {variable} in {over}{condition}') + body + end + self.mark('{%', '%}', 'endfor')


def answer_of(environment, kind, source):
    try:
        if kind == 'template':
            return environment.from_string(source).render(CONTEXT)
        return repr(environment.compile_expression(source, undefined_to_none=False)(**CONTEXT))
    except Exception:  # whatever Jinja2 or Python raises is "an error" to us
        return None


def main():
    # A text times ten billion is an error here, as it is there.
    resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    maker = Maker(seed)
    environment = SandboxedEnvironment(autoescape=False, undefined=ChainableUndefined)
    print(json.dumps(CONTEXT))
    for _ in range(count):
        kind = 'template' if maker.chance(0.3) else 'expression'
        source = maker.template(3) if kind == 'template' else maker.expression(maker.random.randint(1, 4))
        answer = answer_of(environment, kind, source)
        print(json.dumps({'kind': kind, 'source': source, 'answer': answer}))


if __name__ == '__main__':
    main()
