/** Tells visitors that the owner is writing: no more often than needed, and that it ended. */
export interface OwnerTyping {
  tell(conversationId: string, active: boolean): void;
  stop(conversationId: string): void;
}

const tellEveryMs = 3_000;
/** A pause in which nothing is typed ends it. */
const endsMs = 6_000;

export function createOwnerTyping(
  send: (conversationId: string, active: boolean) => boolean,
  nowMs: () => number = Date.now,
): OwnerTyping {
  let told: { readonly id: string; readonly atMs: number } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(id: string): void {
    if (told?.id !== id) return;
    clearTimeout(timer);
    told = undefined;
    send(id, false);
  }

  return {
    tell(id, active) {
      if (!active) {
        stop(id);
        return;
      }
      if (told && told.id !== id) stop(told.id);
      clearTimeout(timer);
      timer = setTimeout(() => stop(id), endsMs);
      if (told && nowMs() - told.atMs < tellEveryMs) return;
      if (send(id, true)) told = { id, atMs: nowMs() };
    },
    stop,
  };
}
