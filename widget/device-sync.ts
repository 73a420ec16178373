import type { Delivery } from './delivery.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { Draft } from './draft.ts';
import type { Environment } from './environment.ts';
import type { TimelineEvent } from './state/timeline.ts';
import type { Tabs } from './tabs.ts';
import type { Visitor } from './visitor.ts';

export interface DeviceSyncOptions {
  readonly environment: Environment;
  readonly device: DeviceMemory;
  readonly visitor: Visitor;
  readonly delivery: Delivery;
  readonly tabs: Tabs;
  readonly draft: Draft;
  show(event: TimelineEvent): void;
  /** How often the visitor has been forgotten: what was kept until then is theirs no more. */
  era(): number;
}

/**
 * Gives what takes over what the device keeps, whoever has written it.
 *
 * @returns a function of `gone`, a tab that lives no more, whose messages become this one's to
 *   send, and of `first`, whether the page has just been opened
 */
export function createDeviceSync(
  options: DeviceSyncOptions,
): (gone?: string, first?: boolean) => Promise<void> {
  const { environment, device, visitor, delivery, tabs, show } = options;
  return async (gone, first) => {
    const era = options.era();
    const { session, read, draft, outbox } = await device.load();
    if (era !== options.era()) return;
    visitor.found(session);
    if (read >= 0) show({ type: 'read', sender: 'visitor', seq: read });
    options.draft.found(draft, first);
    // Without locks nobody can tell whether the others live.
    const adoptsAll = first && !environment.locks();
    const adopts = (owner: string): boolean => adoptsAll || owner === gone;
    delivery.take(outbox, adopts, session !== undefined);
    for (const { tab } of outbox) tabs.watch(tab);
  };
}
