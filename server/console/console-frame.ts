/** Frames of a console, checked by struct. */
import { consoleRequests, type ConsoleRequest } from '../../shared/console-protocol.ts';

/**
 * @returns `undefined` for what is no frame of the protocol: a console that is newer than this
 *   server may say more, and is not closed for it
 */
export function decodeConsoleFrame(text: string): ConsoleRequest | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('type' in parsed)) return undefined;
    const { type } = parsed;
    if (typeof type !== 'string' || !Object.hasOwn(consoleRequests, type)) return undefined;
    const struct = consoleRequests[type as keyof typeof consoleRequests];
    const [invalid, value] = struct.validate(parsed);
    return invalid ? undefined : value;
  } catch {
    // No JSON; or something so made that superstruct cannot print what it refuses.
    return undefined;
  }
}
