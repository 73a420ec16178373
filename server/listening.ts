import type { Config } from './config.ts';
import { StartError } from './start-error.ts';

/** Where a server listens, as an address of this machine. */
export const addressOf = (config: Config, port: number): string => {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${config.tls ? 'https' : 'http'}://${host}:${port}`;
};

/** Why a server cannot listen, and how to mend it. */
export function listenError(error: unknown, { host, port }: Config): Error {
  if (error instanceof StartError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new StartError(
      `PORT: ${port} on ${host} is taken by another program; stop it or set PORT to another`,
    );
  }
  if (code === 'EACCES') {
    return new StartError(
      `PORT: this user may not listen on ${port}; set PORT to 1024 or more, or use a proxy`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`HOST: ${host} is no address of this machine`);
  }
  return error instanceof Error ? error : new Error(String(error));
}
