export function installedChromium(): string | undefined;
export function playwrightChromium(): Promise<string | undefined>;
export function ensureChromium(): Promise<string | undefined>;
