/** A message as the inbox and the owner's programs get it; visitors get less. */
import type { OwnerMessage } from '../../shared/console-protocol.ts';
import { toHistoryMessage } from '../chat/wire.ts';
import type { StoredMessage } from '../ports.ts';

export const toOwnerMessage = (message: StoredMessage): OwnerMessage => ({
  ...toHistoryMessage(message),
  ...(message.outcome === undefined ? {} : { outcome: message.outcome }),
  ...(message.feedback === undefined ? {} : { feedback: message.feedback }),
});
