/** A moment that tests wait for: `raise()` resolves `raised`, once. */
export interface Flag {
  readonly raised: Promise<void>;
  raise(): void;
}

export function createFlag(): Flag {
  let raise = (): void => undefined;
  const raised = new Promise<void>((resolve) => (raise = resolve));
  return { raised, raise };
}
