import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { minifyLiterals } from './widget/minify-literals.ts';
import { minifyScript } from './widget/minify-script.ts';
import { leanLit } from './widget/lean-lit.ts';
import { leanMarked } from './widget/lean-marked.ts';

const { version, dependencies, optionalDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
) as {
  version: string;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};

/** Where the build goes; a fresh folder each time, put in place when it is whole. */
const outDir = process.env['BUILD_OUT'] ?? 'dist';
const path = (...parts: string[]): string => resolve(outDir, ...parts);

const installed = [...Object.keys(dependencies), ...Object.keys(optionalDependencies)];
const isInstalled = (id: string): boolean =>
  installed.some((name) => id === name || id.startsWith(`${name}/`));
const isBuiltin = (id: string): boolean => id.startsWith('node:') || builtinModules.includes(id);

/** Making a struct has no effect of its own, so that structs which nobody uses are left out. */
const pureCalls = [
  ...['array', 'boolean', 'define', 'enums', 'integer', 'literal', 'max', 'min', 'number'],
  ...['optional', 'refine', 'size', 'string', 'type', 'line', 'wellFormed'],
];
const browser = {
  target: 'es2022',
  minify: true,
  sourcemap: false,
  emptyOutDir: false,
  modulePreload: false,
  reportCompressedSize: false,
} as const;
/** Minifying takes its time; no need to be told. */
const checks = { pluginTimings: false } as const;
const treeshake = { manualPureFunctions: pureCalls } as const;
const define = { __VERSION__: JSON.stringify(version) };

/**
 * The inbox's page stands at `/console`, without a slash, and its files below: an address relative
 * to the page begins with the folder's name.
 */
const belowPage = (folder: string): Plugin => ({
  name: 'contact-chat:below-page',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace(/(src|href)="\.\//g, `$1="${folder}/`),
  },
});

/**
 * The package says of its modules that importing them does nothing; those of the inbox define
 * their elements.
 */
const definesElements: Plugin = {
  name: 'contact-chat:defines-elements',
  transform: {
    filter: { id: /\/console\/.*\.ts$/ },
    handler: (code) => ({ code, map: null, moduleSideEffects: true }),
  },
};

/** The parts of the build by Vite's mode; `npm run build` makes them all, in this order. */
const parts: Record<string, () => UserConfig> = {
  /** What a conversation needs, loaded at the first touch. */
  chunk: () => ({
    define,
    resolve: {
      alias: [
        { find: /.*\/launcher\.ts$/, replacement: resolve('widget/launcher-from-script.ts') },
      ],
    },
    plugins: [minifyLiterals(), leanLit(), leanMarked(), minifyScript()],
    build: {
      ...browser,
      // The plugin does it: Vite leaves the white space of libraries as it is.
      minify: false,
      outDir: path('client'),
      // A library gets no helper for preloading, which would weigh more than a kilobyte here.
      lib: { entry: 'widget/define.ts', formats: ['es'] },
      rolldownOptions: {
        checks,
        treeshake,
        // What the rarer chunks share with the first one stays in it.
        preserveEntrySignatures: 'allow-extension',
        output: {
          entryFileNames: 'chat-[hash].js',
          chunkFileNames: 'part-[name]-[hash].js',
          minify: false,
        },
      },
    },
  }),
  /** The `<script>`. */
  embed: () => ({
    define: {
      ...define,
      __WIDGET_CHUNK__: JSON.stringify(`v${version}/${process.env['WIDGET_CHUNK'] ?? ''}`),
    },
    plugins: [minifyLiterals(), minifyScript()],
    build: {
      ...browser,
      minify: false,
      outDir: path('client'),
      lib: {
        entry: 'widget/embed.ts',
        formats: ['iife'],
        name: 'contactChatEmbed',
        fileName: () => 'contact-chat.js',
      },
      rolldownOptions: { checks, output: { minify: false } },
    },
  }),
  /** The element for bundlers: Lit stays a dependency. */
  element: () => ({
    define,
    plugins: [minifyLiterals()],
    build: {
      ...browser,
      minify: false,
      outDir: path('element'),
      lib: {
        entry: { index: 'widget/index.ts', define: 'widget/define.ts' },
        formats: ['es'],
      },
      rolldownOptions: { external: isInstalled },
    },
  }),
  /** The protocol's structs and types, for people who write clients. */
  protocol: () => ({
    build: {
      ...browser,
      minify: false,
      outDir: path('protocol'),
      lib: { entry: { protocol: 'shared/protocol.ts' }, formats: ['es'] },
      rolldownOptions: { external: isInstalled },
    },
  }),
  /** The owner's inbox. */
  console: () => ({
    define,
    root: resolve('console'),
    base: './',
    publicDir: resolve('console/public'),
    plugins: [definesElements, minifyLiterals(), leanMarked(), belowPage('console')],
    build: {
      ...browser,
      outDir: path('console'),
      // As files, so that the policy needs no `data:` for styles or scripts.
      assetsInlineLimit: 0,
      rolldownOptions: { checks, treeshake },
    },
  }),
  /** What the inbox's page loads by name: before its first paint, and as its service worker. */
  'console-scripts': () => ({
    build: {
      ...browser,
      outDir: path('console'),
      lib: {
        entry: { theme: 'console/early-theme.ts', sw: 'console/service-worker.ts' },
        formats: ['es'],
        fileName: (_, name) => `${name}.js`,
      },
      rolldownOptions: { checks },
    },
  }),
  /** The server and its command line. */
  server: () => ({
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      emptyOutDir: false,
      outDir: path('server'),
      rolldownOptions: {
        input: {
          main: 'server/main.ts',
          'start-server': 'server/start-server.ts',
          'read-document-thread': 'server/posts/web/read-document-thread.ts',
        },
        external: (id: string) => isInstalled(id) || isBuiltin(id),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  }),
  /** The demo blog's renderer, run once by the build. */
  demo: () => ({
    build: {
      ssr: 'demo/render-demo.ts',
      target: 'node20',
      minify: false,
      emptyOutDir: false,
      outDir: path('.render'),
      rolldownOptions: {
        external: (id: string) => isInstalled(id) || isBuiltin(id),
        output: { entryFileNames: '[name].js' },
      },
    },
  }),
};

export default defineConfig(({ mode }) => ({
  publicDir: false,
  logLevel: 'warn',
  ...parts[mode]?.(),
}));
