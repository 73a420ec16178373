import type { Delivery } from './delivery.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { Draft } from './draft.ts';
import type { Environment } from './environment.ts';
import { isFor } from './outbox.ts';
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
    const kept = await device.load();
    if (!kept || era !== options.era()) return;
    const { session, read, outbox } = kept;
    visitor.found(session);
    if (read >= 0) show({ type: 'read', sender: 'visitor', seq: read });
    options.draft.found(kept.draft, first);
    // Without locks nobody can tell whether the others live.
    const adoptsAll = first && !environment.locks();
    const adopts = (owner: string): boolean => adoptsAll || owner === gone;
    delivery.take(outbox, adopts);
    for (const entry of outbox) if (isFor(entry, visitor.user)) tabs.watch(entry.tab);
  };
}
