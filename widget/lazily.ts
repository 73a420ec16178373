/** A module that comes when something needs it. */
export interface Lazy<Module> {
  /** What it is, once it has come. */
  readonly now: Module | undefined;
  /**
   * Asks for it. After a failure something else has to ask: what has asked is not asked again.
   *
   * @param id - what needs it
   * @param came - called once, and not at all where it is there already
   */
  want(id: string, came: () => void): void;
}

export function lazily<Module>(load: () => Promise<Module>): Lazy<Module> {
  const asked = new Set<string>();
  const waiting = new Set<() => void>();
  let now: Module | undefined;
  let loading = false;
  return {
    get now() {
      return now;
    },
    want(id, came) {
      if (now) return;
      waiting.add(came);
      if (asked.has(id)) return;
      asked.add(id);
      if (loading) return;
      loading = true;
      load().then(
        (module) => {
          now = module;
          for (const tell of waiting) tell();
          waiting.clear();
        },
        () => {
          loading = false;
        },
      );
    },
  };
}
