/**
 * Shows what the server pushes and opens the conversation at a click. Keeps no data: the inbox is
 * worth nothing without its server. Stands alone, hence no imports and types of its own.
 */
interface WorkerEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface PushEvent extends WorkerEvent {
  readonly data: { json(): unknown; text(): string } | null;
}
interface ClickEvent extends WorkerEvent {
  readonly notification: Notification;
}
interface WorkerPage {
  readonly url: string;
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
}
interface WorkerEvents {
  install: WorkerEvent;
  push: PushEvent;
  notificationclick: ClickEvent;
}
interface WorkerScope {
  readonly location: { readonly href: string };
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<WorkerPage[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof WorkerEvents>(
    name: Name,
    listener: (event: WorkerEvents[Name]) => void,
  ): void;
}

const worker = globalThis as unknown as WorkerScope;

/** The inbox's own address: this script stands below it. */
const inbox = new URL(worker.location.href.replace(/\/[^/]*$/, ''));

/** The address within the inbox that a push names; the inbox itself where it names none. */
function addressOf(given: unknown): string {
  if (typeof given !== 'string' || !URL.canParse(given, inbox)) return inbox.href;
  return inbox.href + new URL(given, inbox).hash;
}

/** `{title, body, url, tag}`; anything else is shown as it is, never dropped. */
function readPush(data: PushEvent['data']): {
  readonly title: string;
  readonly body: string;
  readonly tag: string | undefined;
  readonly url: string;
} {
  let value: unknown;
  try {
    value = data?.json();
  } catch {
    value = { body: data?.text() };
  }
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const text = (key: string): string | undefined =>
    typeof given[key] === 'string' ? given[key] : undefined;
  return {
    title: text('title') ?? 'contact-chat',
    body: text('body') ?? '',
    tag: text('tag'),
    url: addressOf(given['url']),
  };
}

async function openInbox(url: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const inboxes = pages.filter((page) => new URL(page.url).pathname === inbox.pathname);
  const page = inboxes.find(({ focused }) => focused) ?? inboxes[0];
  if (!page) {
    await worker.clients.openWindow(url);
    return;
  }
  await page.focus();
  // Told rather than navigated: what is being written there stays.
  page.postMessage({ type: 'open', hash: new URL(url).hash }, []);
}

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));

worker.addEventListener('push', (event) => {
  const { title, body, tag, url } = readPush(event.data);
  event.waitUntil(
    worker.registration.showNotification(title, {
      body,
      icon: `${inbox.href}/icons/icon-192.png`,
      badge: `${inbox.href}/icons/badge-96.png`,
      data: { url },
      ...(tag === undefined ? {} : { tag, renotify: true }),
    }),
  );
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const data = event.notification.data as { readonly url?: unknown } | null;
  event.waitUntil(openInbox(addressOf(data?.url)));
});
