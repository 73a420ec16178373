/**
 * Loads a module when first asked, and again after a failure. A failed address is remembered by
 * some browsers (https://github.com/whatwg/html/issues/6768), so each try has its own.
 */
export function loadOnce(address: string): () => Promise<unknown> {
  let loading: Promise<unknown> | undefined;
  let tries = 0;
  return () => {
    loading ??= import(/* @vite-ignore */ tries === 0 ? address : `${address}?try=${tries}`).catch(
      (error: unknown) => {
        loading = undefined;
        tries += 1;
        throw error;
      },
    );
    return loading;
  };
}
