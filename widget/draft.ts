import type { DeviceMemory } from './device-memory.ts';
import type { Shown } from './shown.ts';

/** What stands in the input. The device keeps one for all tabs: the one that was typed last. */
export interface Draft {
  type(draft: string): void;
  /**
   * This is what the device keeps now.
   *
   * @param first - the page has just been opened
   */
  found(draft: string, first: boolean | undefined): void;
  /** @returns what was typed here; the device keeps it no more */
  take(): string;
  forget(): void;
}

export function createDraft(device: DeviceMemory, shown: Shown): Draft {
  /** It was typed here: nothing that another tab does takes it away. */
  let typed = false;
  return {
    type(draft) {
      if (draft === shown.state.draft) return;
      typed = draft !== '';
      shown.update({ draft, full: false });
      void device.keepDraft(draft).then(shown.refresh);
    },
    found(draft, first) {
      if (!typed) shown.update(first || !draft ? { draft } : {});
      // Another tab has sent its own, and with it removed this one.
      else if (!draft) void device.keepDraft(shown.state.draft);
    },
    take() {
      if (!typed) return '';
      void device.keepDraft('');
      return shown.state.draft;
    },
    forget() {
      typed = false;
      shown.update({ draft: '' });
    },
  };
}
