import { resolve } from 'node:path';
import { withEnvFile } from '../config.ts';
import { folderOrSite, postsAddress, type Parse } from '../config-values.ts';
import { StartError } from '../start-error.ts';
import { indexPosts, type IndexOptions } from './index-posts.ts';
import { reportJson, reportText } from './index-report.ts';

export const indexUsage = `Usage: contact-chat index [posts] [--verbose] [--json]

Reads posts and indexes them as the server does, and says what there is to answer from: how many
posts and passages, in which languages, and what was left out and why. A server may run meanwhile;
what is read of a site is kept in DATA_DIR/posts-cache, where the server finds it.

  posts       a folder of Markdown, or the address of a site, a sitemap or a feed
              default: POSTS
  --verbose   list everything that was left out
  --json      print one line of JSON instead

Ends with 1 where there is nothing to answer from. DATA_DIR, POSTS and POSTS_URL are read from the
environment, then from a .env file in this folder.
`;

/** Between two lines about how far it is, where there is no terminal to update one, in milliseconds. */
const lineMs = 5_000;
/** On a terminal. */
const updateMs = 100;
const interruptedExitCode = 130;

/** One line that is written anew on a terminal, and lines now and then elsewhere. */
function progressOn(output: NodeJS.WriteStream): {
  show: IndexOptions['onProgress'];
  end(): void;
} {
  const { isTTY } = output;
  let shownAt = performance.now();
  let isShown = false;
  return {
    show({ done, total }) {
      const now = performance.now();
      if (now - shownAt < (isTTY ? updateMs : lineMs)) return;
      shownAt = now;
      isShown = true;
      const line = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} pages read`;
      output.write(isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
    end() {
      if (isTTY && isShown) output.write('\r\x1b[K');
      isShown = false;
    },
  };
}

/**
 * @param posts - what was typed; `POSTS` where it is undefined
 * @throws StartError with a line for the user
 */
export async function runIndex(
  posts: string | undefined,
  options: { readonly verbose: boolean; readonly json: boolean },
): Promise<void> {
  const environment = withEnvFile(process.env, '.env');
  if (!environment.ok) throw new StartError(environment.error.message);
  const text = (name: string): string | undefined => environment.value[name]?.trim() || undefined;
  const parse = <Value>(name: string, value: string, parser: Parse<Value>): Value =>
    parser(value, (message) => {
      throw new StartError(`${name}: ${message}`);
    });
  const wanted = posts ?? text('POSTS');
  if (wanted === undefined) {
    throw new StartError(
      'POSTS: is not set; name a folder or an address: contact-chat index <posts>',
    );
  }
  const stop = new AbortController();
  const interrupt = (): void => {
    // Whoever insists does not wait for what is under way; files are whole at any time.
    if (stop.signal.aborted) process.exit(interruptedExitCode);
    stop.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const progress = progressOn(process.stderr);
  try {
    const report = await indexPosts({
      posts: parse('POSTS', wanted, folderOrSite),
      postsUrl: parse('POSTS_URL', text('POSTS_URL') ?? '/', postsAddress),
      dataDir: resolve(text('DATA_DIR') ?? './data'),
      signal: stop.signal,
      onProgress: progress.show,
    });
    progress.end();
    process.stdout.write(options.json ? reportJson(report) : reportText(report, options));
    if (report.whyEmpty !== undefined) {
      const hint = report.skipped.length > 0 ? 'the list above says why' : 'name another one';
      throw new StartError(`POSTS: ${report.whyEmpty}; ${hint}`);
    }
  } catch (error) {
    progress.end();
    if (!stop.signal.aborted) throw error;
    process.stderr.write('contact-chat: interrupted; what was read so far is kept\n');
    process.exitCode = interruptedExitCode;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
