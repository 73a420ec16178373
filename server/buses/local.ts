import type { Bus, BusEvent, OnError } from '../ports.ts';

/** The bus of a single instance: every event goes to every subscriber at once. */
export function createLocalBus(onError: OnError): Bus {
  const listeners = new Set<(event: BusEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          onError(error, { stage: 'bus' });
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => listeners.clear(),
  };
}
