/** What a device keeps for one server, under short keys. Values are plain data. */
export interface Keep {
  /** False while the device refuses: what is kept then ends with the page. */
  readonly durable: boolean;
  /**
   * Everything kept, by key. Looking leaves nothing behind.
   *
   * @returns `undefined` where the device does not say
   */
  all(): Promise<ReadonlyMap<string, unknown> | undefined>;
  /**
   * Keeps a value, or removes it where it is `undefined`. Where the storage is open, the write is
   * under way when this returns: a page that dies in the next instant still has it.
   */
  set(key: string, value: unknown): Promise<void>;
  /** Changes a value as one step that no other tab can come between. @returns the new value */
  update<Value>(key: string, change: (kept: unknown) => Value): Promise<Value>;
  /** Removes everything, and the storage itself. */
  clear(): Promise<void>;
  /** Lets go of the storage until it is used again; nobody has to wait for a page that sleeps. */
  rest(): void;
}
