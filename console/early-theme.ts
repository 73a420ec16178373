/**
 * Runs before the first paint, as a script of its own that the page waits for: the chosen theme
 * must not flash. Stands alone, hence no imports; `settings.test.ts` sees that the key is right.
 */
try {
  const stored: unknown = JSON.parse(localStorage.getItem('contact-chat-inbox-settings') ?? '{}');
  const theme = (stored as { readonly theme?: unknown } | null)?.theme;
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
} catch {
  // As the system has it.
}
