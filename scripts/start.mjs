// `npm start`: builds what changed, then serves.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// A process of its own: what the build needs in memory, the server does not.
const build = spawnSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url))], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);
await import('../dist/server/main.js');
