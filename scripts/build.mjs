// Builds everything into dist/, atomically, and only when something changed.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const inputs = [
  ...['widget', 'console', 'server', 'shared', 'demo', 'docs', 'scripts/build.mjs'],
  ...[
    'package.json',
    'package-lock.json',
    'vite.config.ts',
    'tsconfig.json',
    'tsconfig.build.json',
  ],
];
const dist = join(root, 'dist');
const stamp = join(dist, '.build-id');

/** Digest of every file that the build reads, tests aside. */
async function inputDigest() {
  const digest = createHash('sha256').update(process.version);
  for (const input of inputs) {
    const path = join(root, input);
    if (!existsSync(path)) continue;
    const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries
      .filter((entry) => entry.isFile() && !/\.(test|contract|bench|eval)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.length > 0 ? files.sort() : [path]) {
      digest
        .update(file.slice(root.length))
        .update('\0')
        .update(await readFile(file))
        .update('\0');
    }
  }
  return digest.digest('hex');
}

/** What is sent to browsers, compressed once here as well as it can be. */
async function compress(folder) {
  const brotli = promisify(brotliCompress);
  const zopfli = await import('@gfx/zopfli');
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|html|json|svg|txt|webmanifest|xml)$/.test(entry.name))
      continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    await writeFile(`${path}.br`, await brotli(content, { params }));
    // Zopfli takes seconds for a few percent: worth it for what every page loads.
    const gzipped = entry.name.endsWith('.js')
      ? await zopfli.gzipAsync(content, { numiterations: 15 })
      : await promisify(gzip)(content, { level: 9 });
    await writeFile(`${path}.gz`, gzipped);
  }
}

/** Two builds may end at the same time: the last one stays, neither is half there. */
async function putInPlace(fresh) {
  for (let attempt = 0; ; attempt += 1) {
    const old = `${dist}.old-${randomBytes(4).toString('hex')}`;
    const had = await rename(dist, old).then(
      () => true,
      () => false,
    );
    try {
      await rename(fresh, dist);
      if (had) await rm(old, { recursive: true, force: true });
      return;
    } catch (error) {
      if (had) await rm(old, { recursive: true, force: true });
      if (attempt === 5) throw error;
    }
  }
}

/** What builds that were killed have left behind. */
async function sweep() {
  for (const name of await readdir(root)) {
    if (!/^dist\.(new|old)-/.test(name)) continue;
    const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > 600_000)
      await rm(join(root, name), { recursive: true, force: true });
  }
}

async function build() {
  const wanted = await inputDigest();
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  const require = createRequire(import.meta.url);
  try {
    require.resolve('vite');
  } catch {
    console.error('Dependencies are missing: run "npm ci" first.');
    process.exit(1);
  }
  const startedMs = Date.now();
  console.log('Building…');
  await sweep();
  const fresh = `${dist}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    process.env.BUILD_OUT = fresh;
    process.chdir(root);
    const vite = await import('vite');
    const part = (mode) => vite.build({ mode, configFile: join(root, 'vite.config.ts') });
    const types = promisify(execFile)(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        '-p',
        'tsconfig.build.json',
        '--outDir',
        join(fresh, 'types'),
      ],
      { cwd: root },
    ).catch((error) => {
      throw new Error(`Types: ${error.stdout || error.message}`);
    });
    types.catch(() => undefined);
    // By role, not by name: hashes and the names of other chunks look alike.
    const output = [await part('chunk')].flat().flatMap((built) => built.output);
    process.env.WIDGET_CHUNK = output.find(({ isEntry }) => isEntry).fileName;
    await part('embed');
    await part('element');
    await part('protocol');
    await part('console');
    await part('console-scripts');
    await part('server');
    await part('demo');
    const { renderDemo } = await import(
      pathToFileURL(join(fresh, '.render', 'render-demo.js')).href
    );
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const pages = await renderDemo({
      docsDir: join(root, 'docs'),
      scriptSrc: '/contact-chat.js',
      version,
    });
    for (const [path, content] of pages) {
      const name =
        path === '' ? 'index.html' : /\.(css|js|svg|txt|xml)$/.test(path) ? path : `${path}.html`;
      await mkdir(dirname(join(fresh, 'demo', name)), { recursive: true });
      await writeFile(join(fresh, 'demo', name), content);
    }
    const shown = [...pages.values()].flatMap((html) => html.match(/\/images\/[\w.-]+/g) ?? []);
    for (const picture of new Set(shown)) {
      await cp(join(root, 'docs', picture), join(fresh, 'demo', picture));
    }
    await rm(join(fresh, '.render'), { recursive: true });
    const script = await readFile(join(fresh, 'client', 'contact-chat.js'));
    const integrity = `sha384-${createHash('sha384').update(script).digest('base64')}`;
    await writeFile(
      join(fresh, 'client', 'integrity.json'),
      `${JSON.stringify({ version, 'contact-chat.js': integrity }, null, 2)}\n`,
    );
    await cp(join(root, 'widget', 'custom-elements.json'), join(fresh, 'custom-elements.json'));
    await compress(join(fresh, 'client'));
    await compress(join(fresh, 'demo'));
    await compress(join(fresh, 'console'));
    await types;
    await writeFile(join(fresh, '.build-id'), wanted);
    await putInPlace(fresh);
    console.log(`Built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

await build();
