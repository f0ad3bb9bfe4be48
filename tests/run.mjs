// Runs every *.test.mjs, several files at a time: most of what they do is wait. (`node --test` takes that as
// an option only since Node 20.)
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { tap } from 'node:test/reporters';

const folder = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const inside = (name) =>
  readdirSync(join(folder, name), { recursive: false, withFileTypes: true }).flatMap((entry) => {
    const path = join(name, entry.name);
    if (entry.isDirectory()) return inside(path);
    return entry.name.endsWith('.test.mjs') ? [join(folder, path)] : [];
  });

run({ files: [...inside('doubles'), ...inside('e2e')], concurrency: 3 })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(tap)
  .pipe(process.stdout);
