/** A `<contact-chat>` as a visitor finds it: by roles, labels and words. */
import { expect, type Locator, type Page } from 'playwright/test';

const words = {
  en: {
    launcher: /^Open chat/,
    hide: 'Hide chat',
    close: 'Close chat',
    send: 'Send',
    log: 'Conversation',
    sent: 'Sent',
    sources: 'Found in',
  },
  zh: {
    launcher: /^打开聊天/,
    hide: '收起聊天',
    close: '关闭聊天',
    send: '发送',
    log: '对话',
    sent: '已发送',
    sources: '出处',
  },
};

export interface Widget {
  readonly host: Locator;
  readonly launcher: Locator;
  readonly hide: Locator;
  readonly panel: Locator;
  readonly input: Locator;
  readonly sendButton: Locator;
  readonly log: Locator;
  /** Messages of the assistant, the visitor and the owner, oldest first. */
  readonly answers: Locator;
  readonly own: Locator;
  readonly fromOwner: Locator;
  readonly citations: Locator;
  /** The visitor's message that holds this text. */
  mine(text: string): Locator;
  open(): Promise<void>;
  close(): Promise<void>;
  /** Types and sends, without waiting for anything. */
  say(text: string): Promise<void>;
  /** Says it, and waits until the server has it. */
  send(text: string): Promise<void>;
  /** Says it, and waits for one more answer, which it returns. */
  ask(text: string): Promise<Locator>;
}

/** @param index - which of several on the page */
export function widgetOn(page: Page, language: 'en' | 'zh' = 'en', index = 0): Widget {
  const say = words[language];
  const host = page.locator('contact-chat').nth(index);
  const panel = host.getByRole('dialog');
  const log = host.getByRole('log', { name: say.log });
  const input = panel.locator('contact-chat-composer').getByRole('textbox');
  const own = log.locator('.message.visitor');
  const answers = log.locator('.message.assistant');
  const widget: Widget = {
    host,
    panel,
    log,
    input,
    own,
    answers,
    launcher: host.getByRole('button', { name: say.launcher }),
    hide: host.getByRole('button', { name: say.hide }),
    sendButton: panel.getByRole('button', { name: say.send, exact: true }),
    fromOwner: log.locator('.message.owner'),
    citations: log.getByRole('list', { name: say.sources }).getByRole('link'),
    mine: (text) => own.filter({ hasText: text }),
    async open() {
      await widget.launcher.click();
      await expect(input).toBeVisible();
    },
    async close() {
      await panel.getByRole('button', { name: say.close }).click();
      await expect(panel).toBeHidden();
    },
    async say(text) {
      await input.fill(text);
      await input.press('Enter');
    },
    async send(text) {
      await widget.say(text);
      await expect(widget.mine(text).last().getByText(say.sent, { exact: true })).toBeAttached();
    },
    async ask(text) {
      const before = await answers.count();
      await widget.say(text);
      await expect(answers).toHaveCount(before + 1);
      return answers.nth(before);
    },
  };
  return widget;
}
