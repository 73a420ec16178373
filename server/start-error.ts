/** The server cannot start; the message is one line that says why and how to mend it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
