/** `telegram://<bot token>@<chat id>`, with `?api=` for another Bot API server. */
import { failure, success, type Result } from '../../shared/result.ts';
import { decodePercent, fingerprint, parseApiAddress, parseParameters } from './channel-address.ts';
import type { TelegramConfig } from './channel-config.ts';

const shape = 'telegram://123456789:token@chat-id';
const officialApi = 'https://api.telegram.org';

/**
 * @param address - `telegram://…`
 * @returns why it is no Telegram channel, as the end of a sentence, never with any part of the address
 */
export function parseTelegramChannel(address: string): Result<TelegramConfig, string> {
  // Not by URL: a token's colon and a channel's second @ mean something else there.
  const [, target = '', query = ''] = /^telegram:\/\/([^?#]*)(\?[^#]*)?$/.exec(address) ?? [];
  const plain = decodePercent(target)?.replace(/\/$/, '');
  const parameters = parseParameters(query);
  if (plain === undefined || !parameters) {
    return failure('has a broken percent escape: write % itself as %25');
  }
  const [, token, id] = /^(\d+:[\w-]+)@(-?\d+|@?[a-z]\w*)$/i.exec(plain) ?? [];
  if (token === undefined || id === undefined) {
    return failure(
      `has no bot token and chat: write ${shape}, where the chat is a number or the @name of a channel`,
    );
  }
  const [api, ...more] = parameters;
  if (more.length > 0 || (api !== undefined && api.name !== 'api')) {
    return failure('has a parameter other than one api: take it out');
  }
  const parsedApi = api === undefined ? success(officialApi) : parseApiAddress(api.value);
  if (!parsedApi.ok) return parsedApi;

  const chat = /^[a-z]/i.test(id) ? `@${id}` : id;
  // Of the token only the bot's public number: a token that is renewed keeps what is still owed.
  const bot = token.slice(0, token.indexOf(':'));
  return success({
    kind: 'telegram',
    channel: `telegram:${bot}#${fingerprint(chat.toLowerCase())}`,
    api: parsedApi.value,
    token,
    chat,
  });
}
