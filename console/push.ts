/** Notifications on this device while the inbox is closed: Push API and the service worker. */
import type { FrameApi } from './frame-api.ts';
import { inboxUrl } from './inbox-url.ts';

export type PushState = 'unsupported' | 'blocked' | 'off' | 'on';

/** Of the browser, so that tests can bring their own. */
export interface PushBrowser {
  readonly container: Pick<ServiceWorkerContainer, 'getRegistration' | 'register'> | undefined;
  readonly permission: () => NotificationPermission | undefined;
  readonly ask: () => Promise<NotificationPermission>;
  readonly hasPush: boolean;
}

export const thisBrowser = (): PushBrowser => ({
  container: 'serviceWorker' in navigator ? navigator.serviceWorker : undefined,
  permission: () => ('Notification' in globalThis ? Notification.permission : undefined),
  ask: () => Notification.requestPermission(),
  hasPush: 'PushManager' in globalThis,
});

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypesLike {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

let policy: ScriptUrlPolicy | undefined;

/**
 * Address of the one script that this page starts itself, as Trusted Types want to have it. Its
 * scope is the folder it stands in: it controls no page, it only notifies.
 */
function workerUrl(): string {
  const address = inboxUrl('sw.js');
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypesLike };
  if (!trustedTypes) return address;
  policy ??= trustedTypes.createPolicy('contact-chat-inbox', {
    createScriptURL: (url) => {
      if (url !== address) throw new TypeError('Not a script of the inbox.');
      return url;
    },
  });
  return policy.createScriptURL(address);
}

/** Bytes of base64url, as `PushManager.subscribe` wants the server's key. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

const sameBytes = (one: ArrayBuffer | null | undefined, other: Uint8Array): boolean => {
  if (!one) return false;
  const bytes = new Uint8Array(one);
  return bytes.length === other.length && bytes.every((byte, index) => byte === other[index]);
};

async function subscription(browser: PushBrowser): Promise<PushSubscription | undefined> {
  const registration = await browser.container?.getRegistration(inboxUrl(''));
  return (await registration?.pushManager.getSubscription()) ?? undefined;
}

export async function pushState(browser = thisBrowser()): Promise<PushState> {
  const permission = browser.permission();
  if (!browser.container || !browser.hasPush || permission === undefined) return 'unsupported';
  if (permission === 'denied') return 'blocked';
  return (await subscription(browser).catch(() => undefined)) ? 'on' : 'off';
}

/** A service worker that was just registered takes a moment until it may subscribe. */
async function untilActive(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker || worker.state === 'activated') return;
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('The service worker was not installed.'));
    });
  });
}

/**
 * Subscribes this browser; to be called from a click, since it may ask for permission. A
 * subscription made with another key of the server is replaced.
 *
 * @throws Failure - of the server; any other error - of the browser or its push service
 */
export async function turnPushOn(
  api: Pick<FrameApi, 'pushKey' | 'addPush'>,
  browser = thisBrowser(),
): Promise<PushState> {
  if (!browser.container || !browser.hasPush) return 'unsupported';
  if ((await browser.ask()) !== 'granted') return 'blocked';
  const key = fromBase64Url(await api.pushKey());
  const registration = await browser.container.register(workerUrl());
  await untilActive(registration);
  const old = await registration.pushManager.getSubscription();
  const fits = old && sameBytes(old.options.applicationServerKey, key);
  if (old && !fits) await old.unsubscribe();
  const made =
    old && fits
      ? old
      : await registration.pushManager.subscribe({
          userVisibleOnly: true,
          applicationServerKey: key,
        });
  const { endpoint, keys } = made.toJSON();
  try {
    await api.addPush({
      endpoint: endpoint ?? made.endpoint,
      keys: { p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' },
    });
  } catch (error) {
    // Else this browser would look subscribed while the server knows nothing of it.
    await made.unsubscribe().catch(() => false);
    throw error;
  }
  return 'on';
}

/** Ends the subscription here first: then nothing is shown even where the server is not reached. */
export async function turnPushOff(
  api: Pick<FrameApi, 'removePush'>,
  browser = thisBrowser(),
): Promise<PushState> {
  const made = await subscription(browser);
  if (made) {
    await made.unsubscribe();
    await api.removePush(made.endpoint);
  }
  return 'off';
}
