import type { Writable } from 'node:stream';

import { StartError } from '../start-error.ts';
import { exportRecords } from '../stores/sqlite-export.ts';
import { openData, readError } from './data-folder.ts';

const chunkChars = 64 * 1024;

/**
 * Writes the conversations of a data folder as lines of JSON, at the pace of whoever reads them;
 * a reader that goes away ends it.
 *
 * @param options.conversation - the only one that is wanted
 * @throws StartError with a line that says why nothing, or not all, was written
 */
export async function exportConversations(
  dataDir: string,
  output: Writable,
  options: { readonly conversation?: string | undefined } = {},
): Promise<void> {
  const db = await openData(dataDir);
  // A write that fails says so itself.
  output.on('error', () => undefined);
  let lines = '';
  let any = false;
  try {
    for (const record of exportRecords(db, options.conversation)) {
      any = true;
      lines += `${JSON.stringify(record)}\n`;
      if (lines.length < chunkChars) continue;
      await write(output, lines);
      lines = '';
    }
    if (lines !== '') await write(output, lines);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return;
    if (error instanceof NotWritten) {
      throw new StartError(`The export cannot be written: ${error.message}`, { cause: error });
    }
    throw readError(dataDir, error);
  } finally {
    db.close();
  }
  if (!any && options.conversation !== undefined) {
    throw new StartError(`There is no conversation "${options.conversation}"`);
  }
}

class NotWritten extends Error {
  readonly code: string | undefined;
  constructor(cause: NodeJS.ErrnoException) {
    super(cause.message, { cause });
    this.code = cause.code;
  }
}

/** Resolves once the text was taken, so that no more than one chunk waits in memory. */
function write(output: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(new NotWritten(error)) : resolve()));
  });
}
