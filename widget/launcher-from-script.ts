/**
 * Stands in for `launcher.ts` in the chunk: the script that loads it has drawn the launcher
 * already, and hands on how it looks rather than having that sent twice.
 */
const { look } = (globalThis as unknown as { contactChatWidgets: { look: [string, string] } })
  .contactChatWidgets;

export const [bubblePath, launcherCss] = look;
