import { statusOf } from './chat-state.ts';
import type { Environment } from './environment.ts';
import type { Shown } from './shown.ts';
import type { Connection } from './state/connection.ts';

const patienceMs = 700;

/** Shows how the connection is doing. Call it with every change. */
export function createStatusDisplay(
  environment: Environment,
  shown: Shown,
  current: () => Connection,
): (connection: Connection) => void {
  let cancel = (): void => undefined;

  function display(): void {
    const { closeCode } = current();
    const status = statusOf(current());
    if (status === shown.state.status && closeCode === shown.state.closeCode) return;
    const lost = status === 'online' ? {} : { synced: false, loadingOlder: false };
    shown.update({ status, closeCode, ...lost });
  }

  return (connection) => {
    cancel();
    const cut = shown.state.status === 'online' && statusOf(connection) === 'reconnecting';
    // Most cuts mend before anybody could read a sentence about them.
    if (cut) cancel = environment.after(patienceMs, display);
    else display();
  };
}
